"""Who registered for a date: in which order they are listed, and their list as a table."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, Exists, IntegerField, OuterRef, QuerySet, Value, When
from django.utils.translation import gettext as _

from events.models import Occurrence, Registration, Reminder
from events.sheets.tables import Column, Table

State = Registration.State
ORDER = {State.IN: 0, State.WAITING: 1, State.CANCELLED: 2}


def registrations_of(row: Occurrence) -> QuerySet:
    """Those with a place, then those who wait in their order, then those who cancelled."""
    failed = Reminder.objects.filter(registration=OuterRef("pk"), state=Reminder.State.FAILED)
    whens = [When(state=state, then=Value(number)) for state, number in ORDER.items()]
    return (
        Registration.objects.for_district(row.district_id)
        .filter(occurrence=row)
        .annotate(
            mail_failed=Exists(failed),
            part=Case(*whens, output_field=IntegerField(), default=3),
        )
        .order_by("part", "pk")
    )


def registrations_table(rows: QuerySet, row: Occurrence) -> Table:
    return Table(_("Registrations"), _columns(), _lines(rows, row))


def _columns() -> list[Column]:
    return [
        Column(_("State"), 14, _("Whether they have a place, wait for one, or cancelled.")),
        Column(_("Who comes"), 18, _("One adult, or people of an organisation.")),
        Column(_("Name"), 28, _("Who registered.")),
        Column(_("Organisation"), 28, _("For which organisation they come, if any.")),
        Column(_("People"), 8, _("How many places they take.")),
        Column(_("E-mail"), 28, _("Where they are reminded, and told if the date is moved.")),
        Column(_("Telephone"), 18, _("The same, by telephone or WhatsApp.")),
        Column(_("Registered on"), 18, _("When they registered, in the time of the session.")),
    ]


def _lines(rows: QuerySet, row: Occurrence) -> Iterator[list[Any]]:
    zone = ZoneInfo(row.event.timezone)
    for one in rows.iterator(chunk_size=500):
        yield [
            one.get_state_display(),
            one.get_kind_display(),
            one.name,
            one.organisation_name,
            one.seats,
            one.email,
            one.phone,
            one.created_at.astimezone(zone),
        ]
