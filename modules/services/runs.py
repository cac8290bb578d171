"""A run from its plan to its end. Everything that a screen has to show raises its pulse."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from districts.models import District
from modules.agenda import agenda
from modules.codes import new_code
from modules.days import day_at
from modules.editions import NothingToTeach, edition_of, frozen
from modules.late import an_end, ended_at
from modules.models import ClassRun, Edition, Group, ModulePage, RunCount
from modules.services.groups import Cell, check_cells
from modules.standing import is_objection, module_of, read_standings
from safeguards import audit, facts
from safeguards.identifiers import refuse_identity_numbers

KIND = "modules.run"
OPEN_FOR = timedelta(hours=3)
EXTENDED_BY = timedelta(minutes=30)
OPEN_AT_MOST = timedelta(hours=12)
REOPEN_WITHIN = timedelta(hours=24)
MOST_PARTICIPANTS = 600
Mode, State = ClassRun.Mode, ClassRun.State


class NotNow(Exception):
    """The run can't do this in its state; the message says why, for the facilitator."""


def plan_run(
    *,
    district: District,
    facilitator: Any,
    key: UUID,
    module: ModulePage,
    mode: str,
    cells: Iterable[Cell],
    now: datetime,
    group: Group | None = None,
    group_label: str = "",
    lessons: list[int] | None = None,
    planned_for: date | None = None,
    continues: ClassRun | None = None,
    client_time: datetime | None = None,
    was_held: bool = False,
) -> facts.Outcome:
    """Record a run once, however often its form is sent; `response` is {"run": pk}.

    `lessons` are indexes, None for all. `continues` is an earlier run of the same module whose
    course this one goes on with. A module that is past its day, withdrawn, without a lesson or
    objected to by this district is refused with 410; `was_held` asks none of this, because the
    session is over.
    """
    source = ModulePage.objects.select_related("locale").get(pk=module.source_id)
    theirs = [group, continues]
    if any(one is not None and one.district_id != district.pk for one in theirs) or (
        continues is not None and not _goes_on(continues, source, group)
    ):
        return facts.Outcome("rejected", 422, reason=_("Please choose what to teach, and how."))
    # A repeat means what the first one meant, whatever was published or withdrawn meanwhile.
    known = ClassRun.objects.filter(district=district, key=key).select_related("edition").first()
    try:
        kept = check_cells(cells)
        refuse_identity_numbers(group_label)
        if known is not None:
            edition = known.edition
        elif was_held:
            edition = edition_of(source)
        elif is_objection(read_standings(district).get(module_of(source)), district):
            raise NothingToTeach(source.pk)
        elif continues is not None and source.may_be_held(day_at(district, now)):
            edition = continues.edition
        else:
            edition = edition_of(_offered(source, day_at(district, now)))
    except ValidationError as error:
        return facts.Outcome("rejected", 422, reason=" ".join(error.messages))
    except NothingToTeach:
        return facts.Outcome(
            "rejected", 410, reason=_("This module can't be taught now. Please choose another one.")
        )
    chosen = _lessons(edition, lessons)
    if not chosen or mode not in Mode.values:
        return facts.Outcome("rejected", 422, reason=_("Please choose what to teach, and how."))
    body = {
        "module": source.pk,
        "edition": edition.pk,
        "mode": mode,
        "group": group.pk if group else None,
        "label": "" if group else group_label,
        "cells": [[c.sex, c.age_group, c.with_disability, c.number] for c in kept],
        "lessons": chosen,
        "planned_for": planned_for,
        "continues": continues.pk if continues else None,
    }

    def apply() -> dict[str, Any]:
        last = max(range(len(frozen(edition.pk).lessons)))
        run = ClassRun(
            district=district,
            key=key,
            edition=edition,
            facilitator=facilitator,
            group=group,
            group_label=group.label if group else group_label,
            mode=mode,
            lessons=chosen,
            asks_before=0 in chosen,
            asks_after=last in chosen,
            planned_for=planned_for,
            created_at=now,
        )
        if continues is not None:
            run.series = continues.series
        run.save()
        RunCount.objects.bulk_create(
            RunCount(
                run=run,
                sex=cell.sex,
                age_group=cell.age_group,
                with_disability=cell.with_disability,
                number=cell.number,
            )
            for cell in kept
        )
        return {"run": run.pk}

    return facts.accept(
        kind=KIND,
        key=key,
        body=body,
        site=district.site,
        apply=apply,
        client_time=client_time,
        subjects=[facilitator],
        now=now,
    )


def open_run(*, run: ClassRun, now: datetime) -> ClassRun:
    """Let people in: a code, a waiting room, an end in three hours. Safe to repeat."""
    if run.state == State.OPEN:
        return run
    if run.state == State.CLOSED:
        raise NotNow(_("This session has ended. It can be opened again within a day."))
    if not run.edition.page.may_be_held(day_at(run.district, now)):
        raise NotNow(_("This module was taken back. Please choose another one."))
    return _changed(
        run,
        now,
        state=State.OPEN,
        opened_at=now,
        closes_at=now + OPEN_FOR,
        step=0,
        step_began_at=now,
        with_code=True,
        only_from=State.PLANNED,
    )


