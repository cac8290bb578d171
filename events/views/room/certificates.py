"""`/ruang/kalender/<pk>/sertifikat/`: who earned one, printed all at once, revoked one by one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.workspace import READS, show
from events.documents.certificates import MOST_AT_ONCE, NothingToPrint, certificates_pdf
from events.documents.frame import size_in
from events.models import Certificate, Event
from events.services import certifying
from events.views.room.access import event_here
from events.views.room.attendance.frame import people_page
from safeguards import audit
from safeguards.views import HttpResponseSeeOther


@people_page(*READS, "POST")
def certificates(request: HttpRequest, pk: str) -> HttpResponse:
    event = _event(request, pk)
    now = timezone.now()
    if request.method == "POST":
        number = certifying.issue(event=event, actor=request.user, now=now)
        said = ngettext(
            "%(number)d certificate is issued.", "%(number)d certificates are issued.", number
        ) % {"number": number}
        messages.success(request, said if number else _("Everybody has one already."))
        return HttpResponseSeeOther(reverse("event_certificates", args=[event.pk]))
    try:
        page_obj = Paginator(_issued(event), MOST_AT_ONCE).page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404 from error
    context = {
        "district": request.district,
        "event": event,
        "page_obj": page_obj,
        "holding": sum(one.revoked_at is None for one in page_obj),
        "waiting": len(certifying.waiting(event, now)),
    }
    return show(request, "events/room/people/certificates.html", context)


@people_page(*READS, notes=False)
def printed(request: HttpRequest, pk: str) -> HttpResponse:
    """Those of one page of the list, in one PDF."""
    event = _event(request, pk)
    try:
        page = Paginator(_issued(event), MOST_AT_ONCE).page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404 from error
    return _pdf(request, event, list(page), f"sertifikat-{event.pk}-{page.number}.pdf")


@people_page(*READS, notes=False)
def one(request: HttpRequest, pk: str, certificate: UUID) -> HttpResponse:
    event = _event(request, pk)
    found = get_object_or_404(_issued(event), key=certificate)
    return _pdf(request, event, [found], f"sertifikat-{found.pk}.pdf")


@people_page(*READS, "POST")
def revoke(request: HttpRequest, pk: str, certificate: UUID) -> HttpResponse:
    event = _event(request, pk)
    found = get_object_or_404(_issued(event), key=certificate)
    found.event = event
    if request.method == "POST":
        certifying.revoke(certificate=found, actor=request.user, now=timezone.now())
        messages.success(request, _("The certificate does not hold any more."))
        return HttpResponseSeeOther(reverse("event_certificates", args=[event.pk]))
    context = {"district": request.district, "event": event, "certificate": found}
    return show(request, "events/room/people/certificate_revoke.html", context)


def _event(request: HttpRequest, pk: Any) -> Event:
    event = event_here(request, int(pk))
    event.district = request.district
    if not certifying.may_certify(request.user, event):
        raise PermissionDenied
    return event


def _issued(event: Event) -> Any:
    return Certificate.objects.for_district(event.district_id).filter(event=event)


def _pdf(
    request: HttpRequest, event: Event, certificates: list[Certificate], name: str
) -> HttpResponse:
    try:
        body = certificates_pdf(event, certificates, size=size_in(request))
    except NothingToPrint as error:
        raise Http404 from error
    audit.record(
        verb="certificates.printed",
        actor_id=request.user.pk,
        obj=event,
        site=request.district.site_id,
        number=len(certificates),
    )
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
