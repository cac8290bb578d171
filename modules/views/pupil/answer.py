"""A pupil's answers: kept once, and where they can't be, shown again with what was chosen."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from modules.editions import frozen
from modules.forms.pupil import (
    SKIP,
    ends_story,
    given_answer,
    given_sheet,
    number_of,
    uuid_of,
)
from modules.items import Item, UnknownAnswer
from modules.models.answers import Phase
from modules.services.answering import answer_survey, submit
from modules.views.pupil.frame import RunView
from modules.views.pupil.room import Sent, class_context
from safeguards.bodies import too_large
from safeguards.facts import Outcome
from safeguards.views import HttpResponseSeeOther

KEPT = frozenset({"created", "already"})


class Answer(RunView):
    """Takes a question (`item`) or the survey (`fase`); both carry a `key` of their own."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        if not self.is_in:
            return self.at_the_door(status=403)
        key = uuid_of(request.POST.get("key", ""))
        if too_large(request):
            reason = _("That was more than fits here. Nothing was sent.")
            return self.again(self._sent(None, reason), status=413)
        if key is None:
            reason = _("The form was not complete. Please send it once more.")
            return self.again(self._sent(None, reason), status=422)
        if "fase" in request.POST:
            return self._survey(request.POST, key)
        return self._question(request.POST, key)

    def again(self, sent: Sent, *, status: int, retry_after: int | None = None) -> HttpResponse:
        context = class_context(self.request, self.run, self.participant, now=self.now, sent=sent)
        response = self.show("room", context, status=status)
        if retry_after:
            response["Retry-After"] = str(retry_after)
        return response

    def _question(self, data: QueryDict, key: UUID) -> HttpResponse:
        number = uuid_of(data.get("item", ""))
        item = frozen(self.run.edition_id).items.get(number) if number else None
        if item is None:
            reason = _("This question is not part of the session.")
            return self.again(self._sent(key, reason), status=422)
        given = given_answer(item, data, seed=str(self.participant.key))
        if item.kind == "scenario" and SKIP not in data and _goes_on(item, given["ways"], data):
            # Nothing is kept until the story ends.
            return self.again(self._sent(key, ""), status=200)
        outcome = submit(
            run=self.run,
            participant=self.participant,
            key=key,
            item=item.id,
            given=given,
            now=self.now,
            client_time=_told_time(data),
        )
        if outcome.status in KEPT:
            return self._on(f"tanya-{item.id}")
        if item.kind == "order" and outcome.http == 422 and outcome.status == "rejected":
            return self._refused(
                outcome, key, _("Give every line a number of its own, or skip the question.")
            )
        return self._refused(outcome, key, outcome.reason)

    def _survey(self, data: QueryDict, key: UUID) -> HttpResponse:
        given, pair_code = given_sheet(data)
        phase = data["fase"]
        outcome = answer_survey(
            run=self.run,
            participant=self.participant,
            key=key,
            phase=phase if phase in Phase.values else "",
            given=given,
            pair_code=pair_code,
            now=self.now,
        )
        if outcome.status in KEPT:
            return self._on("kelas")
        return self._refused(outcome, key, outcome.reason)

    def _refused(self, outcome: Outcome, key: UUID, reason: str) -> HttpResponse:
        if outcome.http == 403:
            return self.show("sent_out", {"run": self.run}, status=403)
        if outcome.status == "conflict" and outcome.retry_after is None:
            reason = _("You have sent an answer from here before. The first one is kept.")
            # What was chosen now is not what is kept, so it is not shown as if it were.
            told = Sent(QueryDict(), item=uuid_of(self.request.POST.get("item", "")), reason=reason)
            return self.again(told, status=outcome.http)
        return self.again(
            self._sent(key, reason), status=outcome.http, retry_after=outcome.retry_after
        )

    def _sent(self, key: UUID | None, reason: str) -> Sent:
        data = self.request.POST
        return Sent(data=data, item=uuid_of(data.get("item", "")), key=key, reason=reason)

    def _on(self, anchor: str) -> HttpResponse:
        page = reverse("join_code", args=[self.run.code])
        return HttpResponseSeeOther(f"{page}#{anchor}")


def _goes_on(item: Item, ways: list[int], data: QueryDict) -> bool:
    """Whether a way was chosen, and the story has not come to an end with it."""
    try:
        return number_of(data.get("pilih")) is not None and not ends_story(item, ways)
    except UnknownAnswer:
        return False


def _told_time(data: QueryDict) -> datetime | None:
    """The phone's own clock, where a script told it; what can't be read is left out."""
    try:
        told = parse_datetime(data.get("waktu", "")[:40])
    except ValueError:
        return None
    return told if told is not None and timezone.is_aware(told) else None
