"""What the public must not learn of a session: where families meet, which school has a trouble.

PKK meetings, posyandu and class sessions, meetings in a home, and sessions about extremism that
name a school are guarded: everybody else reads their kind, their kecamatan and their date, nothing
more. The words of speakers and of single dates count as the session's own: they stand on the same
pages. Which kinds and issues these are, the vocabularies say (`members`, `sensitive` in a term's
details).
"""

import re
from collections.abc import Iterable
from typing import Any

from districts.models import Organisation
from districts.terms import terms_of
from events import school_words

HOME_WORDS = re.compile(
    r"\b(rumah(nya)?|rmh|kediaman)\b"
    r"(?!\.?\s+(sakit|dinas|ibadah|adat|jabatan|makan|baca|perlindungan|aman))",
    re.IGNORECASE,
)

# In a sentence the word alone says nothing ("kekerasan dalam rumah tangga"): it is a home where it
# is somebody's, has an address, or is called a residence.
HOMES_IN_SENTENCES = re.compile(
    r"(?i:\b(rumah(nya)?|rmh\.?)\s+(bu|ibu|pak|bapak|bpk|mbak|mas|mba|kak|hj?|haji|ust|ustaz|ustadz?"
    r"|ustadzah|nenek|kakek|mbah|sdri?|saudara|saudari|ketua|kepala|lurah|kades|kadus)\b)"
    r"|(?i:\b(rumah|rmh\.?)(?!\w)[^.\n]{0,60}\b(rt|rw|no|nomor|blok|gang|gg)\b\.?\s*[0-9a-z])"
    r"|(?i:\bkediaman\b(?!\s+(dinas|jabatan)))"
    r"|\b([Dd]i|[Kk]e|[Dd]ari)\s+(rumah|[Rr]mh\.?)\s+"
    r"(?!Sakit|Ibadah|Adat|Makan|Dinas|Aman|Baca)[A-Z][a-z]"
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


def tells_a_home(text: str) -> bool:
    """Whether a sentence says in whose home, or at which address of one."""
    return bool(HOMES_IN_SENTENCES.search(text))


def is_guarded(
    values: dict[str, Any], *, speakers: Iterable[Any] = (), dates: Iterable[Any] = ()
) -> bool:
    """Whether an event with these values (fields of Event) is guarded.

    `speakers` have name, organisation, organisation_name and topic, `dates` title, venue and note
    of their own; both as everybody would read them.
    """
    speakers, dates = list(speakers), list(dates)
    if values["kind"] in members_kinds() or values.get("is_home"):
        return True
    places = [values.get("venue", ""), *(one.venue for one in dates)]
    if any(is_a_home(place) for place in [values.get("address", ""), *places]):
        return True
    told = [values.get(name, "") for name in ("title", "summary", "materials", "cancel_note")]
    told += [text for one in dates for text in (one.title, one.note)]
    told += [text for one in speakers for text in (one.name, one.organisation_name, one.topic)]
    if any(tells_a_home(text) for text in told):
        return True
    if not is_sensitive(values.get("issue_codes")):
        return False
    hosts = [values.get("organiser"), *(one.organisation for one in speakers)]
    hosts = [one for one in hosts if one is not None]
    if any(one.kind == Organisation.Kind.SEKOLAH for one in hosts):
        return True
    return names_a_school([*places, *told, *(one.name for one in hosts)])


def is_sensitive(issue_codes: Iterable[str] | None) -> bool:
    """Whether one of these issues is one with which no school may be named."""
    return not sensitive_issues().isdisjoint(issue_codes or ())


def names_a_school(texts: Iterable[str]) -> bool:
    return any(map(school_words.names_a_school, texts))
