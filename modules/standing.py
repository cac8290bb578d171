"""Which review counts for a module in a district, and for which words it was given.

The newest entry of the district's own office counts; where it has none, or took it back, that of
its province, then the nation's. A signature counts for the text that the specialist read: one for
a later draft takes nothing from the one before, for the words that readers still have.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from districts.models import District
from districts.scoping import offices_above
from modules.models import ModulePage, SignOff
from modules.wording import draft_digests, published_digests
from safeguards import generation

Verdict, Level = SignOff.Verdict, District.Level
# Nearest first.
LEVELS = (Level.KABUPATEN, Level.PROVINSI, Level.NASIONAL)

# A module wherever it is shown: translation key and language of its source.
Module = tuple[UUID, str]


@dataclass(frozen=True)
class Entry:
    """A sign-off as pages show it."""

    verdict: str
    name: str
    office: str
    role: str
    day: date
    version: str
    text_digest: str
    note: str
    level: str
    # Signatures of the same office before it, the newest first, that nothing else came after.
    earlier: tuple["Entry", ...] = ()

    def is_about(self, text_digest: str, version: str) -> bool:
        """Whether it was given for this text; by the version where nobody kept the words."""
        if self.text_digest:
            return self.text_digest == text_digest
        return self.version == version

    def about(self, text_digest: str, version: str) -> "Entry | None":
        """The newest signature that was given for this text."""
        if self.is_about(text_digest, version):
            return self
        of_words = (one for one in self.earlier if one.text_digest)
        return next((one for one in of_words if one.text_digest == text_digest), None)


@dataclass(frozen=True)
class Review:
    """What counts for one text. `signed`: a named specialist's, whether or not for these words."""

    signed: Entry | None = None
    is_changed: bool = False
    # Of the district's own office: it keeps the module from its list and from new sessions.
    objection: Entry | None = None
    # Of its province or the nation: their signature does not count here, and members are told.
    doubted: Entry | None = None

    @property
    def is_reviewed(self) -> bool:
        return self.signed is not None and not self.is_changed

    @property
    def told(self) -> str:
        """In a few words, for every place that names the review; "" where it holds."""
        if self.signed is None:
            return _("Not yet reviewed by a specialist")
        return _("Changed since it was reviewed") if self.is_changed else ""

    @property
    def by(self) -> str:
        """Who, of which office and when, in one line; "" for nobody."""
        one = self.signed
        if one is None:
            return ""
        who = ", ".join(filter(None, [one.name, one.role, one.office]))
        return f"{who}, {date_format(one.day, 'j F Y')}"

    @property
    def signed_by_level(self) -> str:
        return level_in_words(self.signed)

    @property
    def doubted_by_level(self) -> str:
        return level_in_words(self.doubted)

    @property
    def line(self) -> str:
        """All of it in one line."""
        if not self.is_changed:
            return self.by or self.told
        said = _("%(who)s, for version %(version)s; changed since")
        return said % {"who": self.by, "version": self.signed.version}


NONE = Review()


def level_in_words(entry: Entry | None) -> str:
    """Whose review it is; "" for nobody's."""
    return str(Level(entry.level).label) if entry is not None and entry.level else ""


def standings(district: District | None) -> Mapping[Module, Entry]:
    """The entry that counts here for each module that has one; one query, remembered."""
    if district is None:
        return {}
    return generation.remembered(("sign-offs", district.pk), lambda: read_standings(district))


def read_standings(district: District) -> dict[Module, Entry]:
    """As `standings`, from the database: for what is written."""
    heard = Q(district=district) | offices_above(district)
    rows = SignOff.objects.filter(heard).order_by("number").select_related("district")
    newest: dict[Module, dict[str, Entry]] = {}
    for row in rows:
        by_level = newest.setdefault((row.module_key, row.language), {})
        by_level[row.district.level] = _after(by_level.get(row.district.level), _entry(row))
    found = {module: _nearest(by_level) for module, by_level in newest.items()}
    return {module: entry for module, entry in found.items() if entry is not None}


