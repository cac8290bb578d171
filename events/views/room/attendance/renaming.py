"""`…/hadir/panggil/<person>/ubah/`: whoever wrote somebody down wrongly writes it right.

That is open to who wrote all of it: somebody who is on lists of others too, or whose name stands on
a certificate, is corrected by the office.
"""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from districts.workspace import READS, show
from events.attendance.access import may_tell_anew
from events.models import Participant
from events.views.room.attendance.correcting import known_here
from events.views.room.attendance.frame import people_page, why_not
from events.views.room.report_access import own_date
from events.views.room.told_anew import tell_anew


@people_page(*READS, "POST")
def rename(request: HttpRequest, pk: str, date: str, person: str) -> HttpResponse:
    row = own_date(request, pk, date)
    known = known_here(row, person).participant
    if not may_tell_anew(request.user, request.roles, known):
        raise PermissionDenied
    back = reverse("event_roll_person", args=[row.event_id, row.pk, known.key])
    page = partial(_page, request, back)
    if closed := why_not(row, timezone.now()):
        return page(known, status=409, reason=closed, form=None)
    return tell_anew(request, known, page=page, done=back)


def _page(
    request: HttpRequest, back: str, known: Participant, *, status: int = 200, **more
) -> HttpResponse:
    context = {"district": request.district, "known": known, "back": back} | more
    return show(request, "events/room/people/correct.html", context, status=status)