def go_to(*, run: ClassRun, step: int, now: datetime, seen: int | None = None) -> ClassRun:
    """Show a point of the agenda. `seen` is the step the facilitator saw; another one raises
    NotNow, because somebody else, or an older tap, has moved the run meanwhile."""
    _must_be_open(run, now)
    if not 0 <= step < len(agenda(run)):
        raise NotNow(_("There is no such step."))
    moving = ClassRun.objects.filter(pk=run.pk, state=State.OPEN)
    if seen is not None:
        moving = moving.filter(step=seen)
    if not moving.update(step=step, step_began_at=now, pulse=F("pulse") + 1):
        raise NotNow(_("The session is at another step already. Look where it is, then go on."))
    run.refresh_from_db()
    return run


def lock_run(*, run: ClassRun, locked: bool, now: datetime) -> ClassRun:
    """Let nobody else in, or let them in again; who is in stays in."""
    _must_be_open(run, now)
    return _changed(run, now, locked=locked)


def extend_run(*, run: ClassRun, now: datetime) -> ClassRun:
    """Half an hour more, up to twelve hours since it was opened; NotNow where these are over."""
    _must_be_open(run, now)
    began = run.reopened_at or run.opened_at
    ends = min(run.closes_at + EXTENDED_BY, began + OPEN_AT_MOST)
    if ends <= run.closes_at:
        raise NotNow(
            _(
                "A session stays open for twelve hours at most, and these are full, so nothing was "
                "added. When it has ended you can open it again."
            )
        )
    return _changed(run, now, closes_at=ends)


def close_run(*, run: ClassRun, now: datetime) -> ClassRun:
    """End the run: no more answers. Safe to repeat."""
    if run.state == State.CLOSED:
        return run
    return _changed(run, now, state=State.CLOSED, closed_at=now)


def end_held(*, run: ClassRun, began: datetime | None, now: datetime) -> ClassRun:
    """End a run that was held without us: it never opens here, so no code is drawn."""
    opened = min(began or now, now)
    return _changed(run, now, state=State.CLOSED, opened_at=opened, closes_at=now, closed_at=now)


def reopen_run(*, run: ClassRun, now: datetime) -> ClassRun:
    """Go on within a day of the end, with the same code and the same people."""
    if not is_over(run, now):
        return run
    ended = ended_at(run)
    if ended is None or now - ended > REOPEN_WITHIN:
        raise NotNow(_("This session ended more than a day ago. Begin a new one."))
    if not run.edition.page.may_be_held(day_at(run.district, now)):
        raise NotNow(_("This module was taken back. Please choose another one."))
    return _changed(
        run,
        now,
        state=State.OPEN,
        opened_at=run.opened_at or now,
        reopened_at=now,
        closed_at=None,
        closes_at=now + EXTENDED_BY,
        with_code=True,
        **an_end(run, ended_at(run)),
    )


def remove_participant(*, run: ClassRun, participant: int, actor: Any, now: datetime) -> bool:
    """Send a device out; its answers to questions stay out of the figures, unless those were read
    before. A sheet of the survey stays in them, since nobody can tell whose it is. False where the
    device is not of this run, or the run has ended."""
    if not is_running(run, now):
        return False
    with transaction.atomic():
        gone = run.participants.filter(pk=participant, removed_at__isnull=True).update(
            removed_at=now
        )
        if gone:
            ClassRun.objects.filter(pk=run.pk).update(pulse=F("pulse") + 1)
            audit.record(
                verb="run.participant_removed",
                actor_id=actor.pk,
                obj=run,
                site=run.district.site_id,
                participant=participant,
            )
    return bool(gone)


def is_over(run: ClassRun, now: datetime) -> bool:
    """Closed, or past its end whatever a clock elsewhere did."""
    if run.state == State.CLOSED:
        return True
    return run.state == State.OPEN and run.closes_at is not None and now >= run.closes_at


def is_running(run: ClassRun, now: datetime) -> bool:
    return run.state == State.OPEN and not is_over(run, now)


def _changed(
    run: ClassRun, now: datetime, *, with_code: bool = False, only_from: str = "", **values: Any
) -> ClassRun:
    """Write values and raise the pulse in one statement; a code that is taken is drawn again.

    `only_from` is the state it must still have: of two at the same moment the second changes
    nothing, and sees what the first one did.
    """
    changing = ClassRun.objects.filter(pk=run.pk)
    if only_from:
        changing = changing.filter(state=only_from)
    needs_code = with_code and not run.code
    while True:
        if needs_code:
            values["code"] = new_code()
        try:
            with transaction.atomic():
                changing.update(**values, pulse=F("pulse") + 1)
            break
        except IntegrityError:
            if not needs_code:
                raise
    run.refresh_from_db(fields=["state", "pulse", "code", *values])
    return run


def _must_be_open(run: ClassRun, now: datetime) -> None:
    if not is_running(run, now):
        raise NotNow(_("This session is not running. Open it first."))


def _goes_on(earlier: ClassRun, source: ModulePage, group: Group | None) -> bool:
    """Whether a run can go on with this course: of the module and the group, with a lesson left."""
    own = earlier.edition.page_id == source.pk and earlier.group_id == (group.pk if group else None)
    return own and not is_finished(earlier)


def is_finished(run: ClassRun) -> bool:
    """Whether the last lesson of its course was held or is planned."""
    parts = ClassRun.objects.filter(series=run.series, district=run.district_id)
    return parts.filter(asks_after=True).exists()


def _offered(source: ModulePage, today: date) -> ModulePage:
    if not source.is_offered(today):
        raise NothingToTeach(source.pk)
    return source


def _lessons(edition: Edition, wanted: list[int] | None) -> list[int]:
    there = range(len(frozen(edition.pk).lessons))
    return list(there) if wanted is None else sorted({n for n in wanted if n in there})
