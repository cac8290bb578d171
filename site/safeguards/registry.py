"""Which fields hold personal data, why, for how long, and how they are reached per person.

Each app tells it in a ``personal_data.py`` that its ``AppConfig.ready()`` imports::

    register(
        "districts.Membership",
        fields=("user",),
        purpose="who works for the office, in which role",
        retention=timedelta(days=365),
        clock="ended_at",
        owner="district",
        subject="user_id",
        on_erase="delete",
        tells=("role", "organisation", "ended_at"),
    )

What only looks personal is exempted, with the reason.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from safeguards.columns import can_be_blank

PERSONAL_WORDS = frozenset(
    {
        *("name", "nama", "fullname", "firstname", "lastname", "surname", "nickname", "username"),
        *("email", "mail", "phone", "telephone", "mobile", "hp", "telepon", "telp", "ponsel"),
        *("whatsapp", "wa", "address", "alamat", "contact", "kontak"),
        *("birth", "birthday", "birthdate", "born", "dob", "lahir", "age", "umur", "usia"),
        *("nik", "nisn", "nip", "ktp", "kk", "passport", "gender", "religion", "agama"),
        *("ip", "photo", "foto", "face", "wajah", "signature", "latitude", "longitude"),
        *("guardian", "wali", "disability", "disabilitas"),
    }
)
_WORDS = re.compile(r"[a-z]+")
_HOLDS_TEXT_OR_DATES = (
    models.CharField,
    models.TextField,
    models.DateField,
    models.JSONField,
    models.FileField,
    models.IntegerField,
    models.FloatField,
    models.DecimalField,
    models.BinaryField,
)


@dataclass(frozen=True)
class Sooner:
    """Rows of a model that are not kept as long as the others: those that `rows` selects.

    So long `after` the clock each is ended by `end(row, now)`, which returns whether it did. `name`
    is what the purge calls them.
    """

    name: str
    rows: Mapping[str, Any]
    after: timedelta
    end: Callable[[Any, datetime], bool]


@dataclass(frozen=True)
class Entry:
    """One model's personal data.

    ``retention`` counts from the date field ``clock``; ``None`` keeps rows until somebody acts.
    Rows whose clock never started are abandoned: ``abandoned`` names a date field and how long
    after it they go. ``subject`` is a lookup, or several, that reaches the person: one that ends
    in ``email`` meets the e-mail address, one in ``phone`` the telephone number as E.164, one in
    ``digest`` the keyed digest, any other the user's id. Where others write an address down,
    ``written`` names the date field that says when: a row that is older than the erasure of its
    address came back with a restored backup. ``sooner`` is for rows that end before the others.
    ``tells`` are columns, some through relations (``occurrence__day``), without which an export of
    the row says nothing: names and labels, not numbers. They hold no personal data of their own and
    are not blanked.
    """

    model_label: str
    fields: tuple[str, ...]
    purpose: str
    retention: timedelta | None
    clock: str
    owner: str
    subject: str | tuple[str, ...]
    on_erase: Literal["delete", "blank"]
    abandoned: tuple[str, timedelta] | None = None
    written: str = ""
    sooner: Sooner | None = None
    tells: tuple[str, ...] = ()

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.model_label)

    @property
    def subjects(self) -> tuple[str, ...]:
        return (self.subject,) if isinstance(self.subject, str) else tuple(self.subject)

    @property
    def relations(self) -> list[str]:
        """What ``tells`` leads through, for ``select_related``."""
        found = []
        for path in self.tells:
            *way, last = columns_on(self.model, path)
            names = [column.name for column in way]
            if last.is_relation:
                names.append(last.name)
            if names:
                found.append("__".join(names))
        return found


@dataclass(frozen=True)
class Reach:
    """A place outside the tables of the registry: a queue, a cache, a folder of exports.

    ``heeds_site`` is for one that keeps to the ``site`` of a ``Subject``, or that reads and changes
    nothing personal, whichever office it touches; any other is left alone where an office asks for
    its own rows.
    """

    name: str
    export: Callable[[Any], list[dict]]
    erase: Callable[[Any], int]
    heeds_site: bool = False


_entries: dict[str, Entry] = {}
_exempt: dict[tuple[str, str], str] = {}
_reaches: dict[str, Reach] = {}
_identities: dict[str, Callable[[Any], Any]] = {}


def register(
    model_label: str,
    *,
    fields: tuple[str, ...],
    purpose: str,
    retention: timedelta | None,
    clock: str,
    owner: str,
    subject: str | tuple[str, ...],
    on_erase: Literal["delete", "blank"],
    abandoned: tuple[str, timedelta] | None = None,
    written: str = "",
    sooner: Sooner | None = None,
    tells: tuple[str, ...] = (),
) -> None:
    """Tell that ``fields`` of a model hold personal data; a second call replaces the first."""
    if on_erase not in {"delete", "blank"}:
        raise ValueError(f"{model_label}: on_erase is 'delete' or 'blank', not {on_erase!r}")
    if not purpose.strip() or not owner.strip():
        raise ValueError(f"{model_label}: purpose and owner are said in words")
    _entries[model_label.lower()] = Entry(
        model_label,
        tuple(fields),
        purpose,
        retention,
        clock,
        owner,
        subject,
        on_erase,
        abandoned,
        written,
        sooner,
        tuple(tells),
    )


def exempt(model_label: str, *fields: str, because: str) -> None:
    """Tell that fields with a personal-looking name hold nothing personal, and why."""
    if not because.strip():
        raise ValueError(f"{model_label}: an exemption needs its reason")
    for field in fields:
        _exempt[model_label.lower(), field] = because


def register_reach(
    name: str,
    *,
    export: Callable[[Any], list[dict]],
    erase: Callable[[Any], int],
    heeds_site: bool = False,
) -> None:
    """Add a place that export and erase visit as well; both are given a ``Subject``."""
    _reaches[name] = Reach(name, export, erase, heeds_site)


def register_identity(name: str, widen: Callable[[Any], Any]) -> None:
    """Have a ``Subject`` completed before export and erasure: ``widen`` returns one that knows
    more of the same person, such as the keys under which a telephone number was written down."""
    _identities[name] = widen


def identities() -> list[Callable[[Any], Any]]:
    return [_identities[name] for name in sorted(_identities)]


def entries() -> list[Entry]:
    """Return what was registered, by model label."""
    return [_entries[label] for label in sorted(_entries)]


def exemptions() -> dict[tuple[str, str], str]:
    """Return the reasons by (model label in lower case, field)."""
    return dict(_exempt)


def reaches() -> list[Reach]:
    """Return the places outside the tables, by name."""
    return [_reaches[name] for name in sorted(_reaches)]


def unregistered() -> list[str]:
    """Return ``app.Model.field`` for what looks personal and is neither registered nor exempt."""
    found = []
    for model in _our_models():
        label = model._meta.label.lower()
        entry = _entries.get(label)
        covered = set()
        if entry:
            covered = {*entry.fields, *(path.split("__")[0] for path in entry.subjects)}
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            if field.name in covered or getattr(field, "attname", None) in covered:
                continue
            if (label, field.name) not in _exempt and looks_personal(field):
                found.append(f"{model._meta.label}.{field.name}")
    return sorted(found)


def faults() -> list[str]:
    """Return what registrations and exemptions say about models and fields that do not exist."""
    found = []
    for entry in entries():
        try:
            model = entry.model
        except LookupError:
            found.append(f"{entry.model_label}: no such model")
            continue
        wanted = [*entry.fields, *([entry.clock] if entry.retention is not None else [])]
        wanted += [path.split("__")[0] for path in entry.subjects]
        wanted += [entry.abandoned[0]] if entry.abandoned else []
        wanted += [entry.written] if entry.written else []
        wanted += [*entry.sooner.rows] if entry.sooner else []
        missing = [name for name in wanted if not _has(model, name)]
        missing += [path for path in entry.tells if not _leads_to_a_column(model, path)]
        found += [f"{entry.model_label}: no field {name}" for name in missing]
        if entry.on_erase == "blank":
            fields = [model._meta.get_field(name) for name in entry.fields if name not in missing]
            stuck = [field.name for field in fields if not can_be_blank(field)]
            found += [f"{entry.model_label}: {name} can't be blank" for name in stuck]
    for label, name in sorted(_exempt):
        try:
            model = apps.get_model(label)
        except LookupError:
            found.append(f"{label}: no such model")
            continue
        if not _has(model, name):
            found.append(f"{model._meta.label}: no field {name}")
    return found


def looks_personal(field: models.Field) -> bool:
    """Guess from a field's type and name whether it holds something about a person."""
    if isinstance(field, models.EmailField | models.GenericIPAddressField):
        return True
    if field.is_relation:
        related = field.related_model
        return related is not None and related._meta.label == _user_label()
    if isinstance(field, models.BooleanField):
        return False
    if not isinstance(field, _HOLDS_TEXT_OR_DATES):
        return False
    return not PERSONAL_WORDS.isdisjoint(_WORDS.findall(field.name.lower()))


