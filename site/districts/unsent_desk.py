"""`/ruang/surat/`: which mails of the office did not leave, and what to do about each."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from districts.models import Role
from districts.scoping import district_for_request
from districts.unsent import find_unsent, sources_for, unsent_count, unsent_mails
from districts.workspace import READS, Door, member_page, register_door, roles_of, show
from safeguards import owed_mails
from safeguards.views import HttpResponseSeeOther


@member_page(*READS, "POST")
def unsent_desk(request: HttpRequest) -> HttpResponse:
    if not sources_for(roles_of(request)):
        raise PermissionDenied
    return _settle(request) if request.method == "POST" else _page(request)


def _settle(request: HttpRequest) -> HttpResponse:
    do = request.POST.get("do", "")
    if do not in {"again", "told"}:
        return _page(request, status=400, reason=_("Please choose one of the two."))
    found = find_unsent(request.district, roles_of(request), request.POST.get("mail", ""))
    if found is None:
        raise Http404
    source, row = found
    _what, _about, url = source.told(row)
    by = {"actor": request.user, "site": request.district.site_id, "now": timezone.now()}
    try:
        if do == "again":
            owed_mails.send_again(source.post, row, **by)
        else:
            owed_mails.told_otherwise(row, **by)
    except owed_mails.NoLongerTrue as stale:
        return _page(request, status=409, reason=str(stale))
    except owed_mails.CannotSendAgain:
        reason = _("It may have arrived, so it is not sent again. Please tell them yourself.")
        return _page(request, status=409, reason=reason)
    messages.success(request, said(do))
    back = url if "here" in request.POST else ""
    return HttpResponseSeeOther(back or reverse("unsent_mails"))


def said(do: str) -> str:
    """What became of a mail, once the office has decided."""
    if do == "again":
        return _("It is sent again within some minutes. If it fails once more, it stands here.")
    return _("Noted: you told them yourself.")


def _page(request: HttpRequest, *, status: int = 200, reason: str = "") -> HttpResponse:
    roles = roles_of(request)
    context: dict[str, Any] = {
        "district": request.district,
        "mails": unsent_mails(request.district, roles),
        "number": unsent_count(request.district, roles),
        "reason": reason,
    }
    return show(request, "districts/unsent.html", context, status=status)


def _badge(request: HttpRequest) -> str:
    number = unsent_count(district_for_request(request), roles_of(request))
    if not number:
        return ""
    return ngettext("%(number)s waits", "%(number)s wait", number) % {"number": number}


register_door(
    Door(
        38,
        frozenset({Role.EDITOR, Role.MODERATOR, Role.ADMIN}),
        "/ruang/surat/",
        gettext_lazy("Mails that could not be sent"),
        gettext_lazy("Whom no mail reached: send it again, or tell them in another way."),
        _badge,
    )
)
