"""Shared reference data: vocabularies by code and version, and regulations."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from districts.models import Regulation, Term, Vocabulary
from districts.renaming import names_changed
from safeguards import audit

# What a term's row may hold besides; anything else is kept in `details`.
TERM_FIELDS = ("label_id", "label_en", "description", "active")


@dataclass
class Loaded:
    """How many rows a pass created and changed."""

    created: int = 0
    changed: int = 0

    def __bool__(self) -> bool:
        return bool(self.created or self.changed)


@transaction.atomic
def load_vocabulary(
    *,
    code: str,
    version: str,
    name: str,
    terms: Iterable[Mapping[str, Any]],
    source: str = "",
    valid_from: date | None = None,
    current: bool = True,
    overwrite: bool = False,
) -> Loaded:
    """Bring one version of a vocabulary in; safe to repeat.

    A term is a mapping with `code` and `label_id`, perhaps `label_en`, `description` (or
    `description_id`), `active`, and whatever else its source says. Older versions keep their terms;
    `current` makes this one the version in use, once: a version that is stored already and was
    taken out of use stays so. What people have edited is kept unless `overwrite`; then a term that
    is gone from the list is marked inactive, never deleted.
    """
    done = Loaded()
    vocabulary = Vocabulary.objects.filter(code=code, version=version).first()
    if vocabulary is None:
        if current:
            Vocabulary.objects.filter(code=code, is_current=True).update(is_current=False)
        vocabulary = Vocabulary.objects.create(
            code=code,
            version=version,
            name=name,
            source=source,
            valid_from=valid_from,
            is_current=current,
        )
        done.created += 1
    stored = {term.code: term for term in vocabulary.terms.all()}
    new, seen = [], set()
    for position, given in enumerate(terms, start=1):
        values = _term_values(given, position)
        seen.add(values["code"])
        term = stored.get(values["code"])
        if term is None:
            new.append(Term(vocabulary=vocabulary, **values))
        elif overwrite:
            done.changed += _change(term, values)
    Term.objects.bulk_create(new)
    done.created += len(new)
    if overwrite:
        done.changed += (
            vocabulary.terms.filter(active=True).exclude(code__in=seen).update(active=False)
        )
    if done.created or done.changed:
        names_changed("vocabulary", [vocabulary.pk])
    return done


@transaction.atomic
def use_version(vocabulary: Vocabulary, *, actor: Any = None) -> None:
    """Make this version the one in use; all others of its code stay as they are, out of use.

    Raises ValidationError for one without terms: forms would have nothing to choose from.
    """
    if not vocabulary.terms.filter(active=True).exists():
        raise ValidationError(_("This version has no terms yet, so it can't be in use."))
    # Of two versions that are put in use at once the later one stays.
    list(Vocabulary.objects.select_for_update().filter(code=vocabulary.code))
    Vocabulary.objects.filter(code=vocabulary.code, is_current=True).exclude(
        pk=vocabulary.pk
    ).update(is_current=False)
    vocabulary.is_current = True
    vocabulary.save(update_fields=["is_current"])
    audit.record(
        verb="vocabulary.used",
        actor_id=getattr(actor, "pk", None),
        obj=vocabulary,
        code=vocabulary.code,
        version=vocabulary.version,
    )


@transaction.atomic
def load_regulations(rows: Iterable[Mapping[str, Any]], *, overwrite: bool = False) -> Loaded:
    """Bring regulations in by `code`; `successor` is the code of another one.

    Safe to repeat; what people have edited is kept unless `overwrite`. Raises KeyError when a
    successor is neither in the rows nor stored.
    """
    done, successors = Loaded(), {}
    for row in rows:
        values = {
            "title": row["title"],
            "number": row["number"],
            "year": int(row["year"]),
            "status": row["status"],
            "note": row.get("note") or "",
            "source": row.get("source") or "",
        }
        regulation = Regulation.objects.filter(code=row["code"]).first()
        if regulation is None:
            regulation = Regulation.objects.create(code=row["code"], **values)
            done.created += 1
        elif overwrite:
            done.changed += _change(regulation, values)
        else:
            continue
        successors[regulation] = row.get("successor")
    stored = {regulation.code: regulation for regulation in Regulation.objects.all()}
    for regulation, successor in successors.items():
        if successor:
            _change(regulation, {"successor": stored[successor]})
    return done


def _term_values(given: Mapping[str, Any], position: int) -> dict[str, Any]:
    rest = dict(given)
    values = {"code": str(rest.pop("code")), "position": position}
    if "description_id" in rest:
        rest["description"] = rest.pop("description_id")
    for name in TERM_FIELDS:
        if name in rest:
            values[name] = rest.pop(name)
    return {**values, "details": rest}


def _change(record: Any, values: dict[str, Any]) -> bool:
    """Save what differs; returns whether anything did."""
    changed = [name for name, value in values.items() if getattr(record, name) != value]
    for name in changed:
        setattr(record, name, values[name])
    if changed:
        record.save(update_fields=changed)
    return bool(changed)
