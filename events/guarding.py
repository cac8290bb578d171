"""What the public must not learn of a session: where families meet, which school has a trouble.

PKK meetings, posyandu and class sessions, meetings in a home, and sessions about extremism that
name a school are guarded: everybody else reads their kind, their kecamatan and their date, nothing
more. Which kinds and issues these are, the vocabularies say (`members`, `sensitive` in a term's
details).
"""

import re
from collections.abc import Iterable
from typing import Any

from districts.models import Organisation
from districts.terms import terms_of

SCHOOL_WORDS = re.compile(
    r"\b(sd|smp|sma|smk|slb|sdn|smpn|sman|smkn|mi|min|mts|mtsn|ma|man|paud|tk|ra|madrasah|sekolah"
    r"|pesantren|pondok|school)\b",
    re.IGNORECASE,
)
HOME_WORDS = re.compile(
    r"\b(rumah|kediaman)\b(?!\s+(sakit|dinas|ibadah|adat|jabatan|makan|baca|perlindungan|aman))",
    re.IGNORECASE,
)


def members_kinds() -> frozenset[str]:
    """Codes of kinds of session that are for members."""
    return frozenset(term.code for term in terms_of("event_type") if term.details.get("members"))


def sensitive_issues() -> frozenset[str]:
    """Codes of issues with which no school may be named."""
    return frozenset(term.code for term in terms_of("issue_area") if term.details.get("sensitive"))


def is_a_home(venue: str) -> bool:
    """Whether the place reads like somebody's home."""
    return bool(HOME_WORDS.search(venue))


def is_guarded(values: dict[str, Any]) -> bool:
    """Whether an event with these values (fields of Event) is guarded."""
    if values["kind"] in members_kinds() or values.get("is_home"):
        return True
    if is_a_home(values.get("venue", "")) or is_a_home(values.get("address", "")):
        return True
    if not sensitive_issues().intersection(values.get("issue_codes") or ()):
        return False
    organiser = values.get("organiser")
    if organiser is not None and organiser.kind == Organisation.Kind.SEKOLAH:
        return True
    return names_a_school(values.get(name, "") for name in ("title", "venue", "summary"))


def names_a_school(texts: Iterable[str]) -> bool:
    return any(SCHOOL_WORDS.search(text) for text in texts)
