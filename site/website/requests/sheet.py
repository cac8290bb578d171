"""`/ruang/permintaan/daftar.xlsx|csv`: the list as it is narrowed, for the office to plan by."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from events.sheets.offered import Offer
from events.views.room.exporting import taken
from website.accounts.access import READS
from website.requests.access import answerer_page
from website.requests.listing import kecamatan_of
from website.requests.table import REQUESTS
from website.requests.wanted import Wanted


@answerer_page(*READS)
def sheet(request: HttpRequest, form: str) -> HttpResponse:
    """With contacts. A long list is written in the background, as those of the calendar are."""
    asked = Wanted.of(request.GET, kecamatan_of(request)).asked
    offer = Offer(REQUESTS, request.district, request.user, timezone.now(), asked)
    return taken(request, offer, form)
