"""`…/hadir/lembaga/`: which organisations were invited, which came, and who stood for them.

Two people may write at once. The form says of each organisation what it was opened with: what was
not changed here is not told, and what somebody else changed meanwhile is asked about.
"""

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
from events.attendance.persons import plain
from events.models import InvitedOrganisation, Occurrence
from events.services import organisations_attending as services
from events.services.organisations_attending import Came, came_of
from events.views.room.attendance.frame import KEPT, page, people_page, source_of, unread
from events.views.room.report_access import own_date
from safeguards.facts import Outcome
from safeguards.views import HttpResponseSeeOther

Answer = InvitedOrganisation.Answer
TOLD = {"ya": True, "tidak": False, "": None}
WORDS = {told: word for word, told in TOLD.items()}
SPARE = "baru"
MOST = 250


@dataclass
class Row:
    """One organisation as it is shown and typed; `number` names its fields. `opened` is its `state`
    when the form was opened."""

    number: str
    label: str
    answer: str = ""
    came: bool | None = None
    represented_by: str = ""
    people: str = ""
    fault: str = ""
    known: Came | None = None
    opened: str = ""

    @property
    def state(self) -> str:
        """What stands in its fields, in one line."""
        return f"{WORDS[self.came]}|{self.people.strip()}|{self.represented_by}"

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


@people_page(*READS, "POST", notes=False)
def organisations(request: HttpRequest, pk: str, date: str) -> HttpResponse:
    row = own_date(request, pk, date)
    rows = [_shown(str(number), line) for number, line in enumerate(organisations_of(row))]
    if request.method != "POST":
        return _page(request, row, rows)
    if fault := unread(request):
        return _page(request, row, rows, status=fault[0], reason=fault[1])
    return _saved(request, row, rows, _typed(request))


def _saved(
    request: HttpRequest, row: Occurrence, rows: list[Row], typed: list[Row]
) -> HttpResponse:
    """Each is a fact of its own: what is wrong in one keeps no other from being saved."""
    key, now, saved, worst, faulty = UUID(request.POST["key"]), timezone.now(), 0, 0, []
    # By name: another device may have added one meanwhile, and the numbers have moved.
    shown = {one.label: one for one in rows}
    seen = {one.label: one.known for one in rows if one.known is not None}
    for one in typed:
        there = shown.get(one.label)
        if one.state == one.opened or (there is None and one.number != SPARE):
            continue
        one.known = there.known if there is not None else None
        if _is_known(one, one.told):
            continue
        one.fault, http = _outdated(one, there), 409
        if not one.fault:
            outcome = services.note(
                occurrence=row, told_of=one.told, key=uuid5(key, one.label), now=now,
                source=source_of(request), seen=seen,
            )  # fmt: skip
            one.fault, http = _fault_of(outcome)
        if one.fault:
            faulty.append(one)
            worst = max(worst, http)
        else:
            saved += 1
    if worst:
        reason = _("Please look at what is marked. The others are saved.")
        rows = [_shown(str(number), line) for number, line in enumerate(organisations_of(row))]
        return _page(request, row, _with_faults(rows, faulty), status=worst, reason=reason)
    messages.success(
        request, _("Saved.") if saved else _("Nothing was different from what is known.")
    )
    return HttpResponseSeeOther(reverse("event_organisations", args=[row.event_id, row.pk]))


def _with_faults(rows: list[Row], faulty: list[Row]) -> list[Row]:
    """As it is known now, but where something was wrong as it was typed."""
    wrong = {one.label: one for one in faulty if one.number != SPARE}
    for one in rows:
        if typed := wrong.get(one.label):
            # Asked anew: perhaps somebody saved between our look and our writing.
            one.fault = _outdated(typed, one) or typed.fault
            one.came, one.represented_by = typed.came, typed.represented_by
            one.people = typed.people
    return [*rows, *(one for one in faulty if one.number == SPARE)]


def _fault_of(outcome: Outcome) -> tuple[str, int]:
    if outcome.status not in KEPT:
        return outcome.reason, outcome.http
    if outcome.response.get("applied") is False:
        return _("Kept, but a later entry holds."), 409
    return "", outcome.http


def _outdated(one: Row, there: Row | None) -> str:
    """What somebody else said of it since the form was opened, in words; "" for nothing."""
    if one.number == SPARE:
        if one.known is None or one.known.came is None:
            return ""
        return _("This organisation is on the list above already. Please change it there.")
    if there.opened == one.opened:
        return ""
    words = {True: _("came"), False: _("did not come"), None: _("not known")}
    saved = ", ".join(filter(None, [words[there.came], there.represented_by, there.people]))
    return _(
        "Somebody else saved this meanwhile: %(saved)s. Yours stands below; saving once more "
        "keeps yours."
    ) % {"saved": saved}


def _is_known(one: Row, told: Came) -> bool:
    if one.known is None:
        return told.came is None
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
        row.known = came_of(there)
    elif invited is not None:
        # What they said beforehand saves typing; whether they came is asked.
        row.represented_by = invited.role
        row.people = "" if invited.people is None else str(invited.people)
    row.opened = row.state
    return row


def _typed(request: HttpRequest) -> list[Row]:
    """The one that was added comes last."""
    found = []
    for number in [*(str(n) for n in range(MOST)), SPARE]:
        label = request.POST.get(f"label-{number}", "")[:400].strip()
        if number == SPARE:
            label = plain(label)
        if not label:
            continue
        came = TOLD.get(request.POST.get(f"came-{number}", ""))
        found.append(
            Row(
                number,
                label,
                came=True if number == SPARE else came,
                represented_by=plain(request.POST.get(f"role-{number}", "")[:400]),
                people=request.POST.get(f"people-{number}", "")[:9],
                opened=request.POST.get(f"lama-{number}", "||")[:600],
            )
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
