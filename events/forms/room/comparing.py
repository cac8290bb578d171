"""Two versions of one session side by side: the one that stands now and the one being sent."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from districts.forms import opened
from districts.forms.opened import NOTHING, Difference
from events.forms.room.plan import PlanForm


def compared(form: PlanForm, theirs: dict[str, Any]) -> list[Difference]:
    """Where a bound form differs from the values that stand now, in words."""
    found = opened.compared(form, {name: form.initial.get(name) for name in form.fields})
    stands = _speakers(theirs.get("speakers") or ())
    typed = _speakers(
        {part: row[part].value() or "" for part in ("name", "org", "topic")}
        for row in form.speakers
    )
    if stands != typed:
        found.append(Difference(_("Speakers"), stands, typed))
    return found


def _speakers(rows: Iterable[dict[str, str]]) -> str:
    lines = [
        ", ".join(filter(None, [row["name"], row["org"], row["topic"]]))
        for row in rows
        if row["name"]
    ]
    return "; ".join(lines) or NOTHING
