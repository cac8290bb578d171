"""Events and their dates, who comes, and what an office decides about its calendar."""

from events.models.change import EventChange
from events.models.event import LONGEST_DAYS, MOST_SEATS, STANDING, Event, EventState
from events.models.feed import FeedEntry
from events.models.letter import Letter, LetterCount
from events.models.occurrence import CalendarDay, Occurrence
from events.models.office import CalendarLink, CalendarSettings, LocalDay
from events.models.page import CalendarPage
from events.models.people import EventPage, InvitedOrganisation, Speaker
from events.models.registration import ConsentText, Registration
from events.models.reminder import Reminder

__all__ = [
    "LONGEST_DAYS",
    "MOST_SEATS",
    "STANDING",
    "CalendarDay",
    "CalendarLink",
    "CalendarPage",
    "CalendarSettings",
    "ConsentText",
    "Event",
    "EventChange",
    "EventPage",
    "EventState",
    "FeedEntry",
    "InvitedOrganisation",
    "Letter",
    "LetterCount",
    "LocalDay",
    "Occurrence",
    "Registration",
    "Reminder",
    "Speaker",
]
