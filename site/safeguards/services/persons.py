"""Export and erasure of everything registered about one person."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from safeguards import audit, registry
from safeguards.models import AuditEntry, Tombstone
from safeguards.services.blanking import blank_rows, remove_files
from safeguards.services.subjects import Subject


@dataclass
class Erasure:
    """What an erasure did: rows per model, and models whose rows others still hold on to."""

    deleted: dict[str, int] = field(default_factory=dict)
    blanked: dict[str, int] = field(default_factory=dict)
    protected: list[str] = field(default_factory=list)


def export_person(
    subject: Any, *, actor_id: int | None = None, site: int | None = None
) -> dict[str, Any]:
    """Return everything registered about a person as plain values, ready for JSON.

    ``subject`` is a user, a user's id, an e-mail address, a telephone number or the key of a
    person who was written down. Keys are model labels, values lists of rows; what the person did
    is there as well. The export itself leaves an audit entry. With ``site``, the id of one, it is
    what the office of that site keeps and nothing of another's.
    """
    who = replace(Subject.of(subject), site=site).completed()
    told: dict[str, Any] = {}
    for entry in registry.entries():
        found = rows_of(entry, who)
        if entry.relations:
            found = found.select_related(*entry.relations)
        rows = [_row(entry, obj) for obj in found.iterator(chunk_size=500)]
        if rows:
            told[entry.model_label] = {"purpose": entry.purpose, "rows": rows}
    for reach in _reaches(who):
        if rows := reach.export(who):
            told[reach.name] = {"purpose": reach.name, "rows": rows}
    if who.user_id is not None and site is None:
        acts = AuditEntry.objects.filter(actor_id=who.user_id).order_by("at")
        told["safeguards.AuditEntry"] = {
            "purpose": "what the account did",
            "rows": list(acts.values("at", "verb", "object_type", "object_id")),
        }
    audit.record(
        verb="person.exported", actor_id=actor_id, obj=None, site=site, subject=_opaque(who)
    )
    return told


@transaction.atomic
def erase_person(
    subject: Any,
    *,
    now: datetime | None = None,
    actor_id: int | None = None,
    site: int | None = None,
) -> Erasure:
    """Delete or blank everything registered about a person and leave a tombstone.

    The tombstone holds digests alone. It makes ``facts.accept`` refuse what arrives late, and
    ``erase_resurrected`` finds whom a restored backup brought back. Doing it twice is harmless.
    With ``site``, the id of one, only rows of that office go, and the tombstone is of the keys
    under which it wrote the person down: the number and the address may be known elsewhere.
    """
    now = now or timezone.now()
    who = replace(Subject.of(subject), site=site).completed()
    buried = who if site is None else Subject(persons=who.persons)
    done = Erasure()
    for digest in buried.digests:
        Tombstone.objects.update_or_create(digest=digest, defaults={"erased_at": now})
    for entry in _in_order():
        erase_rows(entry, rows_of(entry, who), done)
    for reach in _reaches(who):
        if count := reach.erase(who):
            done.deleted[reach.name] = count
    audit.record(
        verb="person.erased",
        actor_id=actor_id,
        obj=None,
        site=site,
        now=now,
        subject=_opaque(who),
        deleted=done.deleted,
        blanked=done.blanked,
        protected=done.protected,
    )
    return done


def is_erased(subject: Any) -> bool:
    """Say whether a person asked to be erased and did not come back since."""
    return Tombstone.objects.filter(digest__in=Subject.of(subject).digests).exists()


def readmit(subject: Any) -> None:
    """Lift the tombstone of somebody who signs up again of their own will."""
    Tombstone.objects.filter(digest__in=Subject.of(subject).digests).delete()


def erase_resurrected(*, now: datetime | None = None) -> int:
    """Erase again whom a restored backup or a late write brought back; return how many users.

    A user who joined after the tombstone is somebody else under a number used again.
    """
    erased_at = dict(Tombstone.objects.values_list("digest", "erased_at"))
    if not erased_at:
        return 0
    users = get_user_model()._default_manager.iterator()
    back = [user.pk for user in users if _is_back(user, erased_at)]
    for pk in back:
        erase_person(pk, now=now)
    for entry in registry.entries():
        for path in entry.subjects:
            if path.endswith("digest"):
                late = entry.model._base_manager.filter(**{f"{path}__in": list(erased_at)})
                erase_rows(entry, late.distinct(), Erasure())
            elif path.endswith("phone"):
                # Whoever writes to us anew with a number has its tombstone lifted first.
                erase_rows(entry, _late(entry, path, erased_at, _by_phone), Erasure())
            elif path.endswith("email") and entry.written:
                erase_rows(entry, _older(entry, path, erased_at), Erasure())
            elif path.endswith("email") and _by_contact_alone(entry):
                # So has an address; rows of accounts went with their users above.
                erase_rows(entry, _late(entry, path, erased_at, _by_email), Erasure())
            elif path.endswith("key"):
                erase_rows(entry, _late(entry, path, erased_at, Subject.of), Erasure())
    return len(back)


def rows_of(entry: registry.Entry, who: Subject) -> models.QuerySet:
    """Return the rows of a registered model about ``who``, of their ``site`` alone if any."""
    wanted = Q()
    for path in entry.subjects:
        last = path.removesuffix("__iexact").rsplit("__", 1)[-1]
        if last.endswith("digest"):
            wanted |= Q(**{f"{path}__in": who.digests})
        elif last.endswith("email"):
            path = path if path.endswith("__iexact") else f"{path}__iexact"
            wanted |= Q(**{path: who.email}) if who.email else Q()
        elif last.endswith("phone"):
            wanted |= Q(**{path: who.phone}) if who.phone else Q()
        elif last == "key":
            wanted |= Q(**{f"{path}__in": who.persons}) if who.persons else Q()
        elif who.user_id is not None:
            wanted |= Q(**{path: who.user_id})
    rows = who.within(entry.model._base_manager.all())
    if not wanted:
        return rows.none()
    # A lookup through a relation may meet a row twice, and DISTINCT can't be deleted.
    return rows.filter(pk__in=rows.filter(wanted).values("pk"))


def erase_rows(entry: registry.Entry, rows: models.QuerySet, done: Erasure) -> int:
    """Delete or blank ``rows`` as their registration says; note it in ``done``."""
    if entry.on_erase == "delete":
        pks = list(rows.values_list("pk", flat=True))
        chosen = entry.model._base_manager.filter(pk__in=pks)
        try:
            with transaction.atomic():
                remove_files(entry, chosen)
                chosen.delete()
        except (models.ProtectedError, models.RestrictedError):
            # Other rows hold on to these: they stay, and say nothing any more.
            done.protected.append(entry.model_label)
        else:
            _note(done.deleted, entry, len(pks))
            return len(pks)
    count = blank_rows(entry, rows)
    _note(done.blanked, entry, count)
    return count


def _by_contact_alone(entry: registry.Entry) -> bool:
    """Whether the people of this model are known by what they gave us to reach them."""
    return all(path.endswith(("email", "phone")) for path in entry.subjects)


def _by_email(address: str) -> Subject:
    return Subject(email=address.strip().lower())


def _by_phone(number: str) -> Subject:
    return Subject(phone=number)


def _late(
    entry: registry.Entry,
    path: str,
    erased_at: dict[str, datetime],
    subject_of: Callable[[Any], Subject],
) -> models.QuerySet:
    """The rows whose value at ``path`` belongs to somebody who was erased."""
    rows = entry.model._base_manager.order_by()
    values = rows.values_list(path, flat=True).distinct().iterator()
    gone = [value for value in values if value and erased_at.keys() & subject_of(value).digests]
    return rows.filter(**{f"{path}__in": gone})


def _older(entry: registry.Entry, path: str, erased_at: dict[str, datetime]) -> models.QuerySet:
    """The rows of an erased address that were written before it was erased.

    The office may write it down anew: that lifts no tombstone, and stays.
    """
    rows = entry.model._base_manager.order_by()
    known = rows.exclude(**{path: ""}).values_list("pk", path, entry.written).iterator()
    gone = [
        pk
        for pk, address, written in known
        for digest in _by_email(address).digests
        if digest in erased_at and written <= erased_at[digest]
    ]
    return rows.filter(pk__in=gone)


def _reaches(who: Subject) -> list[registry.Reach]:
    return [reach for reach in registry.reaches() if who.site is None or reach.heeds_site]


def _note(counts: dict[str, int], entry: registry.Entry, count: int) -> None:
    if count:
        counts[entry.model_label] = counts.get(entry.model_label, 0) + count


def _in_order() -> list[registry.Entry]:
    """Return the entries with the user last: other rows are found through the user's address."""
    user = get_user_model()
    return sorted(registry.entries(), key=lambda entry: entry.model is user)