def review_of(
    page: ModulePage,
    district: District | None,
    *,
    module: Module,
    text_digest: str,
    known: Mapping[Module, Entry] | None = None,
) -> Review:
    """What counts in this district for a text of the module; no query where it is remembered.

    On a site without offices nobody signs, and what the page says of its reviewer counts.
    """
    if district is None:
        return _of_fields(page)
    entry = (standings(district) if known is None else known).get(module)
    if entry is None:
        return NONE
    if entry.verdict == Verdict.OBJECTS:
        own = entry.level == district.level
        return Review(objection=entry) if own else Review(doubted=entry)
    fitting = entry.about(text_digest, page.version)
    return Review(signed=fitting or entry, is_changed=fitting is None)


def reviews_of(
    pages: Iterable[ModulePage],
    district: District | None,
    known: Mapping[Module, Entry] | None = None,
) -> dict[int, Review]:
    """By page, of modules that are shown here; one query for the lessons of those with an entry.

    What no reader has is judged as it was last saved.

    `known`: `read_standings`, for those who may have written one just now.
    """
    pages, known = list(pages), standings(district) if known is None else known
    told = {page.pk: module_of(page) for page in pages}
    judged = [page for page in pages if told[page.pk] in known]
    drafts = [page for page in judged if not page.live and not page.alias_of_id]
    digests = published_digests(page for page in judged if page.live or page.alias_of_id)
    digests |= draft_digests(drafts)
    return {
        page.pk: review_of(
            page,
            district,
            module=told[page.pk],
            text_digest=digests.get(page.pk, ""),
            known=known,
        )
        for page in pages
    }


def objection_to(page: ModulePage, district: District | None) -> Entry | None:
    """Why the district's own office keeps the module from its readers and from new sessions."""
    entry = standings(district).get(module_of(page)) if district else None
    return entry if is_objection(entry, district) else None


def is_objection(entry: Entry | None, district: District) -> bool:
    return entry is not None and entry.verdict == Verdict.OBJECTS and entry.level == district.level


def objected_in(district: District | None) -> set[Module]:
    if district is None:
        return set()
    return {one for one, entry in standings(district).items() if is_objection(entry, district)}


def module_of(page: ModulePage) -> Module:
    """By the source behind an alias; of a page read with `alias_of` and `locale`, no query."""
    source = page.alias_of if page.alias_of_id else page
    return source.translation_key, page.locale.language_code


def _entry(row: SignOff) -> Entry:
    return Entry(
        verdict=row.verdict,
        name=row.signed_name,
        office=row.signed_office,
        role=row.signed_role,
        day=row.day,
        version=row.version,
        text_digest=row.text_digest,
        note=row.note,
        level=row.district.level,
    )


def _after(before: Entry | None, entry: Entry) -> Entry:
    """The entry, with the signatures before it that still stand."""
    if before is None or {before.verdict, entry.verdict} != {Verdict.SIGNED}:
        return entry
    if not entry.name:
        # Whose name was erased signs nothing, and takes nothing away either.
        return before
    earlier = (replace(before, earlier=()), *before.earlier) if before.name else before.earlier
    return replace(entry, earlier=earlier)


def _of_fields(page: ModulePage) -> Review:
    if not page.is_reviewed:
        return NONE
    said = {"office": "", "role": "", "text_digest": "", "note": "", "level": ""}
    day, version = page.reviewed_on, page.version
    entry = Entry(Verdict.SIGNED, name=page.reviewer, day=day, version=version, **said)
    return Review(signed=entry)


def _nearest(by_level: Mapping[str, Entry]) -> Entry | None:
    return next((by_level[level] for level in LEVELS if _counts(by_level.get(level))), None)


def _counts(entry: Any) -> bool:
    """A name that was erased, or is kept no longer, signs nothing."""
    if entry is None or entry.verdict == Verdict.WITHDRAWN:
        return False
    return entry.verdict == Verdict.OBJECTS or bool(entry.name)
