"""Keeps what a tally form holds, and says in the form why it could not."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from modules.forms.tally import TallyForm
from modules.models import ClassRun, Tally
from modules.services.tallying import tally

SAVED = frozenset({"created", "already"})


def source_of(run: ClassRun) -> str:
    is_paper = run.mode == ClassRun.Mode.PAPER
    return str(Tally.Source.PAPER if is_paper else Tally.Source.HANDS)


def current_of(rows: list[Tally]) -> dict[tuple[str, UUID], Tally]:
    """The true tally of each (phase, item) among these."""
    ordered = sorted(rows, key=lambda row: (row.sequence, row.key.int))
    return {(row.phase, row.item): row for row in ordered}


def save(
    form: TallyForm, *, run: ClassRun, told: frozenset[UUID], now: datetime
) -> tuple[int, int | None]:
    """(status, seconds to wait or None) of keeping the form; 2xx where it is kept.

    `told` are the keys this run has heard: a repeat of one is harmless. A form that was opened
    before somebody else counted is refused with 409 and both versions, never kept over theirs.
    """
    counts = form.counts()
    if counts is None:
        return 422, None
    if form.is_blank:
        form.error = _("Nothing stands here yet. Write 0 where nobody is.")
        return 422, None
    current = form.current
    if current is not None and form.sequence <= current.sequence and form.key not in told:
        form.others = [(field.mark, current.counts.get(field.key, 0)) for field in form.fields]
        form.error = _(
            "Meanwhile this question was counted elsewhere. Your numbers are still here: "
            "save once more if yours are right."
        )
        form.renew()
        return 409, None
    outcome = tally(
        run=run,
        key=form.key,
        phase=form.question.phase,
        item=form.question.item.id,
        source=source_of(run),
        counts=counts,
        sequence=form.sequence,
        people=form.people,
        now=now,
    )
    if outcome.status in SAVED:
        form.is_saved = True
        return outcome.http, None
    if outcome.status == "conflict" and outcome.retry_after is None:
        form.error = _(
            "Other numbers were saved from this page before. Save once more to correct them."
        )
        form.renew()
    else:
        form.error = outcome.reason
    return outcome.http, outcome.retry_after


def with_wait(response: HttpResponse, seconds: int | None) -> HttpResponse:
    if seconds is not None:
        response["Retry-After"] = str(seconds)
    return response
