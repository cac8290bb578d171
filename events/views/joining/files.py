"""Letters and posters as PDF, for those who invite."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from districts.workspace import READS
from events.documents.frame import size_in
from events.models import Letter
from events.papers import letter_pdf, poster_pdf
from events.services.bookkeeping import is_settled
from events.views.joining.hosting import date_of, hosted_event
from events.views.room.access import planner_page


@planner_page(*READS)
def letter(request: HttpRequest, pk: str, letter_pk: str) -> HttpResponse:
    event = hosted_event(request, pk)
    letter = get_object_or_404(
        Letter.objects.for_district(request.district),
        # Dates of a series that was split belong to another event now; their letters go with them.
        occurrence__event=event,
        pk=int(letter_pk),
        kind=Letter.Kind.INVITATION,
    )
    letter.occurrence.event = event
    return _pdf(
        letter_pdf(letter, size=size_in(request)), f"undangan-{letter.year}-{letter.number:03d}.pdf"
    )


@planner_page(*READS)
def poster(request: HttpRequest, pk: str, date: str) -> HttpResponse:
    """The public address to scan; of a session that only members know of there is none."""
    row = date_of(hosted_event(request, pk), date)
    if row.event.guarded or not row.is_public or not is_settled(row.event):
        raise Http404
    return _pdf(poster_pdf(row), f"poster-{row.event.slug}-{row.day:%Y-%m-%d}.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
