"""Answers of participants: questions of a step, and the survey before and after."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from modules.editions import frozen
from modules.items import Item, UnknownAnswer
from modules.models import ClassRun, Participant, Submission, SurveyAnswer
from modules.models.answers import Phase
from modules.pictures import is_pair_code
from modules.scoring import Verdict, judge, read_answer
from modules.services.runs import is_running
from safeguards import facts

KIND, SURVEY_KIND = "modules.submission", "modules.survey"
# A self-check may be tried again; what is scored counts once.
MOST_ATTEMPTS = 20


def submit(
    *,
    run: ClassRun,
    participant: Participant,
    key: UUID,
    item: UUID,
    given: Any,
    now: datetime,
    client_time: datetime | None = None,
) -> facts.Outcome:
    """Keep one answer once. `response` is {"item", "attempt", "right", "points"}.

    Refused: 410 when the run is over, 403 for who was sent out or is of another run, 422 for an
    unknown question or an answer that does not fit, 409 for a second answer to what is scored.
    """
    refused = _refusal(run, participant, key, now)
    if refused is not None:
        return refused
    question = frozen(run.edition_id).items.get(item)
    if question is None or not question.is_answered:
        return _rejected(422, _("This question is not part of the session."))
    try:
        answer = read_answer(question, given)
    except UnknownAnswer:
        return _rejected(422, _("Please choose an answer first, or skip the question."))
    verdict = judge(question, answer)

    def apply() -> dict[str, Any]:
        # The lock on the participant makes attempts of one device come one after another.
        Participant.objects.select_for_update().get(pk=participant.pk)
        before = Submission.objects.filter(participant=participant, item=item).count()
        if before and question.scored:
            raise facts.Refused(
                _("You have answered this one already; the first answer counts."), http=409
            )
        if before >= MOST_ATTEMPTS:
            raise facts.Refused(_("That were many tries. Talk about it with your group."), http=409)
        Submission.objects.create(
            run=run,
            participant=participant,
            key=key,
            item=item,
            attempt=before + 1,
            answer=answer,
            is_right=verdict.right,
            points=verdict.points,
            at=now,
        )
        return {
            "item": str(item),
            "attempt": before + 1,
            "right": verdict.right,
            "points": verdict.points,
        }

    return facts.accept(
        kind=KIND,
        key=key,
        body={"run": run.pk, "participant": participant.pk, "item": str(item), "answer": answer},
        site=run.district.site,
        apply=apply,
        client_time=client_time,
        now=now,
    )


def verdict_on(run: ClassRun, submission: Submission) -> Verdict:
    """What whoever answered is told about their answer, whenever they look again."""
    item = frozen(run.edition_id).items[submission.item]
    return judge(item, submission.answer)


def answer_survey(
    *,
    run: ClassRun,
    participant: Participant,
    key: UUID,
    phase: str,
    given: Mapping[UUID, Any],
    pair_code: str,
    now: datetime,
    client_time: datetime | None = None,
) -> facts.Outcome:
    """Keep one sheet of the survey, apart from who sent it. `response` is {"phase"}.

    `given` maps items to the number of a choice or 1–5; what was skipped is left out. Refused as
    `submit` does.
    """
    refused = _refusal(run, participant, key, now)
    if refused is not None:
        return refused
    asks = {Phase.BEFORE: run.asks_before, Phase.AFTER: run.asks_after}
    if not asks.get(phase):
        return _rejected(422, _("This session does not ask that."))
    questions = {question.id: question for question in frozen(run.edition_id).survey}
    try:
        answers = {
            str(item): _survey_value(questions[item], value) for item, value in given.items()
        }
    except (KeyError, UnknownAnswer):
        return _rejected(422, _("These answers do not fit the questions. Please look again."))
    if pair_code and not is_pair_code(pair_code):
        return _rejected(422, _("Please choose three pictures, or none."))
    field = "before_at" if phase == Phase.BEFORE else "after_at"

    def apply() -> dict[str, Any]:
        first = Participant.objects.filter(pk=participant.pk, **{f"{field}__isnull": True})
        if not first.update(**{field: now}):
            raise facts.Refused(
                _("You have answered these questions already. Thank you."), http=409
            )
        SurveyAnswer.objects.create(
            run=run,
            series=run.series,
            key=key,
            phase=phase,
            order=survey_order(participant),
            pair_code=pair_code,
            answers=answers,
            day=timezone.localdate(now),
        )
        return {"phase": str(phase)}

    return facts.accept(
        kind=SURVEY_KIND,
        key=key,
        # The participant is left out: the answers shall not be traced back to a nickname.
        body={"run": run.pk, "phase": str(phase), "answers": answers, "pair": pair_code},
        site=run.district.site,
        apply=apply,
        client_time=client_time,
        now=now,
    )


def survey_order(participant: Participant) -> str:
    """A: as written; B: from the last to the first. Half of the devices get each."""
    return "AB"[participant.key.int % 2]


def in_order(survey: tuple[Item, ...], order: str) -> list[Item]:
    return list(survey) if order == "A" else list(reversed(survey))


def _survey_value(question: Item, value: Any) -> int:
    name = "value" if question.kind == "likert" else "choice"
    return read_answer(question, {name: value})[name]


def _refusal(
    run: ClassRun, participant: Participant, key: UUID, now: datetime
) -> facts.Outcome | None:
    if participant.run_id != run.pk or participant.removed_at is not None:
        return _rejected(403, _("This device is not in the session any more."))
    if is_running(run, now):
        return None
    # What was kept before the end is told again: the answer did arrive.
    if (
        Submission.objects.filter(run=run, key=key).exists()
        or SurveyAnswer.objects.filter(run=run, key=key).exists()
    ):
        return None
    return _rejected(410, _("The session has ended, so this answer came too late."))


def _rejected(http: int, reason: str) -> facts.Outcome:
    return facts.Outcome("rejected", http, reason=reason)
