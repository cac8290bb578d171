"""How many were there: what was counted and who was named, side by side, and where they differ.

A headcount is of everybody who was there, named or not, so of each group (sex and age) the larger
number stands. More names than people counted can't be, and is said; fewer names only mean that not
everybody gave one.

Who was counted without an age may be on the list with one. So of the people of a sex whose age
nobody asked, those names are taken away that are more than was counted in their own groups.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.attendance import ages
from events.models import CAME, Attendance, Headcount, Occurrence, Sex


@dataclass(frozen=True)
class Group:
    """One sex and age group. `counted` is None where nobody counted; `excess` is so many more names
    than people counted. Of a group without an age, `covered` are the names of other groups that
    were counted here. `disabled` are those with a disability, once."""

    sex: str
    age_group: str
    label: str
    counted: int | None
    named: int
    disabled: int
    covered: int = 0
    excess: int = 0

    @property
    def number(self) -> int:
        return max(self.named, (self.counted or 0) - self.covered)

    @property
    def unnamed(self) -> int:
        return self.number - self.named

    @property
    def fault(self) -> str:
        """Where names and count contradict each other, in words; "" where they do not."""
        if not self.excess:
            return ""
        told = {"label": self.label, "counted": self.counted, "named": self.named + self.covered}
        if self.covered:
            # Their age is known: it is the count that did not ask.
            words = ngettext(
                "%(label)s: %(counted)d counted, but %(named)d name must be among them.",
                "%(label)s: %(counted)d counted, but %(named)d names must be among them.",
                told["named"],
            )
        else:
            words = ngettext(
                "%(label)s: %(named)d name, but only %(counted)d counted.",
                "%(label)s: %(named)d names, but only %(counted)d counted.",
                told["named"],
            )
        return words % told


@dataclass(frozen=True)
class Totals:
    """Of one date, or of several together. `statuses` counts rows by status, absent ones too."""

    groups: tuple[Group, ...]
    statuses: dict[str, int]

    @property
    def number(self) -> int:
        return sum(group.number for group in self.groups)

    @property
    def named(self) -> int:
        return sum(group.named for group in self.groups)

    @property
    def unnamed(self) -> int:
        return sum(group.unnamed for group in self.groups)

    @property
    def disabled(self) -> int:
        return sum(group.disabled for group in self.groups)

    @property
    def was_counted(self) -> bool:
        return any(group.counted is not None for group in self.groups)

    @property
    def reconciles(self) -> bool:
        return not any(group.excess for group in self.groups)

    def of_sex(self, sex: str) -> int:
        return sum(group.number for group in self.groups if group.sex == sex)

    def of_age(self, age_group: str) -> int:
        return sum(group.number for group in self.groups if group.age_group == age_group)

    @property
    def children(self) -> int:
        return sum(g.number for g in self.groups if g.age_group and ages.is_minors(g.age_group))

    @property
    def faults(self) -> list[str]:
        """Where names and counts contradict each other, in words."""
        return [group.fault for group in self.groups if group.excess]


def totals_of(occurrence: Occurrence) -> Totals:
    """Two queries."""
    return totals_by_date([occurrence.pk])[occurrence.pk]


def totals_by_date(dates: Iterable[int]) -> dict[int, Totals]:
    """By primary key of the dates; two queries, however many they are."""
    dates = list(dates)
    named: dict[int, Counter] = {pk: Counter() for pk in dates}
    disabled: dict[int, Counter] = {pk: Counter() for pk in dates}
    statuses: dict[int, Counter] = {pk: Counter() for pk in dates}
    rows = (
        Attendance.objects.standing()
        .filter(occurrence__in=dates)
        .order_by()
        .values_list(
            "occurrence",
            "status",
            "participant__sex",
            "participant__age_group",
            "participant__disability",
        )
        .annotate(number=Count("pk"))
    )
    for pk, status, sex, age_group, disability, number in rows:
        statuses[pk][status] += number
        if status in CAME:
            named[pk][sex, age_group] += number
            disabled[pk][sex, age_group] += number if disability else 0
    counted: dict[int, Counter] = {pk: Counter() for pk in dates}
    with_disability: dict[int, Counter] = {pk: Counter() for pk in dates}
    cells = Headcount.objects.filter(occurrence__in=dates).order_by()
    for pk, sex, age_group, is_disabled, number in cells.values_list(
        "occurrence", "sex", "age_group", "with_disability", "number"
    ):
        counted[pk][sex, age_group] += number
        with_disability[pk][sex, age_group] += number if is_disabled else 0
    return {
        pk: Totals(
            tuple(_groups(named[pk], disabled[pk], counted[pk], with_disability[pk])),
            dict(statuses[pk]),
        )
        for pk in dates
    }


def _groups(
    named: Counter, disabled: Counter, counted: Counter, with_disability: Counter
) -> Iterable[Group]:
    labels = ages.age_groups()
    order = {code: number for number, code in enumerate(labels)}
    places = sorted(
        {*named, *counted}, key=lambda place: (order.get(place[1], len(order)), place[1], place[0])
    )
    for place in places:
        sex, age_group = place
        words = [str(Sex(sex).label) if sex in Sex.values else sex]
        words.append(labels.get(age_group, age_group) or _("age not asked"))
        # Where some were counted without an age, whoever is named beyond the count of their group
        # is one of those.
        takes_others = bool(counted[sex, ""])
        is_judged = place in counted and not (age_group and takes_others)
        covered = covered_disabled = 0
        if takes_others and not age_group:
            covered = _beyond(named, counted, sex)
            covered_disabled = _beyond(disabled, with_disability, sex)
        yield Group(
            sex=sex,
            age_group=age_group,
            label=", ".join(words),
            counted=counted.get(place),
            named=named[place],
            disabled=max(disabled[place], with_disability[place] - covered_disabled),
            covered=covered,
            excess=max(named[place] + covered - counted[place], 0) if is_judged else 0,
        )


def _beyond(named: Counter, counted: Counter, sex: str) -> int:
    """So many names with an age are more than was counted in their own groups."""
    return sum(
        max(number - counted[place], 0)
        for place, number in named.items()
        if place[0] == sex and place[1]
    )
