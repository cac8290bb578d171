"""What is told of a person who came: read, judged and folded, before anything is written."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from events.attendance import ages
from events.models import Sex
from safeguards.facts import Refused, canonical_hash
from safeguards.identifiers import refuse_identity_numbers
from safeguards.phones import e164

LONGEST = {"name": 120, "organisation_name": 160, "position": 80, "consent": 80}
# Marks that turn the direction of writing, and others that nobody sees.
UNSEEN = {"Cf", "Cc", "Cs", "Co", "Cn", "Zl", "Zp"}


@dataclass(frozen=True)
class Person:
    """A person as somebody told of them; with nothing but a `key`, somebody known already.

    `organisation` is a number of the directory, `region` a code. `disability` is kept only with
    `disability_agreed`; `consent` says where a guardian's signed paper lies.
    """

    key: UUID
    name: str = ""
    sex: str = ""
    age_group: str = ""
    organisation: int | None = None
    organisation_name: str = ""
    position: str = ""
    region: str = ""
    phone: str = ""
    disability: bool | None = None
    disability_agreed: bool = False
    consent: str = ""

    @property
    def is_told(self) -> bool:
        return bool(self.name)


def person_of(told: Mapping[str, Any]) -> Person:
    """Of the `person` of a fact; raises KeyError, TypeError or ValueError where it can't be read.

    A wrong value within a field is for `cleaned` to refuse.
    """
    known = {name: told[name] for name in Person.__dataclass_fields__ if name in told}
    known["key"] = UUID(str(told["key"]))
    for name, value in known.items():
        if name in {"key", "organisation", "disability", "disability_agreed"}:
            continue
        if not isinstance(value, str):
            raise TypeError(name)
    if not isinstance(known.get("disability"), bool | None):
        raise TypeError("disability")
    organisation = known.get("organisation")
    if isinstance(organisation, bool) or not isinstance(organisation, int | None):
        raise TypeError("organisation")
    known["disability_agreed"] = known.get("disability_agreed") is True
    return Person(**known)


def cleaned(person: Person) -> Person:
    """The person with plain texts and a phone as E.164; raises Refused, in words."""
    if not person.name:
        return person if person == Person(person.key) else Person(person.key)
    texts = {name: plain(getattr(person, name)) for name in LONGEST}
    for name, text in texts.items():
        if len(text) > LONGEST[name]:
            raise Refused(
                _("This text is too long: at most %(most)d signs.") % {"most": LONGEST[name]}
            )
    if not texts["name"]:
        return Person(person.key)
    try:
        for text in (*texts.values(), person.phone[:60], person.age_group):
            refuse_identity_numbers(text)
    except ValidationError as fault:
        raise Refused(" ".join(fault.messages)) from fault
    if not any(sign.isalpha() for sign in texts["name"]):
        raise Refused(_("Please write a name."))
    if person.sex not in Sex.values:
        raise Refused(_("Please say whether the person is male (L) or female (P)."))
    if not ages.is_known(person.age_group):
        raise Refused(_("Please choose the age group of the person."))
    typed = plain(person.phone)
    phone = e164(typed) if typed else ""
    if typed and not phone:
        raise Refused(
            _("This is not a telephone number. Write it as you dial it, or leave it out.")
        )
    if person.disability is not None and not person.disability_agreed:
        raise Refused(_("A disability is written down only if the person agrees to that."))
    if ages.is_minors(person.age_group) and phone:
        raise Refused(_("No telephone numbers of children are kept. Please leave it out."))
    return replace(person, **texts, phone=phone)


def plain(text: str) -> str:
    """One line in composed form, without what nobody sees; 100,000 signs are cut before that."""
    shown = unicodedata.normalize("NFC", str(text)[:1_000])
    shown = "".join(" " if sign in "\t\n\r" else sign for sign in shown)
    return " ".join("".join(s for s in shown if unicodedata.category(s) not in UNSEEN).split())


def folded(name: str) -> str:
    """As names are compared: small letters, no accents, no dots or commas."""
    bare = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return " ".join("".join(sign if sign.isalnum() else " " for sign in bare).split())[:120]


def words_of(person: Person) -> str | None:
    """A keyed digest of what was told of a person, for a fact that names nobody."""
    if not person.is_told:
        return None
    told = canonical_hash(
        {name: getattr(person, name) for name in Person.__dataclass_fields__ if name != "key"}
    )
    made = salted_hmac("events.attendance.words", told, algorithm="sha256").digest()
    # As a UUID: one in some hundred longer digests holds ten digits that pass for a NISN.
    return str(UUID(bytes=made[:16]))


def registered_key(registration: Any) -> UUID:
    """The key of whoever comes with this registration: scanned twice, they are one person."""
    return uuid5(registration.key, f"hadir {registration.pk}")


def key_at(occurrence: Any, person: Person) -> UUID:
    """The key of somebody who checks in by themselves: the same words again are the same person."""
    words = words_of(replace(person, consent="", disability=None, disability_agreed=False))
    told = f"{occurrence.key} {words}"
    made = salted_hmac("events.attendance.person", told, algorithm="sha256").digest()
    return UUID(bytes=made[:16], version=4)


def repeated_key(key: UUID, number: int) -> UUID:
    """The key of somebody else with the very words of `key`, on the same list for the
    (number + 1)th time: the list again tells of the same people."""
    return uuid5(key, f"ulang {number}") if number else key
