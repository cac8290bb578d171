"""`/ruang/orang/…`: how often people and organisations came, and by whom sessions were held."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from districts.workspace import READS, show
from events.attendance.duplicates import pairs_in
from events.attendance.frequency import adults_of, by_organisation
from events.attendance.people import facilitators_of, organisations_of, with_names
from events.models import Participant
from events.views.room.access import event_here, only_judges
from events.views.room.attendance.frame import people_page
from events.views.room.listing import page_of

# Of more people nobody compares all with all while a page waits.
MOST_COMPARED = 3_000


@people_page(*READS)
def series(request: HttpRequest, pk: int) -> HttpResponse:
    only_judges(request)
    event = event_here(request, pk)
    page = page_of(request, adults_of(event))
    context = {
        "event": event,
        "page_obj": page,
        "organisations": by_organisation(event),
        "district": request.district,
    }
    return show(request, "events/room/people/series.html", context)


@people_page(*READS, notes=False)
def organisations(request: HttpRequest) -> HttpResponse:
    only_judges(request)
    page = page_of(request, organisations_of(request.district, timezone.now()))
    context = {"page_obj": page, "district": request.district}
    return show(request, "events/room/people/organisations.html", context)


@people_page(*READS)
def facilitators(request: HttpRequest) -> HttpResponse:
    only_judges(request)
    page = page_of(request, facilitators_of(request.district, timezone.now()))
    context = {"page_obj": page, "lines": with_names(page), "district": request.district}
    return show(request, "events/room/people/facilitators.html", context)


@people_page(*READS)
def duplicates(request: HttpRequest) -> HttpResponse:
    """Pairs that may be one person; the newest are compared."""
    only_judges(request)
    rows = Participant.objects.known().for_district(request.district)
    rows = rows.select_related("organisation").order_by("-pk")[:MOST_COMPARED]
    context = {"pairs": pairs_in(rows), "district": request.district}
    return show(request, "events/room/people/duplicates.html", context)
