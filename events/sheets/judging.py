"""Lines of a sheet as people who came: what is wrong by row and column, who may be somebody known.

Nothing is written here. Who is known under nearly the same name is proposed; a human decides.
"""

import re
from collections import defaultdict
from collections.abc import Container, Iterator
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from districts.models import Organisation
from events.attendance import ages
from events.attendance.duplicates import bare_name, is_alike
from events.attendance.persons import Person, cleaned, folded, key_at, repeated_key
from events.attendance.places import places_of
from events.attendance.roll import MOST_MERGES
from events.models import Attendance, Occurrence, Participant, Sex, Status
from events.services.participants import no_consent
from events.services.planning import settings_of
from events.sheets.layout import NO, STATUS_WORDS, YES
from events.sheets.reading import Line
from safeguards.facts import Refused
from safeguards.identifiers import contains_identity_number
from safeguards.phones import e164

NEW = "baru"
MOST_PROPOSED = 5
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})$")
_SEXES = {"laki": Sex.MALE, "laki-laki": Sex.MALE, "perempuan": Sex.FEMALE, "wanita": Sex.FEMALE}
_TRUE = {"ya", "y", "yes", "1", "v", "x"}
_FALSE = {"tidak", "t", "no", "0", "-"}


@dataclass(frozen=True)
class Known:
    """Somebody who may be meant: already known, or of a row above. `is_same` is the same name."""

    key: UUID
    label: str
    is_same: bool


@dataclass
class Judged:
    """A line, the person it tells of, and who they may be; `there` says they are recorded."""

    line: Line
    person: Person | None = None
    status: str = ""
    proposed: list[Known] = field(default_factory=list)
    is_known: bool = False
    there: bool = False

    @property
    def number(self) -> int:
        return self.line.number

    @property
    def faults(self) -> dict[str, str]:
        return self.line.faults

    @property
    def is_good(self) -> bool:
        return not self.faults

    @property
    def needs_deciding(self) -> bool:
        return self.is_good and bool(self.proposed)

    @property
    def suggested(self) -> str:
        """What is chosen until somebody chooses: one person of just this name, else nothing.

        Who stands twice on one list may well be two.
        """
        if self.line.repeat:
            return ""
        same = [one for one in self.proposed if one.is_same]
        return str(same[0].key) if len(same) == 1 == len(self.proposed) else ""

    def fact_key(self, occurrence: Occurrence) -> UUID:
        """The same line with the same decision is the same fact, in whatever file it comes."""
        cells = "\n".join(f"{name}={text}" for name, text in sorted(self.told.items()))
        if self.line.repeat:
            cells += f"\nulang={self.line.repeat}"
        return uuid5(occurrence.key, f"impor {self.person.key} {self.status}\n{cells}")

    @property
    def told(self) -> dict[str, str]:
        return {name: text for name, text in self.line.cells.items() if text and name != "baris"}


def judge(lines: list[Line], occurrence: Occurrence) -> list[Judged]:
    """A few queries, however many lines. `occurrence` comes with its event and district."""
    places = _Places(occurrence)
    people = _People(occurrence)
    found = []
    for line in lines:
        one = Judged(line)
        found.append(one)
        _refuse_identity(line)
        _read(one, places, occurrence)
        if one.is_good:
            people.place(one)
    return found


def decided(one: Judged, choice: str) -> Judged | None:
    """The line once somebody chose who is meant; None while nobody did, or chose a stranger."""
    if not one.needs_deciding:
        return one
    if choice == NEW:
        return one
    if any(str(known.key) == choice for known in one.proposed):
        # The words of whoever is known stay; a sheet does not overwrite them.
        return replace(one, person=Person(UUID(choice)))
    return None


def _refuse_identity(line: Line) -> None:
    for name, text in line.cells.items():
        if name != "kunci" and (kind := contains_identity_number(text)):
            line.faults[name] = _(
                "This looks like an identity number (%(kind)s). We do not keep those; leave it out."
            ) % {"kind": kind.upper()}
            line.cells[name] = _("(taken out)")


