"""Answers of participants: questions of a step, and the survey before and after."""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from modules.agenda import question_of
from modules.editions import frozen
from modules.items import Item, UnknownAnswer
from modules.late import in_this_sitting
from modules.models import ClassRun, Participant, Submission, SurveyAnswer
from modules.models.answers import Phase
from modules.pictures import is_pair_code
from modules.scoring import Verdict, judge, read_answer
from modules.services.runs import is_running
from safeguards import facts
from safeguards.compiled import CompiledInsert, CompiledQuery

KIND, SURVEY_KIND = "modules.submission", "modules.survey"
# A self-check may be tried again; what is scored counts once.
MOST_ATTEMPTS = 20
_ATTEMPTS = CompiledQuery(
    lambda **named: Submission.objects.filter(**named).values_list("attempt"),
    participant_id=int,
    item=UUID,
)
_SUBMISSION = CompiledInsert(Submission)
_ENDS = ("state", "closes_at", "earlier_ends")
_RUN = CompiledQuery(lambda **named: ClassRun.objects.filter(**named).only(*_ENDS), pk=int)


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
    question = question_of(run, item)
    if question is None or not question.is_answered:
        return _rejected(422, _("This question is not part of the session."))
    try:
        answer = read_answer(question, given)
    except UnknownAnswer:
        return _rejected(422, _("Please choose an answer first, or skip the question."))
    verdict = judge(question, answer)
    # Read before the lock: it only grows, and where another answer of this device takes the place
    # at the same moment, the constraint says so and it is read again.
    before = _attempts(participant, question)

    def apply() -> dict[str, Any]:
        nonlocal before
        told = {"item": str(item), "right": verdict.right, "points": verdict.points}
        # Read once more without a lock: what waited while the run ended is no part of its figures.
        there = _RUN.instances(pk=run.pk)
        if not there or not is_running(there[0], now):
            raise facts.Refused(_too_late(), http=410)
        for _try in range(MOST_ATTEMPTS):
            attempt = _next_attempt(question, before)
            added = _SUBMISSION.row(
                run_id=run.pk,
                participant_id=participant.pk,
                key=key,
                item=item,
                attempt=attempt,
                answer=answer,
                is_right=verdict.right,
                points=verdict.points,
                at=in_this_sitting(there[0], now),
            )
            if added is not None:
                return told | {"attempt": attempt}
            before = _attempts(participant, question)
        raise facts.Refused(_("That were many tries. Talk about it with your group."), http=409)

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
) -> facts.Outcome:
    """Keep one sheet of the survey, apart from who sent it. `response` is {"phase"}.

    `given` maps items to the number of a choice or 1–5; what was skipped is left out. Refused as
    `submit` does. Nothing that is stored leads from a sheet to a device: times are whole days
    (the clock of a device, which may be off in its own way, is not kept at all), sheets stand in
    no order but before or after an end of the run, and the fact holds keyed digests in the place of
    the sheet's key and answers.
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
        return _rejected(
            422, _("Please choose three different pictures, or “No picture” in every row.")
        )
    field = "before_at" if phase == Phase.BEFORE else "after_at"
    # The day alone: a moment would join a sheet to whoever sent it.
    zone = ZoneInfo(run.district.timezone)
    today = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)

    def apply() -> dict[str, Any]:
        first = Participant.objects.filter(pk=participant.pk, **{f"{field}__isnull": True})
        if not first.update(**{field: today}):
            raise facts.Refused(
                _("You have answered these questions already. Thank you."), http=409
            )
        # The row is the lock: what comes after an end is known to, and is no part of what was read.
        locked = ClassRun.objects.select_for_update(no_key=True).only(*_ENDS)
        there = locked.filter(pk=run.pk).first()
        if there is None or not is_running(there, now):
            raise facts.Refused(_too_late(), http=410)
        SurveyAnswer.objects.create(
            # By lot, so that the order of the rows says nothing of who came first.
            pk=secrets.randbelow(2**53),
            run=run,
            series=run.series,
            key=_sheet_key(key),
            phase=phase,
            order=survey_order(participant),
            pair_code=pair_code,
            answers=answers,
            day=today.date(),
            sitting=len(there.earlier_ends),
        )
        return {"phase": str(phase)}

    return facts.accept(
        kind=SURVEY_KIND,
        key=key,
        body={"run": run.pk, "phase": str(phase), "sheet": _digest_of(answers, pair_code)},
        site=run.district.site,
        apply=apply,
        now=today,
    )


def survey_order(participant: Participant) -> str:
    """A: as written; B: from the last to the first. Half of the devices get each.

    Drawn with our secret: a sheet says its order, and shall not say half of a key with it.
    """
    return "AB"[_hmac("modules.survey.order", participant.key.hex)[0] % 2]


def in_order(survey: tuple[Item, ...], order: str) -> list[Item]:
    return list(survey) if order == "A" else list(reversed(survey))


def _attempts(participant: Participant, question: Item) -> int:
    return len(_ATTEMPTS.rows(participant_id=participant.pk, item=question.id))


def _next_attempt(question: Item, before: int) -> int:
    """The number of the answer that comes now; raises Refused where none may."""
    if before and question.scored:
        raise facts.Refused(
            _("You have answered this one already; the first answer counts."), http=409
        )
    if before >= MOST_ATTEMPTS:
        raise facts.Refused(_("That were many tries. Talk about it with your group."), http=409)
    return before + 1


def _sheet_key(key: UUID) -> UUID:
    return UUID(bytes=_hmac("modules.survey.key", key.hex)[:16])


def _digest_of(answers: dict[str, int], pair_code: str) -> str:
    return _hmac("modules.survey", json.dumps([answers, pair_code], sort_keys=True)).hex()


def _hmac(salt: str, text: str) -> bytes:
    return salted_hmac(salt, text, algorithm="sha256").digest()


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
        or SurveyAnswer.objects.filter(run=run, key=_sheet_key(key)).exists()
    ):
        return None
    return _rejected(410, _too_late())


def _too_late() -> str:
    return _("The session has ended, so this answer came too late.")


def _rejected(http: int, reason: str) -> facts.Outcome:
    return facts.Outcome("rejected", http, reason=reason)
