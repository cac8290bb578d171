"""Class runs in a batch of facts: `kelas-jawab` an answer, `kelas-hitung` a count of hands.

Both are told by the facilitator's device. An answer is {"run", "token", "item", "answer"}, where
`token` is what the participant's device carries; a count is {"run", "phase", "item", "source",
"counts", "sequence"}.
"""

from uuid import UUID

from django.utils.translation import gettext as _

from modules.models import ClassRun
from modules.services import answering, joining, tallying
from safeguards import facts, sync
from safeguards.sync import Teller, Told

ANSWER, COUNT = "kelas-jawab", "kelas-hitung"


def run_for(told: Told, teller: Teller) -> ClassRun:
    """The teller's own run; any other is as if there were none."""
    number = told.body["run"]
    if type(number) is not int or not 0 < number < 2**63:
        raise ValueError("run")
    known = teller.memory.setdefault("class runs", {})
    if number not in known:
        known[number] = (
            ClassRun.objects.select_related("district__site", "edition")
            .filter(pk=number, facilitator=teller.member, district__site=teller.site)
            .first()
        )
    if known[number] is None:
        raise facts.Refused(_("We know no such session, or you may not write there."), http=404)
    return known[number]


def _answer(told: Told, teller: Teller) -> facts.Outcome:
    run = run_for(told, teller)
    participant = joining.carrier_of(run=run, token=str(told.body["token"])[:100])
    if participant is None:
        raise facts.Refused(_("Nobody of this session carries this answer."), http=404)
    return answering.submit(
        run=run,
        participant=participant,
        key=told.key,
        item=UUID(str(told.body["item"])),
        given=told.body["answer"],
        now=told.now,
        client_time=told.client_time,
    )


def _count(told: Told, teller: Teller) -> facts.Outcome:
    body = told.body
    counts, sequence = body["counts"], body["sequence"]
    if not isinstance(counts, dict) or type(sequence) is not int:
        raise TypeError("counts")
    return tallying.tally(
        run=run_for(told, teller),
        key=told.key,
        phase=str(body["phase"]),
        item=UUID(str(body["item"])),
        source=str(body["source"]),
        counts=counts,
        sequence=sequence,
        now=told.now,
        client_time=told.client_time,
    )


sync.register(ANSWER, _answer)
sync.register(COUNT, _count)
