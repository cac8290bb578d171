"""The people of an office as a table."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from events.attendance import ages
from events.sheets.tables import CHUNK, Column, Table


def people_table(rows: QuerySet) -> Table:
    """Rows of `events.attendance.people.people_of`; how often is told of adults only."""
    columns = [
        Column(_("Name"), 30, _("As the person was written down.")),
        Column(_("Organisation"), 30, _("For which organisation they come, if any.")),
        Column(_("L/P"), 6, _("L for male, P for female.")),
        Column(_("Age group"), 18, _("As it was told last.")),
        Column(_("Came"), 10, _("How often they came to sessions; empty for a child.")),
        Column(_("Last time"), 14, _("The last of these days; empty for a child.")),
    ]
    return Table(_("People who came"), columns, _lines(rows))


def _lines(rows: QuerySet) -> Iterator[list[Any]]:
    labels = ages.age_groups()
    for one in rows.iterator(chunk_size=CHUNK):
        listed = one.organisation.name if one.organisation else ""
        told = (None, None) if one.is_minor else (one.times, one.last_day)
        yield [
            one.name,
            listed or one.organisation_name or None,
            one.sex,
            labels.get(one.age_group) or None,
            *told,
        ]
