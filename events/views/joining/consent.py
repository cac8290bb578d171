"""`/ruang/kalender/persetujuan/`: what people agree to when they register."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.workspace import READS, show
from events.forms.invitation import ConsentForm
from events.models import ConsentText
from events.services import consenting
from events.views.room.access import settler_page
from safeguards.views import HttpResponseSeeOther

MOST_SHOWN = 20


@settler_page(*READS, "POST")
def consent(request: HttpRequest) -> HttpResponse:
    now = consenting.current(request.district)
    initial = {"text_id": now.text_id, "text_en": now.text_en}
    form = ConsentForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        kept = consenting.new_version(
            district=request.district,
            actor=request.user,
            now=timezone.now(),
            **form.cleaned_data,
        )
        said = _("Version %(version)s holds from now on. Who agreed before keeps their words.")
        messages.success(request, said % {"version": kept.version})
        return HttpResponseSeeOther(reverse("event_consent"))
    versions = ConsentText.objects.for_district(request.district).order_by("-version")
    context = {
        "form": form,
        "versions": versions[:MOST_SHOWN],
        "district": request.district,
    }
    status = 422 if form.errors else 200
    return show(request, "events/joining/consent.html", context, status=status)
