"""Papers of help to print; discreet, so no browser keeps them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from campaigns.cards import card_paper, poster_paper, villages_of
from districts.models import District
from districts.paper import paper_response
from districts.scoping import district_for_request


@require_safe
def channel_poster(request: HttpRequest) -> HttpResponse:
    """`/bantuan/poster.pdf`: the channels that serve everybody in the district."""
    paper = poster_paper(_office(request), get_language())
    return paper_response(request, paper, filename="poster.pdf", discreet=True)


@require_safe
def village_cards(request: HttpRequest, code: str) -> HttpResponse:
    """`/bantuan/kartu/<code>.pdf`: cards of a village, or of all villages of a kecamatan.

    A code of another district, an unknown one and no code at all are not found.
    """
    district = _office(request)
    villages = villages_of(district, code)
    if not villages:
        raise Http404
    paper = card_paper(district, villages, code, get_language())
    # The name in a list of downloads says where, not what for.
    return paper_response(request, paper, filename=f"kartu-{code}.pdf", discreet=True)


def _office(request: HttpRequest) -> District:
    district = district_for_request(request)
    if district is None:
        raise Http404
    return district
