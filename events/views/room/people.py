"""`/ruang/orang/`: people of the office, one of them, and what they have a right to."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.sharing.share import qr_squares
from districts.workspace import READS, show
from events.attendance import ages
from events.attendance.duplicates import candidates_for
from events.attendance.people import people_of, visits_of
from events.forms.room.known_person import SearchForm
from events.models import Participant
from events.models.merge import UNDO_DAYS
from events.services import merging
from events.views.room.access import only_judges
from events.views.room.attendance.frame import people_page
from events.views.room.listing import page_of
from events.views.room.told_anew import tell_anew
from safeguards import audit
from safeguards.facts import Refused
from safeguards.services.persons import erase_person, export_person
from safeguards.views import HttpResponseSeeOther

FOUND, VISITS = 100, 50


@people_page(*READS, "POST", notes=False)
def index(request: HttpRequest) -> HttpResponse:
    """Everybody by how often they came; a name that is looked for comes in a form."""
    only_judges(request)
    form, name = sought_in(request)
    rows = people_of(request.district, name=name)
    # A name is in no address, so all who are found stand on one page.
    page = page_of(request, rows, *([FOUND] if name else []))
    _note(request, "people.read", None, searched=bool(name))
    labels = ages.age_groups()
    context = {
        "form": form,
        "name": name,
        "page_obj": page,
        "lines": [(one, labels.get(one.age_group, "")) for one in page],
        "district": request.district,
    }
    return show(request, "events/room/people/index.html", context)


def sought_in(request: HttpRequest) -> tuple[SearchForm, str]:
    """The form and the name that is looked for; "" for everybody."""
    form = SearchForm(request.POST if request.method == "POST" else None)
    return form, form.cleaned_data["name"] if form.is_bound and form.is_valid() else ""


@people_page(*READS, notes=False)
def person(request: HttpRequest, key: UUID) -> HttpResponse:
    known = _known(request, key)
    _note(request, "person.read", known)
    near = [
        one
        for one in candidates_for(request.district, known.name, phone=known.phone)
        if one.pk != known.pk
    ]
    return _page(
        request,
        "person",
        known,
        merges=merging.undoable(known, timezone.now()),
        age=ages.age_groups().get(known.age_group, ""),
        visits=visits_of(known)[:VISITS],
        near=near,
        # What staff scans at the door.
        qr=None if known.is_minor else qr_squares(str(known.key)),
    )


@people_page(*READS, "POST")
def correct(request: HttpRequest, key: UUID) -> HttpResponse:
    known = _known(request, key)
    back = reverse("event_person", args=[known.key])
    return tell_anew(request, known, page=partial(_page, request, "correct", back=back), done=back)


@people_page(*READS, "POST")
def merge(request: HttpRequest, key: UUID, other: UUID) -> HttpResponse:
    """Ask, then put two together: the sessions of `other` become those of the first."""
    known, goes = _known(request, key), _known(request, other)
    if request.method != "POST":
        return _page(request, "merge", known, other=goes, days=UNDO_DAYS)
    try:
        stays = merging.merge(into=known, other=goes, actor=request.user, now=timezone.now())
    except Refused as error:
        return _page(
            request, "merge", known, status=error.http, other=goes, days=UNDO_DAYS,
            reason=error.reason,
        )  # fmt: skip
    messages.success(request, _("They are one person now."))
    return HttpResponseSeeOther(reverse("event_person", args=[stays.key]))


@people_page(*READS, "POST")
def part(request: HttpRequest, key: UUID, other: UUID) -> HttpResponse:
    """Ask, then make two again of the one: each has their own sessions back."""
    known, now = _known(request, key), timezone.now()
    if request.method != "POST":
        kept = get_object_or_404(merging.undoable(known, now), other__key=other)
        return _page(request, "part", known, both=[known, kept.other])
    comes = get_object_or_404(Participant.objects.for_district(request.district), key=other)
    try:
        merging.part(into=known, other=comes, actor=request.user, now=now)
    except Refused as error:
        both = [known, comes]
        return _page(request, "part", known, status=error.http, both=both, reason=error.reason)
    messages.success(request, _("They are two people again."))
    return HttpResponseSeeOther(reverse("event_person", args=[known.key]))


@people_page(*READS, notes=False)
def export(request: HttpRequest, key: UUID) -> HttpResponse:
    """Everything that is kept about one person, for them to take along."""
    known = _known(request, key)
    told = export_person(known.key, actor_id=request.user.pk, site=request.district.site_id)
    response = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="data-orang-{known.pk}.json"'
    return response


@people_page(*READS, "POST")
def erase(request: HttpRequest, key: UUID) -> HttpResponse:
    known = _known(request, key)
    if request.method != "POST":
        return _page(request, "erase", known)
    erase_person(
        known.key, now=timezone.now(), actor_id=request.user.pk, site=request.district.site_id
    )
    messages.success(request, _("Everything about this person is erased. The figures stay."))
    return HttpResponseSeeOther(reverse("event_people"))


def _known(request: HttpRequest, key: UUID) -> Participant:
    only_judges(request)
    rows = Participant.objects.for_district(request.district).exclude(name="")
    found = get_object_or_404(rows.select_related("organisation", "region", "merged_into"), key=key)
    if found.merged_into_id is not None and request.method != "POST":
        raise Http404
    return found


def _page(
    request: HttpRequest, name: str, known: Participant, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"district": request.district, "known": known} | more
    return show(request, f"events/room/people/{name}.html", context, status=status)


def _note(request: HttpRequest, verb: str, known: Participant | None, **more: Any) -> None:
    audit.record(
        verb=verb, actor_id=request.user.pk, obj=known, site=request.district.site_id, **more
    )
