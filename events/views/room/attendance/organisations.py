"""`…/hadir/lembaga/`: which organisations were invited, which came, and who stood for them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.workspace import READS
from events.attendance.organisations import Line, organisations_of
from events.models import InvitedOrganisation, Occurrence
from events.services import organisations_attending as services
from events.services.organisations_attending import Came
from events.views.room.access import see
from events.views.room.attendance.frame import KEPT, page, people_page, source_of, unread
from events.views.room.report_access import own_date

Answer = InvitedOrganisation.Answer
TOLD = {"ya": True, "tidak": False, "": None}
SPARE = "baru"
MOST = 250


@dataclass
class Row:
    """One organisation as it is shown and typed; `number` names its fields."""

    number: str
    label: str
    answer: str = ""
    came: bool | None = None
    represented_by: str = ""
    people: str = ""
    fault: str = ""
    known: Came | None = None

    @property
    def told(self) -> Came:
        people = self.people.strip()
        number = int(people) if people.isascii() and people.isdecimal() and len(people) < 6 else 0
        came = self.came
        organisation = self.known.organisation if self.known else None
        return Came(
            self.label, came, organisation, self.represented_by if came else "",
            number if people and came else None,
        )  # fmt: skip


@people_page(*READS, "POST")
def organisations(request: HttpRequest, pk: str, date: str) -> HttpResponse:
    row = own_date(request, pk, date)
    rows = [_shown(str(number), line) for number, line in enumerate(organisations_of(row))]
    if request.method != "POST":
        return _page(request, row, rows)
    if fault := unread(request):
        return _page(request, row, rows, status=fault[0], reason=fault[1])
    # By name: another device may have added one meanwhile, and the numbers have moved.
    typed = _typed(request)
    wanted = []
    for one in [*rows, Row(SPARE, "")]:
        if sent := typed.get(one.label):
            one.came, one.represented_by = sent.came, sent.represented_by
            one.people = sent.people
        wanted.append(one)
    added = typed.get("")
    if added and added.label:
        wanted[-1] = added
    return _saved(request, row, wanted)


def _saved(request: HttpRequest, row: Occurrence, wanted: list[Row]) -> HttpResponse:
    """Each is a fact of its own: what is wrong in one keeps no other from being saved."""
    key, now, saved, worst = UUID(request.POST["key"]), timezone.now(), 0, 0
    for one in wanted:
        told = one.told
        if not one.label or _is_known(one, told):
            continue
        outcome = services.note(
            occurrence=row, told_of=told, key=uuid5(key, one.label), now=now,
            source=source_of(request),
        )  # fmt: skip
        if outcome.status in KEPT:
            saved += 1
        else:
            one.fault, worst = outcome.reason, max(worst, outcome.http)
    if worst:
        reason = _("Please look at what is marked. The others are saved.")
        return _page(request, row, [one for one in wanted if one.number != SPARE or one.label],
                     status=worst, reason=reason)  # fmt: skip
    messages.success(
        request, _("Saved.") if saved else _("Nothing was different from what is known.")
    )
    return see(reverse("event_organisations", args=[row.event_id, row.pk]))


def _is_known(one: Row, told: Came) -> bool:
    if one.known is None:
        return told.came is None and one.number != SPARE
    return (told.came, told.represented_by, told.people) == (
        one.known.came,
        one.known.represented_by,
        one.known.people,
    )


def _shown(number: str, line: Line) -> Row:
    invited, there = line.invited, line.attendance
    row = Row(number, line.label, invited.get_answer_display() if invited else "")
    if there is not None:
        row.came, row.represented_by = there.came, there.represented_by
        row.people = "" if there.people is None else str(there.people)
        row.known = Came(
            line.label, there.came, there.organisation_id, there.represented_by, there.people
        )
    elif invited is not None:
        # What they said beforehand saves typing; whether they came is asked.
        row.represented_by = invited.role
        row.people = "" if invited.people is None else str(invited.people)
    return row


def _typed(request: HttpRequest) -> dict[str, Row]:
    """By label as it was shown; "" for the one that was added."""
    found = {}
    for number in [SPARE, *(str(n) for n in range(MOST))]:
        label = request.POST.get(f"label-{number}", "")[:400]
        if number != SPARE and not label:
            continue
        came = TOLD.get(request.POST.get(f"came-{number}", ""))
        found[label if number != SPARE else ""] = Row(
            number,
            label.strip(),
            came=True if number == SPARE else came,
            represented_by=request.POST.get(f"role-{number}", "")[:400].strip(),
            people=request.POST.get(f"people-{number}", "")[:9],
        )
    return found


def _page(request: HttpRequest, row: Occurrence, rows: list[Row], **more: Any) -> HttpResponse:
    listed = [one for one in rows if one.number != SPARE]
    spare = next((one for one in rows if one.number == SPARE), Row(SPARE, ""))
    context = {
        "rows": listed,
        "spare": spare,
        "came": sum(one.came is True for one in listed),
        "missing": sum(one.came is False for one in listed),
    }
    return page(request, row, "organisations", context, **more)
