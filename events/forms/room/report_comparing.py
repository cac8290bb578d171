"""Two versions of one report side by side: the one that stands now and the one being sent."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from districts.forms.opened import NOTHING, Difference
from events.forms.room.report import ReportForm
from events.models import SessionReport


def differences(form: ReportForm, report: SessionReport | None) -> list[Difference]:
    """Where a bound form differs from the report that stands now, in words."""
    stands = ReportForm(event=form.event, report=report)
    found = []
    for mine, theirs in zip(form.visible_fields(), stands.visible_fields(), strict=True):
        labels = dict(getattr(mine.field, "choices", ()))
        pair = _said(theirs.value(), labels), _said(mine.value(), labels)
        if pair[0] != pair[1]:
            found.append(Difference(str(mine.label), *pair))
    pair = _rows(stands.rows), _rows(form.rows)
    if pair[0] != pair[1]:
        found.append(Difference(_("Follow-up"), *pair))
    return found


def _said(value: Any, labels: dict[str, str]) -> str:
    if isinstance(value, list):
        return "; ".join(labels.get(str(one), str(one)) for one in value) or NOTHING
    return str(value or NOTHING).replace("\r\n", "\n").strip()


def _rows(rows: Iterable[Any]) -> str:
    lines = (
        ", ".join(filter(None, (str(row[part].value() or "") for part in ("what", "owner", "due"))))
        for row in rows
    )
    return "\n".join(line for line in lines if line) or NOTHING