class _Places:
    """What the words of a sheet mean in this office."""

    def __init__(self, occurrence: Occurrence):
        district = occurrence.event.district
        self.names_minors = settings_of(district).names_minors
        self.ages = ages.age_groups()
        self.age_labels = {label.casefold(): code for code, label in self.ages.items()}
        self.organisations = {
            name.casefold(): pk
            for pk, name in Organisation.objects.for_district(district).values_list("pk", "name")
        }
        self.regions = places_of(district)

    def age(self, text: str) -> str:
        """A code for a code, a label, a number of years, or what a spreadsheet made of a code."""
        text = text.casefold().replace("–", "-").replace(" - ", "-")
        if not self.ages:
            return text if ages.is_known(text) else ""
        if day := _DAY.match(text):
            month, number = int(day[2]), int(day[3])
            text = next(
                (c for c in (f"{number}-{month}", f"{month}-{number}") if c in self.ages), ""
            )
        bare = text.removesuffix("tahun").removesuffix("th").strip()
        for code in (text, bare):
            if code in self.ages:
                return code
        if text in self.age_labels:
            return self.age_labels[text]
        if bare.isascii() and bare.isdecimal() and len(bare) <= 3:
            return self._band(int(bare))
        return ""

    def _band(self, years: int) -> str:
        for code in self.ages:
            numbers = [int(number) for number in re.findall(r"\d+", code)]
            last = numbers[1] if len(numbers) > 1 else 130 if numbers else -1
            if numbers and numbers[0] <= years <= last:
                return code
        return ""


def _read(one: Judged, places: _Places, occurrence: Occurrence) -> None:
    cells, faults = one.line.cells, one.line.faults
    sex = cells["l/p"].upper()
    sex = sex if sex in Sex.values else _SEXES.get(cells["l/p"].casefold(), "")
    age = places.age(cells["kelompok umur"])
    status = _status(cells.get("status", ""))
    if not cells["nama"]:
        faults.setdefault("nama", _("Please write a name."))
    if not sex:
        faults.setdefault("l/p", _("Please write L (male) or P (female)."))
    if not age:
        words = ", ".join(places.ages)
        faults.setdefault(
            "kelompok umur", _("Please write one of these: %(ages)s.") % {"ages": words}
        )
    if not status:
        words = ", ".join(STATUS_WORDS.values())
        faults.setdefault("status", _("Please write one of these: %(words)s.") % {"words": words})
    region = _region(cells.get("wilayah", ""), places, faults)
    disability = _yes_or_no(cells, "disabilitas", faults)
    agreed = _yes_or_no(cells, "disabilitas disetujui", faults)
    if disability is not None and not agreed:
        faults.setdefault(
            "disabilitas disetujui",
            _("A disability is written down only if the person agrees to that."),
        )
    phone = cells.get("telepon", "")
    if phone and not e164(phone):
        faults.setdefault(
            "telepon",
            _("This is not a telephone number. Write it as you dial it, or leave it out."),
        )
    consent = cells.get("persetujuan wali", "")
    if age and ages.is_minors(age) and not (consent and places.names_minors):
        faults.setdefault("persetujuan wali", no_consent().reason)
    if faults:
        return
    organisation = cells.get("lembaga", "")
    person = Person(
        key=occurrence.key,
        name=cells["nama"],
        sex=sex,
        age_group=age,
        organisation=places.organisations.get(organisation.casefold()),
        organisation_name=organisation,
        position=cells.get("jabatan", ""),
        region=region,
        phone=phone,
        disability=disability,
        disability_agreed=bool(agreed),
        consent=consent,
    )
    try:
        person = cleaned(person)
    except Refused as refusal:
        faults["nama"] = refusal.reason
        return
    one.person = replace(person, key=key_at(occurrence, person))
    one.status = status


def _status(text: str) -> str:
    text = " ".join(text.casefold().replace("_", " ").split())
    if not text:
        return Status.PRESENT
    words = {word: status for status, word in STATUS_WORDS.items()}
    words |= {str(status.label).casefold(): status for status in STATUS_WORDS}
    return words.get(text, "")


def _region(text: str, places: _Places, faults: dict[str, str]) -> str:
    try:
        return places.regions.code_of(text)
    except Refused as refusal:
        faults.setdefault("wilayah", refusal.reason)
        return ""


def _yes_or_no(cells: dict[str, str], name: str, faults: dict[str, str]) -> bool | None:
    text = cells.get(name, "").casefold()
    if not text:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    faults.setdefault(name, _("Please write “%(yes)s” or “%(no)s”.") % {"yes": YES, "no": NO})
    return None


