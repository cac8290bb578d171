"""An office's action plan as a spreadsheet."""

import io
from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language, gettext

from districts.commitment_view import plan_of
from districts.hours import local_date
from districts.models import District
from safeguards import generation
from safeguards.cells import write_xlsx

# Excel writes days and months in Indonesian wherever it runs.
INDONESIAN_DATE = "[$-421]d mmmm yyyy"
ENGLISH_DATE = "[$-809]d mmmm yyyy"


def plan_sheet(district: District, now: datetime | None = None) -> bytes:
    """The published commitments as XLSX, one a row; made once until something changes."""
    now = now or timezone.now()
    today = local_date(now, district.timezone)
    key = ("plan sheet", district.pk, get_language(), today)
    return generation.remembered(key, lambda: _sheet(district, now))


def _sheet(district: District, now: datetime) -> bytes:
    header = [
        gettext("Number"),
        gettext("Measure"),
        gettext("Who answers for it"),
        gettext("Due"),
        gettext("Status"),
        gettext("Since"),
        gettext("Past its due date"),
        gettext("How it is measured"),
        gettext("Issue areas"),
        gettext("What readers should know"),
        gettext("Newest note"),
    ]
    rows = (
        [
            row.number,
            row.measure,
            row.owner,
            row.due,
            row.label,
            row.since,
            row.late,
            row.indicator,
            ", ".join(row.issues),
            row.description,
            next((step.note for step in row.steps if step.note), ""),
        ]
        for row in plan_of(district, now).rows
    )
    target = io.BytesIO()
    write_xlsx(
        target,
        header,
        rows,
        title=gettext("Commitments"),
        date_format=ENGLISH_DATE if get_language() == "en" else INDONESIAN_DATE,
        widths=(9, 48, 32, 20, 16, 20, 26, 48, 32, 48, 48),
    )
    return target.getvalue()
