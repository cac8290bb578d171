"""`/ruang/kalender/persetujuan/`: what people agree to when they register."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.forms.opened import again, compared
from districts.workspace import READS, show
from events.forms.invitation import ConsentForm
from events.models import ConsentText
from events.services import consenting
from events.views.room.access import settler_page
from safeguards.lost_updates import Outdated, imprint
from safeguards.views import HttpResponseSeeOther

MOST_SHOWN = 20


@settler_page(*READS, "POST")
def consent(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        words = consenting.words_of(consenting.current(request.district))
        return _page(request, ConsentForm(initial=words | {"opened": imprint(words)}))
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        kept = consenting.new_version(
            district=request.district,
            actor=request.user,
            now=timezone.now(),
            **form.cleaned_data,
        )
    except Outdated:
        stands = consenting.words_of(consenting.current(request.district))
        form = ConsentForm(again(request.POST, stands))
        both = compared(form, stands)
        return _page(request, form, is_outdated=True, compared=both, status=409)
    said = _("Version %(version)s holds from now on. Who agreed before keeps their words.")
    messages.success(request, said % {"version": kept.version})
    return HttpResponseSeeOther(reverse("event_consent"))


def _page(
    request: HttpRequest, form: ConsentForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    versions = ConsentText.objects.for_district(request.district).order_by("-version")
    context = {
        "form": form,
        "versions": versions[:MOST_SHOWN],
        "district": request.district,
    }
    return show(request, "events/joining/consent.html", context | more, status=status)