def _is_back(user: Any, erased_at: dict[str, datetime]) -> bool:
    joined = getattr(user, "date_joined", None)
    return any(
        digest in erased_at and (joined is None or joined <= erased_at[digest])
        for digest in Subject.of(user).digests
    )


def _row(entry: registry.Entry, obj: models.Model) -> dict[str, Any]:
    told = {path.rpartition("__")[2]: _told(obj, path) for path in entry.tells}
    return {"id": obj.pk, **dict(_values(entry, obj)), **told}


def _told(obj: models.Model, path: str) -> Any:
    """What stands at the end of a path, as people read it."""
    *way, last = path.split("__")
    for name in way:
        obj = getattr(obj, name)
        if obj is None:
            return None
    column = obj._meta.get_field(last)
    if column.choices:
        return str(getattr(obj, f"get_{last}_display")())
    value = getattr(obj, last)
    return str(value) if column.is_relation and value is not None else value


def _values(entry: registry.Entry, obj: models.Model) -> Iterator[tuple[str, Any]]:
    for name in entry.fields:
        column = entry.model._meta.get_field(name)
        if column.many_to_many:
            yield name, list(getattr(obj, name).values_list("pk", flat=True))
        elif isinstance(column, models.FileField):
            yield name, str(getattr(obj, name) or "")
        else:
            yield name, getattr(obj, column.attname)


def _opaque(who: Subject) -> list[str]:
    return [digest[:16] for digest in who.digests]
