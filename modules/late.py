"""What one person adds to figures that somebody has read already, or takes away, is not told.

The figures of a session can be read when it has ended. Where it is opened again, whoever is sent
out since keeps counting, and who answers since is added in whole groups of five: else the
difference between two looks would be the answer of one pupil.
"""

from datetime import datetime

from django.db.models import Q, QuerySet

from modules.figures import SMALL
from modules.models import ClassRun, Participant, Submission, SurveyAnswer


def first_end(run: ClassRun, ended: datetime) -> dict[str, object]:
    """Fields of a run that is opened again after `ended`: when it could be read first."""
    if run.first_ended_at is not None:
        return {}
    return {"first_ended_at": ended, "sheets_then": run.survey_answers.count()}


def counted_people(run: ClassRun) -> QuerySet:
    """Whose answers count: all but those who were sent out before anybody read the figures."""
    stays = Q(removed_at__isnull=True)
    if run.first_ended_at is not None:
        stays |= Q(removed_at__gt=run.first_ended_at)
    return Participant.objects.filter(stays, run=run)


def counted_submissions(run: ClassRun) -> tuple[list[Submission], bool]:
    """(the first attempts that count, whether others wait for their group of five)."""
    rows = Submission.objects.filter(run=run, participant__in=counted_people(run), attempt=1)
    found = list(rows.order_by("pk"))
    ended = run.first_ended_at
    if ended is None:
        return found, False
    # In the order in which they came late for the first time.
    late = list(dict.fromkeys(row.participant_id for row in found if row.at > ended))
    told = set(late[: _whole_groups(len(late))])
    kept = [row for row in found if row.at <= ended or row.participant_id in told]
    return kept, len(kept) < len(found)


def counted_sheets(run: ClassRun, sheets: list[SurveyAnswer]) -> tuple[list[SurveyAnswer], bool]:
    """The same of sheets of the survey, which know neither who nor when."""
    if run.first_ended_at is None:
        return sheets, False
    own = sorted(sheet.pk for sheet in sheets if sheet.run_id == run.pk)
    late = own[run.sheets_then :]
    waiting = set(late[_whole_groups(len(late)) :])
    return [sheet for sheet in sheets if sheet.pk not in waiting], bool(waiting)


def _whole_groups(number: int) -> int:
    return number // SMALL * SMALL