class _People:
    """Everybody the office knows, by key and by the words of their names; grows row by row.

    Whose words stand in several rows may be several people: nobody is put together by guess.
    """

    def __init__(self, occurrence: Occurrence):
        self.there = set(
            Attendance.objects.standing()
            .filter(occurrence=occurrence)
            .values_list("participant__key", flat=True)
        )
        self.keys: dict[UUID, str] = {}
        self.labels: dict[UUID, str] = {}
        # How often the words of a person stood in the rows above, by the key of these words.
        self.times: dict[UUID, int] = {}
        self.by_word: dict[tuple[str, str], list[tuple[str, UUID, str]]] = defaultdict(list)
        self.by_phone: dict[str, list[tuple[str, UUID, str]]] = defaultdict(list)
        everybody = Participant.objects.for_district(occurrence.district_id)
        self.merged = dict(
            everybody.filter(merged_into__isnull=False).values_list("key", "merged_into__key")
        )
        rows = everybody.known().values_list(
            "key", "name", "folded", "sex", "phone", "organisation_name", "age_group"
        )
        for key, name, fold, sex, phone, organisation, age in rows.iterator(chunk_size=2_000):
            label = ", ".join(filter(None, [name, organisation, age]))
            self._add(key, fold, sex, phone, label)

    def _add(self, key: UUID, fold: str, sex: str, phone: str, label: str) -> None:
        bare = bare_name(fold)
        entry = (bare, key, fold)
        self.keys[key], self.labels[key] = fold, label
        for word in {*bare.split(), bare[:3]}:
            self.by_word[sex, word].append(entry)
        if phone:
            self.by_phone[phone].append(entry)

    def place(self, one: Judged) -> None:
        """Say whether the person is known, or who they may be."""
        fold = folded(one.person.name)
        told = self._told_key(one)
        if told is not None and self.keys.get(told) == fold:
            one.person, one.is_known, one.line.repeat = Person(told), True, 0
        else:
            self._place_words(one, fold)
        one.there = self._stays(one.person.key) in self.there

    def _place_words(self, one: Judged, fold: str) -> None:
        """By the words alone; the same words once more may be somebody else."""
        first, line = one.person.key, one.line
        line.repeat = max(line.repeat, self.times.get(first, 0))
        self.times[first] = line.repeat + 1
        person = one.person = replace(one.person, key=repeated_key(first, line.repeat))
        key = self._stays(person.key)
        if key in self.keys:
            # With its words, so that the same row of another day is still the same fact.
            one.is_known = True
            name = self.labels[key]
        else:
            first = first if first in self.keys else self._stays(first)
            one.proposed = self._proposed(person, fold, first)
            key, name = person.key, person.name
            self._add(key, fold, person.sex, person.phone, name)
        self.labels[key] = _("row %(number)d: %(name)s") % {"number": one.number, "name": name}

    def _stays(self, key: UUID) -> UUID:
        """Whom they were merged into in the end."""
        for _step in range(MOST_MERGES):
            if key not in self.merged:
                break
            key = self.merged[key]
        return key

    def _told_key(self, one: Judged) -> UUID | None:
        try:
            key = UUID(one.line.cells.get("kunci", "")[:36])
        except ValueError:
            return None
        return self._stays(key)

    def _proposed(self, person: Person, fold: str, first: UUID) -> list[Known]:
        """Who may be meant; before others whoever was the `first` with just these words."""
        near: dict[UUID, bool] = {first: True} if first in self.keys else {}
        for key, is_same in self._alike(person, fold, near):
            near.setdefault(key, is_same)
            if is_same and sum(near.values()) >= MOST_PROPOSED:
                break
        found = sorted(near.items(), key=lambda item: (item[0] != first, not item[1]))
        return [Known(key, self.labels[key], same) for key, same in found[:MOST_PROPOSED]]

    def _alike(self, person: Person, fold: str, near: Container) -> Iterator[tuple[UUID, bool]]:
        """(key, whether it is just this name), without those who are `near` already."""
        bare = bare_name(fold)
        for _bare, key, other_fold in self.by_phone.get(person.phone, []) if person.phone else []:
            yield key, other_fold == fold
        for word in (*bare.split(), bare[:3]):
            for other, key, other_fold in self.by_word.get((person.sex, word), []):
                if key not in near and abs(len(other) - len(bare)) <= 4 and is_alike(bare, other):
                    yield key, other_fold == fold
