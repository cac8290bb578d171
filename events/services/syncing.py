"""Kinds of facts that devices send about attendance, and what was set aside of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from districts.models import District, Membership
from districts.services.memberships import active_memberships
from events.attendance.access import may_judge, may_record
from events.attendance.persons import person_of, plain
from events.models import Device, Occurrence
from events.services import attending, headcounting, organisations_attending
from safeguards import audit, facts, sync
from safeguards.identifiers import refuse_identity_numbers
from safeguards.models import Fact
from safeguards.sync import Teller, Told

LONGEST_NOTE = 200


def teller_of(device: Device) -> Teller:
    """`device` comes with its member."""
    return Teller(
        site=device.district.site_id,
        member=device.member,
        source=device,
        name={"device": device.pk},
    )


def recall(site: Any, name: dict[str, Any]) -> Teller | None:
    """The teller of what was set aside, while the device may still tell something."""
    devices = Device.objects.active().select_related("member", "district")
    device = devices.filter(
        pk=name.get("device"), district__site=site, member__is_active=True
    ).first()
    return None if device is None else teller_of(device)


def occurrence_for(told: Told, teller: Teller) -> Occurrence:
    """The date that a fact is about, if the teller may write there; raises Refused.

    Another office's is as if there were none. For handlers of other kinds as well.
    """
    key = UUID(str(told.body["occurrence"]))
    known = teller.memory.setdefault("occurrences", {})
    if key not in known:
        known[key] = _find(key, teller)
    if known[key] is None:
        raise facts.Refused(_("We know no such session, or you may not write there."), http=404)
    return known[key]


def source_of(told: Told, teller: Teller) -> attending.Source:
    return attending.Source(member=teller.member, is_queued=True, insists=told.insists)


def waiting(district: District) -> QuerySet:
    """What was set aside here, the oldest first."""
    return Fact.objects.filter(
        site=district.site_id, state=Fact.State.QUARANTINED, kind__in=sync.kinds()
    ).order_by("server_time", "pk")


def let_through(*, fact: Fact, district: District, actor: Any, now: datetime) -> facts.Outcome:
    """Record what was set aside, because somebody looked at it; the actor stands for it.

    It is told of the moment at which it arrived, not of the one at which somebody looked.

    `created`, or why it still can't be: `rejected` with the reason, `quarantined` where the person
    is unknown. Raises PermissionDenied.
    """
    _may_judge(actor, district, fact)
    teller = Teller(site=district.site_id, member=actor, source=None)
    outcome = sync.again(fact, teller, now=fact.server_time, insists=True)
    if outcome.status == "created":
        _note("quarantine.let_through", fact, actor, now)
    return outcome


def put_away(*, fact: Fact, district: District, actor: Any, note: str, now: datetime) -> bool:
    """Drop what was set aside, with a reason that the device is told. Safe to repeat.

    Raises PermissionDenied, and Refused for a note that names somebody by number.
    """
    _may_judge(actor, district, fact)
    try:
        refuse_identity_numbers(note)
    except ValidationError as fault:
        raise facts.Refused(" ".join(fault.messages)) from fault
    if len(plain(note)) > LONGEST_NOTE:
        told = _("This text is too long: at most %(most)d signs.") % {"most": LONGEST_NOTE}
        raise facts.Refused(told)
    reason = plain(note) or _("Somebody of the office looked at it and did not record it.")
    done = facts.drop(fact=fact, reason=reason)
    if done:
        _note("quarantine.put_away", fact, actor, now)
    return done


def _find(key: UUID, teller: Teller) -> Occurrence | None:
    row = (
        Occurrence.objects.select_related("event__district__site")
        .filter(key=key, district__site=teller.site)
        .first()
    )
    if row is None:
        return None
    device = teller.source
    if device is not None:
        if "bound" not in teller.memory:
            teller.memory["bound"] = set(device.events.values_list("pk", flat=True))
        bound = teller.memory["bound"]
        if bound and row.event_id not in bound:
            return None
    if device is None and teller.member.is_superuser:
        return row
    return row if may_record(teller.member, _memberships(teller, row), row.event) else None


def _memberships(teller: Teller, row: Occurrence) -> list[Membership]:
    if "memberships" not in teller.memory:
        teller.memory["memberships"] = list(active_memberships(teller.member, row.event.district))
    return teller.memory["memberships"]


def _mark(told: Told, teller: Teller) -> facts.Item:
    return attending.facts_item(
        kind=told.kind,
        occurrence=occurrence_for(told, teller),
        person=person_of(told.body["person"]),
        status=str(told.body["status"]),
        way=str(told.body.get("way", "panggil")),
        key=told.key,
        now=told.now,
        source=source_of(told, teller),
        client_time=told.client_time,
    )


def _count(told: Told, teller: Teller) -> facts.Item:
    cells = [
        headcounting.Cell(
            str(cell["sex"]),
            str(cell.get("age_group", "")),
            cell.get("with_disability", False),
            cell["number"],
        )
        for cell in told.body["cells"]
    ]
    return headcounting.facts_item(
        occurrence=occurrence_for(told, teller),
        cells=cells,
        key=told.key,
        now=told.now,
        source=source_of(told, teller),
        client_time=told.client_time,
    )


def _organisation(told: Told, teller: Teller) -> facts.Item:
    body = told.body
    return organisations_attending.facts_item(
        occurrence=occurrence_for(told, teller),
        told_of=organisations_attending.Came(
            label=str(body["label"]),
            came=body["came"],
            organisation=body.get("organisation"),
            represented_by=str(body.get("represented_by", "")),
            people=body.get("people"),
        ),
        key=told.key,
        now=told.now,
        source=source_of(told, teller),
        client_time=told.client_time,
    )


def _may_judge(actor: Any, district: District, fact: Fact) -> None:
    if fact.site_id != district.site_id:
        raise PermissionDenied
    if not (actor.is_superuser or may_judge(active_memberships(actor, district))):
        raise PermissionDenied


def _note(verb: str, fact: Fact, actor: Any, now: datetime) -> None:
    audit.record(verb=verb, actor_id=actor.pk, obj=fact, site=fact.site_id, now=now, kind=fact.kind)


sync.recalls(recall)
sync.register(attending.KIND, _mark)
sync.register(attending.CORRECTION_KIND, _mark)
sync.register(headcounting.KIND, _count)
sync.register(organisations_attending.KIND, _organisation)
