"""Whose feed is asked for."""

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils.translation import get_language

from districts.models import District
from districts.scoping import district_for_request


def office_of(request: HttpRequest) -> District:
    """The office of the host; raises Http404. Feeds have one address in all languages."""
    district = district_for_request(request)
    if district is None or get_language() != settings.LANGUAGE_CODE:
        raise Http404
    return district
