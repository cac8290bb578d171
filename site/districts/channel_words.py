"""What is said about channels on screens: fields by their names, old beside new, the history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from districts import hours as opening
from districts.models import Channel, Organisation, Region, Term
from districts.services.channel_values import PROPOSABLE

LONGEST_HISTORY = 100
LABELS = {"organisation": _("organisation")}
VERBS = {
    "proposed": _("proposed"),
    "approved": _("approved"),
    "rejected": _("refused"),
    "withdrawn": _("taken back"),
    "hidden": _("hidden"),
    "shown": _("shown again"),
    "verified": _("checked again, unchanged"),
    "link": _("link for the owner made"),
}


@dataclass(frozen=True)
class Difference:
    name: str
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class HistoryLine:
    at: datetime
    verb: str
    who: str
    rows: list[Difference]
    reason: str


class Wording:
    """Says stored values in words; organisations, regions and issues are each read once."""

    def __init__(self, *values: Mapping[str, Any]):
        organisations = {v["organisation"] for v in values if v.get("organisation")}
        regions = {v["region"] for v in values if v.get("region")}
        self.organisations = dict(
            Organisation.objects.filter(pk__in=organisations).values_list("pk", "name")
        )
        self.regions = dict(Region.objects.filter(pk__in=regions).values_list("pk", "name"))
        self.issues = {term.code: term.label for term in Term.objects.of("issue_area")}

    def say(self, name: str, values: Mapping[str, Any]) -> str:
        value = values.get(name)
        match name:
            case "organisation":
                return self.organisations.get(value, "")
            case "region":
                return self.regions.get(value, "") or gettext("The whole area")
            case "kind":
                return str(dict(Channel.Kind.choices).get(value, value or ""))
            case "timezone":
                return opening.zone_name(value or "")
            case "issues":
                return ", ".join(self.issues.get(code, code) for code in value or []) or gettext(
                    "All issues"
                )
            case "hours":
                try:
                    said = opening.hours_text(value, values.get("timezone") or "Asia/Jakarta")
                except ValueError:
                    said = ""
                return said or gettext("We do not know")
        if isinstance(value, bool):
            return gettext("Yes") if value else gettext("No")
        return "" if value is None else str(value)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """The fields of `after` in words, beside what they were; empty `before` is a new channel."""
    return _rows(Wording(before, after), before, after)


def history_lines(channel: Channel) -> list[HistoryLine]:
    """The channel's history, newest first, with the names of accounts that still exist."""
    events = list(channel.events.all()[:LONGEST_HISTORY])
    wording = Wording(*(e.before for e in events), *(e.after for e in events))
    numbers = {event.actor_id for event in events if event.actor_id}
    people = {
        user.pk: str(user) for user in get_user_model()._default_manager.filter(pk__in=numbers)
    }
    return [
        HistoryLine(
            at=event.at,
            verb=str(VERBS.get(event.verb, event.verb)),
            who=people.get(event.actor_id, gettext("an account that is gone"))
            if event.actor_id
            else gettext("the channel's owner"),
            rows=_rows(wording, event.before, event.after),
            reason=event.reason,
        )
        for event in events
    ]


def _rows(
    wording: Wording, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Difference]:
    rows = []
    for name in PROPOSABLE:
        if name not in after:
            continue
        new = wording.say(name, after)
        old = wording.say(name, before) if name in before else ""
        if new or old:
            label = str(LABELS.get(name) or Channel._meta.get_field(name).verbose_name)
            rows.append(Difference(name, label[:1].upper() + label[1:], old, new))
    return rows
