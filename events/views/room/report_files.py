"""`…/laporan/foto/` and `…/laporan/berkas/<uuid>`: photos of a report, for those who read it."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from districts.forms.opened import Difference, again, compared
from districts.scoping import district_for_request
from districts.services.memberships import active_memberships
from districts.workspace import READS, kept_out, member_page, private, roles_of, show
from events.forms.room.report import DescribedForm, PhotoForm
from events.lines import shown
from events.models import Occurrence, ReportFile
from events.report_reading import reads, report_of
from events.services import report_files, reporting
from events.services.bookkeeping import NotPossible
from events.sessions import events_for
from events.views.room.report_access import hidden_unless, may_write, own_date, reported_date
from safeguards import audit
from safeguards.files import private_response
from safeguards.lost_updates import Outdated, imprint
from safeguards.uploads import MAX_BYTES, UploadRejected
from safeguards.views import HttpResponseSeeOther

SPARE_BYTES = 64 * 1024


@member_page(*READS, "POST", sees_people=True)
def photos(request: HttpRequest, pk: str, date: str) -> HttpResponse:
    """All photos of a report; whoever reports adds some, one or several at once."""
    if request.method != "POST":
        return _page(request, reported_date(request, pk, date))
    row = own_date(request, pk, date)
    if int(request.META.get("CONTENT_LENGTH") or 0) > 4 * MAX_BYTES + SPARE_BYTES:
        reason = _("These photos are too large together. Please send fewer of them at once.")
        return _page(request, row, status=413, reason=reason)
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, row, form=form, status=422)
    return _added(request, row, form)


def _added(request: HttpRequest, row: Occurrence, form: PhotoForm) -> HttpResponse:
    """Each photo by itself: those that are good are kept, of the others is said why not."""
    words = form.cleaned_data
    kept, status = 0, 422
    for upload in words["photo"]:
        try:
            report_files.add_file(
                occurrence=row,
                actor=request.user,
                form_key=words["key"],
                upload=upload,
                kind=words["kind"],
                caption=words["caption"],
                shows_child_face=words["shows_child_face"],
                consent_reference=words["consent_reference"],
                now=timezone.now(),
            )
            kept += 1
        except UploadRejected as refusal:
            status = max(status if form.errors else 0, refusal.status)
            name = str(upload.name)[:60]
            form.add_error("photo", f"{name}: {' '.join(refusal.messages)}")
        except NotPossible as error:
            return _page(request, row, form=form, status=409, reason=str(error.message))
    if kept:
        text = ngettext("%(n)d photo is kept.", "%(n)d photos are kept.", kept) % {"n": kept}
        messages.success(request, text)
    if form.errors:
        return _page(request, row, form=form, status=status)
    return HttpResponseSeeOther(reverse("event_report_photos", args=[row.event_id, row.pk]))


@member_page(*READS, "POST", sees_people=True)
def photo(request: HttpRequest, pk: str, date: str, file: UUID) -> HttpResponse:
    """What one photo shows is said anew, or it is taken out."""
    row = own_date(request, pk, date)
    one = _file_of(row, file)
    hidden_unless(one)
    if request.method != "POST":
        return _photo_page(request, row, one)
    now = timezone.now()
    try:
        if request.POST.get("do") == "hapus":
            report_files.remove_file(file=one, actor=request.user, now=now)
            messages.success(request, _("The photo is taken out."))
            return HttpResponseSeeOther(reverse("event_report_photos", args=[row.event_id, row.pk]))
        form = DescribedForm(request.POST)
        if not form.is_valid():
            return _photo_page(request, row, one, form=form, status=422)
        report_files.describe_file(file=one, actor=request.user, now=now, **form.cleaned_data)
    except NotPossible as error:
        return _photo_page(request, row, one, status=409, reason=str(error.message))
    except Outdated:
        one = _file_of(row, file)
        hidden_unless(one)
        stands = report_files.words_of(one)
        form = DescribedForm(again(request.POST, stands))
        both = compared(form, stands)
        return _photo_page(request, row, one, form=form, status=409, compared=both)
    except ReportFile.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("What the photo shows is saved."))
    return HttpResponseSeeOther(reverse("event_report_photos", args=[row.event_id, row.pk]))


@private
@require_http_methods(READS)
def file(request: HttpRequest, pk: str, date: str, file: UUID, small: bool = False) -> HttpResponse:
    """The photo, as a download; for anybody else there is nothing here, whoever they are."""
    district = district_for_request(request)
    hidden_unless(district is not None and request.user.is_authenticated)
    request.roles = list(active_memberships(request.user, district))
    hidden_unless(request.roles or request.user.is_superuser)
    roles = roles_of(request)
    event = events_for(request.user, roles, request.roles, district).filter(pk=int(pk)).first()
    hidden_unless(event is not None and reads(request.user, roles, request.roles, event))
    found = ReportFile.objects.for_district(district).filter(
        key=file, report__occurrence__event=event
    )
    one = found.select_related("report__occurrence__event").first()
    hidden_unless(one is not None and date in _names_of(one.report.occurrence))
    # A scanned list is a list of names, and a child that can be recognised is seen by whoever
    # answers for the report alone; everybody else has the blurred one.
    whole = one.shows_child_face and not small
    names_or_faces = one.kind == ReportFile.Kind.SCAN or whole
    hidden_unless(not names_or_faces or may_write(request, one.report.occurrence.event))
    hidden_unless(kept_out(request) is None)
    stored = one.shown if small else one.photo
    try:
        content = stored.open("rb")
    except OSError as error:
        raise Http404 from error
    if names_or_faces:
        audit.record(
            verb="report.photo_opened",
            actor_id=request.user.pk,
            obj=one,
            site=district.site_id,
        )
    if small:
        return private_response(content, filename=f"{one.kind}-kecil.jpg")
    name = f"{one.kind}-{one.report.occurrence.day:%Y-%m-%d}-{one.pk}.jpg"
    return private_response(content, filename=name)


def _names_of(row: Occurrence) -> tuple[str, str]:
    return str(row.pk), row.day.isoformat()


def _file_of(row: Occurrence, key: UUID) -> ReportFile | None:
    found = ReportFile.objects.for_district(row.district_id).filter(key=key, report__occurrence=row)
    one = found.select_related("report").first()
    if one is not None:
        one.report.occurrence = row
    return one


def _page(
    request: HttpRequest,
    row: Occurrence,
    *,
    form: PhotoForm | None = None,
    status: int = 200,
    reason: str = "",
) -> HttpResponse:
    known = report_of(row)
    adds = may_write(request, row.event) and (known is None or known.is_open)
    context = {
        "district": request.district,
        "event": row.event,
        "row": row,
        "date": shown([row])[0],
        "report": known,
        "files": list(known.files.all()) if known else [],
        "form": form or PhotoForm(initial={"key": uuid4()}),
        "may_add": adds and not reporting.why_not_yet(row, timezone.now()),
        "may_describe": may_write(request, row.event),
        "reason": reason,
    }
    return show(request, "events/room/report_photos.html", context, status=status)


def _photo_page(
    request: HttpRequest,
    row: Occurrence,
    one: ReportFile,
    *,
    form: DescribedForm | None = None,
    status: int = 200,
    reason: str = "",
    compared: Sequence[Difference] | None = None,
) -> HttpResponse:
    told = report_files.words_of(one)
    context = {
        "district": request.district,
        "event": row.event,
        "row": row,
        "date": shown([row])[0],
        "file": one,
        "form": form or DescribedForm(initial=told | {"opened": imprint(told)}),
        "may_remove": one.report.is_open or one.shows_child_face,
        "reason": reason,
        "compared": compared,
    }
    return show(request, "events/room/report_photo.html", context, status=status)
