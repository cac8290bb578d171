"""Reports that a device sends: the kinds `laporan` and `laporan-kirim` of a batch.

A report is told as {"occurrence", "send", "minutes", "results", "challenges", "solutions", "cost",
"cost_source", "follow_ups": [{"what", "owner", "due"}], "commitments": [number of the row]}.
"""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from events.forms.room.plain import plain_line, plain_text
from events.models.report import LONGEST_MINUTES, LONGEST_TEXT, MOST_COST
from events.services import reporting
from events.services.syncing import occurrence_for
from safeguards import facts, sync
from safeguards.sync import Teller, Told

LONGEST = {
    "minutes": LONGEST_MINUTES,
    **dict.fromkeys(("results", "challenges", "solutions"), LONGEST_TEXT),
}
LONGEST_SOURCE, LONGEST_WHAT, LONGEST_OWNER = 120, 300, 120


def _report(told: Told, teller: Teller) -> facts.Item:
    return reporting.report_item(
        occurrence=occurrence_for(told, teller),
        actor=teller.member,
        key=told.key,
        values=_values(told.body),
        now=told.now,
        client_time=told.client_time,
        send=bool(told.body.get("send", False)),
        insists=told.insists,
    )


def _sending(told: Told, teller: Teller) -> facts.Item:
    return reporting.sending_item(
        occurrence=occurrence_for(told, teller),
        actor=teller.member,
        key=told.key,
        now=told.now,
        client_time=told.client_time,
    )


def _values(body: dict[str, Any]) -> dict[str, Any]:
    """The words as `reporting` takes them; ValueError or TypeError for what can't be read."""
    texts = {name: _short(plain_text(_text(body, name)), most) for name, most in LONGEST.items()}
    follow_ups = [_follow_up(one) for one in body.get("follow_ups", ())]
    if len(follow_ups) > reporting.MOST_FOLLOW_UPS:
        raise facts.Refused(_("This is longer than a report holds."))
    cost = body.get("cost")
    if cost is not None and not (type(cost) is int and 0 <= cost <= MOST_COST):
        raise ValueError("cost")
    commitments = body.get("commitments", [])
    if not all(type(one) is int and 0 < one < 2**63 for one in commitments):
        raise ValueError("commitments")
    return {
        **texts,
        "cost": cost,
        "cost_source": _short(plain_line(_text(body, "cost_source")), LONGEST_SOURCE),
        "follow_ups": follow_ups,
        "commitments": commitments,
    }


def _follow_up(one: dict[str, Any]) -> dict[str, Any]:
    due = one.get("due")
    what = _short(plain_line(_text(one, "what")), LONGEST_WHAT)
    if not what:
        raise facts.Refused(_("What is it that has to be done?"))
    return {
        "what": what,
        "owner": _short(plain_line(_text(one, "owner")), LONGEST_OWNER),
        "due": date.fromisoformat(due) if due else None,
    }


def _text(body: dict[str, Any], name: str) -> str:
    text = body.get(name, "")
    if not isinstance(text, str):
        raise TypeError(name)
    return text


def _short(text: str, most: int) -> str:
    if len(text) > most:
        raise facts.Refused(_("This is longer than a report holds."))
    return text


sync.register(reporting.KIND, _report)
sync.register(reporting.SEND, _sending)
