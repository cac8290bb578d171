"""What every paper of a date begins with: the office, the sheet, and the facts of the session."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from districts.models import District
from districts.paper import letterhead
from districts.paper.flow import plain as printable
from events.invite_words import place_of
from events.models import Event, Letter, Occurrence
from events.moments import moment_of
from events.words import kind_label

SIZES = ("a4", "f4")


def size_in(request: HttpRequest) -> str:
    """The sheet that the address asks for (`?kertas=f4`); Http404 for one we do not know."""
    size = request.GET.get("kertas", SIZES[0]).lower()
    if size not in SIZES:
        raise Http404
    return size


def plain(text: Any) -> str:
    """One line of what a font can show."""
    return printable(" ".join(str(text or "").split()))


def lines_of(text: str) -> list[str]:
    """Paragraphs of a field of several lines."""
    return [line for line in (plain(one) for one in text.splitlines()) if line]


def frame_of(row: Occurrence, title: str, *, size: str) -> dict[str, Any]:
    district = row.event.district
    moment = moment_of(row.event, row)
    return {
        "language": district.default_language,
        "title": plain(f"{title}: {row.title or row.event.title}"),
        "name": plain(title),
        "head": letterhead(district),
        "size": size,
        "running": plain(f"{title} – {row.title or row.event.title}, {moment.day}"),
    }


def facts_of(row: Occurrence, *more: tuple[str, Any]) -> list[dict[str, str]]:
    """The session in rows of {name, text}; what is empty is left out."""
    event, moment = row.event, moment_of(row.event, row)
    rows = [
        (_("Event"), row.title or event.title),
        (_("Kind"), kind_label(event.kind)),
        (_("Day and date"), moment.day),
        (_("Time"), moment.hours),
        (_("Place"), place_of(event, row)),
        *more,
    ]
    return [{"name": name, "text": plain(text)} for name, text in rows if text]


def speakers_of(event: Event) -> str:
    return "; ".join(
        ", ".join(filter(None, [one.name, one.organisation_name])) for one in event.speakers.all()
    )


def signed(district: District, day: date | None = None) -> dict[str, str]:
    """Where and when, and the function that signs for the office."""
    when = date_format(day, "j F Y") if day else "…………………………"
    return {
        "place": plain(f"{district.short_name}, {when}"),
        "function": plain(district.signatory) or _("(function of who signs)"),
        "under": _("NIP"),
    }


def invitation_of(row: Occurrence) -> Letter | None:
    """The newest invitation to this date."""
    found = Letter.objects.filter(occurrence=row, kind=Letter.Kind.INVITATION)
    return found.order_by("-pk").first()


def reference_of(row: Occurrence, kind: str) -> str:
    """The newest number that a paper of this kind has for this date; "" for none."""
    found = Letter.objects.filter(occurrence=row, kind=kind).order_by("-pk").first()
    return plain(found.reference) if found else ""
