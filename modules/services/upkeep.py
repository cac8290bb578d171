"""What ends: runs whose time is over, the words of their participants, runs that are deleted.

A fact remembers what was told under its key; where the rows go that it made, its words go too.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from modules.models import ClassRun, Participant
from modules.services import answering, joining, runs, tallying
from modules.services.runs import REOPEN_WITHIN, State
from safeguards import audit
from safeguards.models import Fact
from safeguards.ticks import register_tick

# A device keeps its nickname as long as the run may be reopened.
FORGET_AFTER = REOPEN_WITHIN


def close_overdue(now: datetime) -> int:
    """Write down the end of runs whose time is over; reading does not wait for it."""
    return ClassRun.objects.filter(state=State.OPEN, closes_at__lte=now).update(
        state=State.CLOSED, closed_at=F("closes_at"), pulse=F("pulse") + 1
    )


def forget_participants(now: datetime) -> int:
    """Empty nicknames and tokens of runs that ended a day ago; return how many."""
    named = Participant.objects.exclude(nickname="", token_digest="")
    ended = ClassRun.objects.filter(
        closed_at__lt=now - FORGET_AFTER, pk__in=named.values("run")
    ).select_related("district")
    count = 0
    for run in ended:
        with transaction.atomic():
            _silence(joining.KIND, run, run.participants.all())
            count += run.participants.exclude(nickname="", token_digest="").update(
                nickname="", token_digest=""
            )
    return count


def delete_run(*, run: ClassRun, actor: Any) -> None:
    """Delete a run with its answers, counts and participants; an audit row stays."""
    with transaction.atomic():
        audit.record(verb="run.deleted", actor_id=actor.pk, obj=run, site=run.district.site_id)
        for kind, rows in (
            (joining.KIND, run.participants.all()),
            (answering.KIND, run.submissions.all()),
            (tallying.KIND, run.tallies.all()),
            (runs.KIND, ClassRun.objects.filter(pk=run.pk)),
        ):
            _silence(kind, run, rows)
        # No sheet knows the key of its fact. After the run is gone none comes any more.
        pk, _gone = run.pk, run.delete()
        _empty(Fact.objects.filter(kind=answering.SURVEY_KIND, body__run=pk), run)


def _silence(kind: str, run: ClassRun, rows: QuerySet) -> None:
    """Empty the facts that made these rows; their keys stay, so that none means something else."""
    _empty(Fact.objects.filter(kind=kind, key__in=rows.values("key")), run)


def _empty(told: QuerySet, run: ClassRun) -> None:
    told.filter(site=run.district.site_id).update(body=None, response=None)


register_tick("modules.close_overdue", close_overdue)
register_tick("modules.forget_participants", forget_participants, every=timedelta(hours=1))
