"""`/ruang/tim/undang-banyak/`: inviting many people from a spreadsheet, in three steps.

Nothing is kept between the steps: what the next one needs goes to the browser and back, sealed for
this member and this office.
"""

from typing import Any
from uuid import UUID, uuid4

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from districts.services.invitation_sheet import (
    COLUMNS,
    MOST_ROWS,
    SheetRejected,
    empty_sheet,
    faulty_sheet,
    invite_all,
    judge,
    links_sheet,
    read,
)
from safeguards.uploads import XLSX, UploadRejected
from website.accounts.access import READS, inviter_page, show
from website.accounts.forms import SheetForm
from website.accounts.views.team import passed_on

SEAL_HOLDS = 60 * 60
SALT = "website.accounts.sheet"


def _seal(request: HttpRequest, kind: str, value: Any) -> str:
    return signing.dumps(
        [kind, request.user.pk, request.district.pk, value], salt=SALT, compress=True
    )


def _unseal(request: HttpRequest, kind: str) -> Any:
    """What was sealed for this member here; PermissionDenied for anything else."""
    try:
        told, user, district, value = signing.loads(
            request.POST.get("sealed", ""), salt=SALT, max_age=SEAL_HOLDS
        )
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise PermissionDenied from error
    if (told, user, district) != (kind, request.user.pk, request.district.pk):
        raise PermissionDenied
    return value


def _download(body: bytes, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


@inviter_page(*READS, "POST")
def invite_many(request: HttpRequest) -> HttpResponse:
    """Read a file and show what would be made and what is wrong; writes nothing."""
    bound = request.method == "POST"
    form = SheetForm(request.POST, request.FILES) if bound else SheetForm()
    status = 422 if bound else 200
    if bound and form.is_valid():
        try:
            lines = read(form.cleaned_data["file"])
        except UploadRejected as error:
            form.add_error("file", error.messages[0])
            status = error.status
        except SheetRejected as error:
            form.add_error("file", error.message)
            status = error.status
        else:
            return _preview(request, lines)
    context = {"form": form, "columns": COLUMNS, "most": MOST_ROWS}
    return show(request, "ruang/invite_many.html", context, status=status)


def _preview(request: HttpRequest, lines: list[dict[str, str]]) -> HttpResponse:
    rows = judge(actor=request.user, district=request.district, lines=lines)
    good = [row for row in rows if row.is_good and not row.waiting]
    asked = [row for row in rows if row.is_good and row.waiting]
    faulty = [row for row in rows if not row.is_good]
    sent = [{"number": row.number, **row.cells} for row in rows if row.is_good]
    return show(
        request,
        "ruang/invite_preview.html",
        {
            "columns": COLUMNS,
            "good": good,
            "asked": asked,
            "faulty": [
                (row, [(column, row.cells[column], row.errors.get(column)) for column in COLUMNS])
                for row in faulty
            ],
            "sealed_rows": _seal(request, "rows", [str(uuid4()), sent]),
            "sealed_faulty": _seal(request, "faulty", [[*row.values, row.told] for row in faulty]),
        },
        status=200 if sent else 422,
    )


@inviter_page("POST")
def confirm_many(request: HttpRequest) -> HttpResponse:
    """Make the invitations of the good rows and show their links, this once."""
    key, lines = _unseal(request, "rows")
    rows = judge(actor=request.user, district=request.district, lines=lines)
    answers = {row.number: request.POST.get(f"same-{row.number}") for row in rows}
    said = {number: word for number, word in answers.items() if word is not None}
    made = [
        (row, invitation, passed_on(request, invitation, token))
        for row, invitation, token in invite_all(
            actor=request.user,
            district=request.district,
            rows=rows,
            key=UUID(key),
            said=said,
        )
    ]
    done = {row.number for row, _invitation, _sent in made}
    links = [
        (row.cells["nama"], str(invitation.get_role_display()), sent["link"])
        for row, invitation, sent in made
    ]
    return show(
        request,
        "ruang/invited_many.html",
        {
            "made": made,
            "left": [row for row in rows if row.is_good and row.number not in done],
            "refused": [row for row in rows if not row.is_good],
            "sealed": _seal(request, "links", links),
        },
        status=201,
    )


@inviter_page("POST")
def faulty_rows(request: HttpRequest) -> HttpResponse:
    return _download(faulty_sheet(_unseal(request, "faulty")), _("to-correct"))


@inviter_page("POST")
def links(request: HttpRequest) -> HttpResponse:
    return _download(links_sheet(_unseal(request, "links")), _("invitation-links"))


@inviter_page(*READS)
def sample(request: HttpRequest) -> HttpResponse:
    return _download(empty_sheet(), _("invitations"))