def columns_on(model: type[models.Model], path: str) -> list[models.Field]:
    """The columns that a path such as ``occurrence__day`` passes, the last one included.

    Raises FieldDoesNotExist.
    """
    passed = []
    for name in path.split("__"):
        if model is None:
            raise FieldDoesNotExist(path)
        passed.append(model._meta.get_field(name))
        model = passed[-1].related_model
    return passed


def _leads_to_a_column(model: type[models.Model], path: str) -> bool:
    try:
        return all(column.concrete for column in columns_on(model, path))
    except FieldDoesNotExist:
        return False


def _user_label() -> str:
    return apps.get_model(settings.AUTH_USER_MODEL)._meta.label


def _has(model: type[models.Model], name: str) -> bool:
    fields = model._meta.get_fields()
    names = {n for f in fields for n in (f.name, getattr(f, "attname", None))}
    return name in names or name == "pk"


def _our_models() -> Iterator[type[models.Model]]:
    labels = getattr(settings, "SAFEGUARDS_PERSONAL_DATA_APPS", None)
    for config in apps.get_app_configs():
        if config.label in labels if labels is not None else _is_ours(config):
            for model in config.get_models():
                if not model._meta.proxy and not model._meta.swapped:
                    yield model


def _is_ours(config: AppConfig) -> bool:
    """Take for ours what was not installed into a Python environment."""
    return {"site-packages", "dist-packages"}.isdisjoint(Path(config.path).resolve().parts)
