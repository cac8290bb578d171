"""Other words for somebody who is known: the form, what it says, and two who save at once."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.forms.opened import again, compared
from events.attendance.people import visits_of
from events.attendance.places import places_of
from events.forms.room.known_person import KnownPersonForm
from events.models import Attendance, Participant
from events.services import participants
from events.services.planning import settings_of
from safeguards.facts import Refused
from safeguards.lost_updates import Outdated
from safeguards.views import HttpResponseSeeOther


def tell_anew(
    request: HttpRequest, known: Participant, *, page: Callable[..., HttpResponse], done: str
) -> HttpResponse:
    """`page(known, form=…, status=…)` shows the form; `done` is where it leads when it is saved."""
    fixed = {
        "places": places_of(request.district),
        "names_minors": settings_of(request.district).names_minors,
    }
    form = KnownPersonForm(request.POST if request.method == "POST" else None, known=known, **fixed)
    if request.method != "POST":
        return page(known, form=form)
    if not form.is_valid():
        return page(known, status=422, form=form)
    last: Attendance | None = visits_of(known).first()
    if last is None:
        reason = _("This person is on no list any more. Erase them instead.")
        return page(known, status=409, form=form, reason=reason)
    try:
        participants.correct(
            participant=known,
            person=form.person(known.key),
            occurrence=last.occurrence,
            actor=request.user,
            now=timezone.now(),
            opened=form.cleaned_data["opened"],
        )
    except Refused as error:
        return page(known, status=error.http, form=form, reason=error.reason)
    except Outdated:
        stands = participants.who_stays(Participant.objects.get(pk=known.pk))
        typed = again(request.POST, participants.words_of(stands))
        form = KnownPersonForm(typed, known=stands, **fixed)
        more: dict[str, Any] = {"is_outdated": True, "compared": compared(form, form.initial)}
        return page(stands, status=409, form=form, **more)
    messages.success(request, _("Corrected."))
    return HttpResponseSeeOther(done)
