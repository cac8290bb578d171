"""What the calendar adds to the workspace of members, and to the first panel of the admin."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.db.models import Count, Min
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from districts.models import District
from districts.panels import Task, register_tasks
from districts.scoping import district_for_request
from districts.workspace import EVERYBODY, Door, Room, register_door, register_room
from events.models import ReportState, SessionReport
from events.services.deciding import is_approver
from events.services.planning import APPROVERS, PLANNERS
from events.services.syncing import waiting as set_aside
from events.sessions import waiting
from safeguards.services.set_aside import WAITS


def to_decide(request: HttpRequest, office: District) -> int:
    """How many proposals wait for the person; their own wait for somebody else."""
    return waiting(office).exclude(proposed_by=request.user).count()


def _badge(request: HttpRequest) -> str:
    number = to_decide(request, district_for_request(request))
    if not number:
        return ""
    return ngettext("%(number)s waits", "%(number)s wait", number) % {"number": number}


@register_tasks
def tasks(request: HttpRequest, office: District) -> Iterable[Task]:
    """Proposed sessions that wait, for those who decide."""
    if not is_approver(request.user, office):
        return []
    number = to_decide(request, office)
    if not number:
        return []
    text = ngettext(
        "%(n)d proposed session waits for your decision.",
        "%(n)d proposed sessions wait for your decision.",
        number,
    )
    return [Task(text % {"n": number}, reverse("event_desk"), is_urgent=True)]


def reports_waiting(request: HttpRequest, office: District) -> int:
    """How many reports were sent by others, for those who decide; else how many came back."""
    rows = SessionReport.objects.for_district(office)
    if is_approver(request.user, office):
        return rows.filter(state=ReportState.SENT).exclude(sent_by=request.user).count()
    mine = rows.filter(occurrence__event__proposed_by=request.user)
    return mine.filter(state=ReportState.RETURNED).count()


def _reports_badge(request: HttpRequest) -> str:
    number = reports_waiting(request, district_for_request(request))
    if not number:
        return ""
    return ngettext("%(number)s waits", "%(number)s wait", number) % {"number": number}


@register_tasks
def report_tasks(request: HttpRequest, office: District) -> Iterable[Task]:
    """Reports that wait, for those who accept them."""
    if not is_approver(request.user, office):
        return []
    number = reports_waiting(request, office)
    if not number:
        return []
    text = ngettext(
        "%(n)d session report waits to be read.",
        "%(n)d session reports wait to be read.",
        number,
    )
    return [Task(text % {"n": number}, f"{reverse('report_list')}?status=terkirim")]


register_room(Room(30, "event_list", _("Calendar")))
register_door(
    Door(
        30,
        PLANNERS,
        "/ruang/kalender/usul/",
        _("Plan a session"),
        _("A meeting, a class, a talk: on your phone, in a minute. Or copy the last one."),
    )
)
register_door(
    Door(
        31,
        EVERYBODY,
        "/ruang/kalender/",
        _("The calendar of your district"),
        _("Your sessions and those of others, with what clashes."),
    )
)
register_door(
    Door(
        33,
        EVERYBODY,
        "/ruang/laporan/",
        _("Session reports"),
        _("What came of a session: minutes, results, follow-up, photos, and papers to print."),
        _reports_badge,
    )
)
register_door(
    Door(
        32,
        APPROVERS,
        "/ruang/kalender/usulan/",
        _("Proposed sessions"),
        _("Approve what is usual at once, and look at the rest."),
        _badge,
    )
)


def set_aside_here(office: District) -> tuple[int, str]:
    """How many entries of devices wait, and the day at which the oldest is deleted; 0 and ""."""
    rows = set_aside(office).order_by()
    found = rows.aggregate(number=Count("pk"), oldest=Min("server_time"))
    if not found["number"]:
        return 0, ""
    ends = (found["oldest"] + WAITS).astimezone(ZoneInfo(office.timezone))
    return found["number"], date_format(ends, "j F Y")


def _aside_badge(request: HttpRequest) -> str:
    number, day = set_aside_here(district_for_request(request))
    if not number:
        return ""
    text = ngettext(
        "%(number)s waits, until %(day)s",
        "%(number)s wait, the oldest until %(day)s",
        number,
    )
    return text % {"number": number, "day": day}


@register_tasks
def aside_tasks(request: HttpRequest, office: District) -> Iterable[Task]:
    """Entries of devices that wait, for those who look at them."""
    if not is_approver(request.user, office):
        return []
    number, day = set_aside_here(office)
    if not number:
        return []
    text = ngettext(
        "%(n)d entry that a device sent waits to be looked at. It is deleted on %(day)s.",
        "%(n)d entries that devices sent wait to be looked at. The oldest is deleted on %(day)s.",
        number,
    )
    return [Task(text % {"n": number, "day": day}, reverse("event_quarantine"), is_urgent=True)]


register_door(
    Door(
        34,
        APPROVERS,
        "/ruang/orang/",
        _("People who came"),
        _("Who comes how often, who was written down twice, and what people have a right to."),
    )
)
register_door(
    Door(
        35,
        APPROVERS,
        "/ruang/karantina/",
        _("Entries set aside"),
        _("What devices sent and somebody has to look at before it is recorded."),
        _aside_badge,
    )
)
register_door(
    Door(
        36,
        PLANNERS,
        "/ruang/perangkat/kirim/",
        _("Devices that send entries"),
        _("Register the phone or app that writes down who came without a net."),
    )
)
