"""What the calendar stores about people: who planned, registered and came, who reports."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from events.attendance.identity import sessions_of, widen
from events.models import Participant, ReportFile, SheetExport, SheetUpload
from events.models.merge import UNDO_DAYS
from safeguards.registry import entries, exempt, register, register_identity, register_reach
from safeguards.services.persons import Erasure, erase_rows
from safeguards.services.subjects import Subject

register(
    "events.Event",
    fields=("proposed_by", "approved_by"),
    tells=("district", "title", "starts_at", "state", "created_at", "approved_at"),
    purpose="which member planned a session and which other one approved it",
    retention=timedelta(days=5 * 365),
    clock="modified_at",
    owner="district",
    subject=("proposed_by_id", "approved_by_id"),
    on_erase="blank",
)
register(
    "events.EventChange",
    fields=("actor",),
    tells=("event", "verb", "day", "at"),
    purpose="who changed a session, so that a moved date can be explained",
    retention=timedelta(days=5 * 365),
    clock="at",
    owner="district",
    subject="actor_id",
    on_erase="blank",
)
register(
    "events.Registration",
    fields=("name", "organisation_name", "email", "phone"),
    tells=(
        "district",
        "occurrence__event",
        "occurrence__day",
        "kind",
        "seats",
        "state",
        "created_at",
        "promoted_at",
        "cancelled_at",
        "ends_at",
    ),
    purpose="who has a place in a session, to tell them when it is moved",
    # The clock itself lies so many days after the session as the office decided.
    retention=timedelta(0),
    clock="ends_at",
    owner="district",
    # By their link people reach one registration, which its key stands for.
    subject=("email", "phone", "key"),
    on_erase="delete",
)
register(
    "events.CalendarLink",
    fields=("member",),
    tells=("district", "created_at", "revoked_at"),
    purpose="whose private calendar an address opens",
    retention=timedelta(days=365),
    clock="revoked_at",
    owner="district",
    subject="member_id",
    on_erase="delete",
)
register(
    "events.Reminder",
    fields=("member",),
    tells=("occurrence__event", "occurrence__day", "what", "state", "due_at", "sent_at"),
    purpose="whom a mail about a session is owed",
    retention=timedelta(days=90),
    clock="due_at",
    owner="district",
    subject="member_id",
    on_erase="delete",
)
register(
    "events.SessionReport",
    fields=("author", "sent_by", "decided_by"),
    tells=("occurrence__event", "occurrence__day", "state", "created_at", "sent_at", "accepted_at"),
    purpose="which member reported on a session and which other one accepted it",
    retention=timedelta(days=5 * 365),
    clock="modified_at",
    owner="district",
    subject=("author_id", "sent_by_id", "decided_by_id"),
    on_erase="blank",
)
register(
    "events.ReportFile",
    fields=("photo", "preview", "blurred", "caption", "consent_reference", "uploaded_by"),
    purpose="photos and scans that show that a session took place",
    retention=timedelta(days=2 * 365),
    clock="created_at",
    owner="district",
    # The office's, not its uploader's: erasing those takes their name off it (see below).
    subject=(),
    on_erase="delete",
)
register(
    "events.Participant",
    fields=(
        *("name", "folded", "organisation", "organisation_name", "position", "region", "phone"),
        *("disability", "consent"),
    ),
    tells=("district", "organisation", "region", "sex", "age_group", "created_at", "keep_until"),
    purpose="who came to which session, for its attendance list and to see who comes again",
    # The day itself: an adult so long after their last session as the office decided, a child
    # until the school year ends. What stays for the figures is sex and age group.
    retention=timedelta(0),
    clock="keep_until",
    owner="district",
    subject=("key", "phone"),
    on_erase="blank",
)
exempt("events.Participant", "age_group", because="a band of years; it stays for the figures")
register(
    "events.PersonMerge",
    fields=("into", "other"),
    tells=("district", "merged_at", "kept_until"),
    purpose="which two people were taken for one, so that it can be undone for a while",
    retention=timedelta(days=UNDO_DAYS),
    clock="merged_at",
    owner="district",
    subject=("into__key", "other__key"),
    on_erase="delete",
)
register(
    "events.MergedAttendance",
    fields=("recorded_by",),
    tells=("occurrence__event", "occurrence__day", "server_time"),
    purpose="who wrote down what held before a merge; it goes with the merge",
    retention=None,
    clock="server_time",
    owner="district",
    subject="recorded_by_id",
    on_erase="blank",
)
for label in ("events.Attendance", "events.Headcount", "events.OrganisationAttendance"):
    register(
        label,
        fields=("recorded_by",),
        tells=("occurrence__event", "occurrence__day", "server_time"),
        purpose="which member wrote down who came, so that a mistake can be asked about",
        retention=timedelta(days=2 * 365),
        clock="server_time",
        owner="district",
        subject="recorded_by_id",
        on_erase="blank",
    )
exempt("events.Headcount", "age_group", because="a band of years that a number of people share")
register(
    "events.CheckInDoor",
    fields=("opened_by",),
    tells=("occurrence__event", "occurrence__day", "created_at", "closed_at"),
    purpose="which member let people check in by themselves",
    retention=timedelta(days=365),
    clock="created_at",
    owner="district",
    subject="opened_by_id",
    on_erase="blank",
)
register(
    "events.Device",
    fields=("member", "label"),
    tells=("district", "created_at", "seen_at", "revoked_at"),
    purpose="which member a device sends entries for",
    retention=timedelta(days=365),
    clock="revoked_at",
    owner="district",
    subject="member_id",
    on_erase="delete",
)
register(
    "events.Certificate",
    fields=("name", "issued_by", "revoked_by"),
    tells=("district", "title", "first_day", "last_day", "issued_at", "revoked_at"),
    purpose="whose certificate a serial is, so that it can be verified",
    retention=timedelta(days=5 * 365),
    clock="issued_at",
    owner="district",
    subject="participant__key",
    on_erase="delete",
)
register(
    "events.SheetUpload",
    fields=("file", "uploaded_by"),
    tells=("occurrence__event", "occurrence__day", "created_at"),
    purpose="an attendance sheet between being handed in and being recorded",
    retention=timedelta(days=1),
    clock="created_at",
    owner="district",
    subject="uploaded_by_id",
    on_erase="delete",
)
register(
    "events.SheetExport",
    fields=("file", "asked", "asked_by"),
    tells=("what", "occurrence__event", "occurrence__day", "state", "created_at"),
    purpose="a long list between being asked for and being fetched",
    retention=timedelta(days=1),
    clock="created_at",
    owner="district",
    subject="asked_by_id",
    on_erase="delete",
)
exempt(
    "events.Speaker",
    "name",
    because="an official or speaker in a public function, announced with the session",
)
exempt("events.Speaker", "organisation_name", because="the name of an organisation")
for name in ("address", "latitude", "longitude"):
    exempt("events.Event", name, because="where a session is held; of guarded ones nobody is told")


def _uploads_of(who: Subject) -> QuerySet:
    if who.user_id is None:
        return ReportFile.objects.none()
    return who.within(ReportFile.objects.filter(uploaded_by=who.user_id))


def _uploaded(who: Subject) -> list[dict[str, Any]]:
    return list(_uploads_of(who).order_by("pk").values("id", "kind", "caption", "created_at"))


def _unsign(who: Subject) -> int:
    """The office keeps its photos and scans, and not who handed them in."""
    return _uploads_of(who).update(uploaded_by=None)


def _drop_sheets(who: Subject) -> int:
    """A sheet of an office that knew the person may name them, and would bring them back."""
    known = who.within(Participant.objects.filter(key__in=who.persons))
    offices, count = set(known.values_list("district", flat=True)), 0
    for entry in entries():
        if entry.model in {SheetExport, SheetUpload}:
            rows = entry.model.objects.filter(district__in=offices)
            count += erase_rows(entry, rows, Erasure())
        if entry.model is SheetExport:
            # Lists of registrations and of planners name people who never came; a list that was
            # asked for within a day is soon asked for again.
            rows = who.within(SheetExport.objects.exclude(what=SheetExport.ATTENDANCE))
            count += erase_rows(entry, rows, Erasure())
    return count


def _free_places(_who: Any) -> int:
    """Places of registrations that are gone now go to who waits, at whichever office.

    Nothing personal is counted.
    """
    from events.services.places import recount

    recount(timezone.now())
    return 0


register_identity("events: people who came", widen)
register_reach(
    "events: sessions a person came to",
    export=sessions_of,
    erase=lambda _who: 0,
    heeds_site=True,
)
register_reach(
    "events: places of dates", export=lambda _who: [], erase=_free_places, heeds_site=True
)
register_reach(
    "events: sheets that name people",
    export=lambda _who: [],
    erase=_drop_sheets,
    heeds_site=True,
)
register_reach(
    "events: photos and scans a member handed in", export=_uploaded, erase=_unsign, heeds_site=True
)
