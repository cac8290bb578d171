"""`/ruang/kalender/<pk>/pendaftar/<date>/daftar.xlsx|csv`: who comes, to print or to phone."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from districts.workspace import READS
from events.sheets.offered import Offer
from events.views.joining.hosting import date_of, hosted_event
from events.views.room.access import planner_page
from events.views.room.exporting import taken


@planner_page(*READS, sees_people=True)
def sheet(request: HttpRequest, pk: str, date: str, form: str) -> HttpResponse:
    row = date_of(hosted_event(request, pk), date)
    offer = Offer("pendaftar", request.district, request.user, timezone.now(), occurrence=row)
    return taken(request, offer, form)
