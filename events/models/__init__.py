"""Events and their dates, who comes, and what an office decides about its calendar."""

from events.models.attendance import (
    CAME,
    LARGEST_CELL,
    Attendance,
    CheckInDoor,
    Headcount,
    OrganisationAttendance,
    Participant,
    Sex,
    Status,
    Way,
)
from events.models.calendar_link import CalendarLink
from events.models.certificate import Certificate
from events.models.change import EventChange
from events.models.device import Device
from events.models.event import LONGEST_DAYS, MOST_SEATS, STANDING, Event, EventState
from events.models.feed import FeedEntry
from events.models.letter import Letter, LetterCount
from events.models.merge import MergedAttendance, PersonMerge
from events.models.occurrence import CalendarDay, Occurrence
from events.models.office import CalendarSettings, LocalDay
from events.models.outline import CHAPTERS, OUTLINED, ReportOutline
from events.models.page import CalendarPage
from events.models.people import EventPage, InvitedOrganisation, Speaker
from events.models.registration import ConsentText, Registration
from events.models.reminder import Reminder
from events.models.report import (
    OPEN_STATES,
    FollowUp,
    ReportFile,
    ReportState,
    SessionReport,
)
from events.models.rewrite import FeedRewrite
from events.models.sheet import SheetExport, SheetUpload

__all__ = [
    "CAME",
    "CHAPTERS",
    "LARGEST_CELL",
    "LONGEST_DAYS",
    "MOST_SEATS",
    "OPEN_STATES",
    "OUTLINED",
    "STANDING",
    "Attendance",
    "CalendarDay",
    "CalendarLink",
    "CalendarPage",
    "CalendarSettings",
    "Certificate",
    "ConsentText",
    "CheckInDoor",
    "Device",
    "Event",
    "EventChange",
    "EventPage",
    "EventState",
    "FeedEntry",
    "FeedRewrite",
    "FollowUp",
    "Headcount",
    "InvitedOrganisation",
    "Letter",
    "LetterCount",
    "LocalDay",
    "MergedAttendance",
    "Occurrence",
    "OrganisationAttendance",
    "Participant",
    "PersonMerge",
    "Registration",
    "Reminder",
    "ReportFile",
    "ReportOutline",
    "ReportState",
    "SessionReport",
    "Sex",
    "SheetExport",
    "SheetUpload",
    "Speaker",
    "Status",
    "Way",
]
