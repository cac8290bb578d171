"""The quick exit as an address, for readers without JavaScript."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from safeguards.models import SafetySettings


class HttpResponseSeeOther(HttpResponseRedirect):
    """303: the next request is a GET, whatever this one was."""

    status_code = 303


# Leaving changes nothing here, and the page may come from a cache without a token.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def quick_exit(request: HttpRequest) -> HttpResponse:
    """Send the reader to the neutral page of this site and leave no trace of it.

    Sets no cookie and no Clear-Site-Data, which would wipe a queue that is still to be sent.
    """
    response = HttpResponseSeeOther(SafetySettings.exit_url_for(request))
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
