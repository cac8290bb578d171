"""Inviting organisations: who is asked, their private links, their answers, and letters."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from districts.models import District
from events.letter_numbers import reference
from events.models import STANDING, Event, InvitedOrganisation, Letter, LetterCount, Occurrence
from events.services.bookkeeping import NotPossible, is_settled
from events.services.deciding import is_approver
from safeguards import audit
from safeguards.identifiers import refuse_identity_numbers
from safeguards.tokens import digest, new_token

Answer = InvitedOrganisation.Answer
MOST_INVITED = 300
NO_ANSWER = {"answer": Answer.NONE, "people": None, "role": "", "answered_at": None}


def may_host(actor: Any, event: Event) -> bool:
    """Whether the actor invites, and sees who comes: who proposed the event, and the approvers."""
    return event.proposed_by_id == actor.pk or is_approver(actor, event.district)


def invite(*, event: Event, actor: Any, label: str, now: datetime) -> InvitedOrganisation:
    """Ask one more organisation; the same name again is the same one."""
    _hosts(actor, event)
    refuse_identity_numbers(label)
    with transaction.atomic():
        if event.invited.count() >= MOST_INVITED:
            raise NotPossible(_("More than 300 organisations can't be invited to one session."))
        invited, made = InvitedOrganisation.objects.get_or_create(
            event=event, label=label, defaults={"district_id": event.district_id}
        )
        if made:
            _note("invitation.added", invited, actor, now)
        return invited


def take_back(*, invited: InvitedOrganisation, actor: Any, now: datetime) -> None:
    """Take an organisation off the list; its link leads nowhere any more."""
    _hosts(actor, invited.event)
    with transaction.atomic():
        _note("invitation.taken_back", invited, actor, now)
        invited.delete()


def renew_link(*, invited: InvitedOrganisation, actor: Any, now: datetime) -> str:
    """A new token for the private page, told once; any older one leads nowhere from now on."""
    _hosts(actor, invited.event)
    if not is_settled(invited.event):
        raise NotPossible(_("Links can be made once the session is approved."))
    token = new_token()
    _set_digest(invited, digest(token), "invitation.link_made", actor, now)
    return token


def revoke_link(*, invited: InvitedOrganisation, actor: Any, now: datetime) -> None:
    """The link leads nowhere from now on; an answer that was given stays."""
    _hosts(actor, invited.event)
    _set_digest(invited, "", "invitation.link_revoked", actor, now)


def find(*, district: District, token: str, now: datetime) -> InvitedOrganisation:
    """The organisation this token was made for; raises InvitedOrganisation.DoesNotExist.

    Where its session is over and goes on in a later one of its series, it is the organisation as
    that one invites it. `link` is the primary key of the row that holds the token.
    """
    rows = InvitedOrganisation.objects.for_district(district).select_related(
        "event__district__site", "event__region__parent", "event__organiser"
    )
    found = rows.get(token_digest=digest(token))
    last = last_date(found.event)
    goes_on = None if last is not None and last.end > now else _later(found, rows, now)
    mine = goes_on or found
    mine.link, mine.linked_as = found.pk, found.token_digest
    return mine


def _later(
    invited: InvitedOrganisation, rows: QuerySet, now: datetime
) -> InvitedOrganisation | None:
    """The same organisation in what its series became, where that has a date to come."""
    coming = Occurrence.objects.filter(
        event=OuterRef("event"), is_cancelled=False, end__gt=now
    ).order_by("start")
    parts = rows.filter(
        event__chain=invited.event.chain, event__state__in=STANDING, label=invited.label
    )
    return (
        parts.annotate(next=Subquery(coming.values("start")[:1]))
        .exclude(next=None)
        .order_by("next")
        .first()
    )


def why_closed(invited: InvitedOrganisation, last: Occurrence | None, now: datetime) -> str:
    """Why no answer is taken now, in words; "" while one is. `last` is the last standing date."""
    if not is_settled(invited.event) and invited.event.cancelled_at is None:
        return _("This session is being planned anew. Please look again in a few days.")
    if invited.event.cancelled_at is not None or last is None:
        return _("This session was cancelled.")
    if last.end <= now:
        return _("This session is over.")
    return ""


def answer(
    *,
    invited: InvitedOrganisation,
    answer: str,
    people: int | None,
    role: str,
    now: datetime,
) -> InvitedOrganisation:
    """Keep an answer; it can be changed until the day is over. Raises NotPossible."""
    refuse_identity_numbers(role)
    with transaction.atomic():
        mine = _held(invited)
        if closed := why_closed(mine, last_date(mine.event), now):
            raise NotPossible(closed)
        comes = answer != Answer.DECLINES
        mine.answer, mine.answered_at = answer, now
        mine.people, mine.role = (people, role) if comes else (None, "")
        mine.save(update_fields=["answer", "answered_at", "people", "role"])
        _repeat_later(mine)
        _note("invitation.answered", mine, None, now)
        return mine


def _repeat_later(mine: InvitedOrganisation) -> None:
    """The answer to a series holds for what it became as well, until there is another one."""
    told = {name: getattr(mine, name) for name in NO_ANSWER}
    unsaid = Q(answered_at=None) | Q(answered_at__lt=mine.answered_at)
    _later_parts(mine).filter(unsaid).update(**told)


def _later_parts(mine: InvitedOrganisation) -> QuerySet:
    """The same organisation in what its series became after this part."""
    return InvitedOrganisation.objects.filter(
        event__chain=mine.event.chain, label=mine.label, event__starts_at__gt=mine.event.starts_at
    )


def withdraw(*, invited: InvitedOrganisation, now: datetime) -> None:
    """Take an answer back, with all that it said. Raises NotPossible once none is taken."""
    with transaction.atomic():
        mine = _held(invited)
        if closed := why_closed(mine, last_date(mine.event), now):
            raise NotPossible(closed)
        # Also where it was repeated: all that it said goes.
        _later_parts(mine).filter(answered_at=mine.answered_at).update(**NO_ANSWER)
        for name, nothing in NO_ANSWER.items():
            setattr(mine, name, nothing)
        mine.save(update_fields=list(NO_ANSWER))
        _note("invitation.withdrawn", mine, None, now)


def _held(invited: InvitedOrganisation) -> InvitedOrganisation:
    """The row as it is now, held; raises NotPossible where its link was replaced."""
    mine = (
        InvitedOrganisation.objects.select_for_update(of=("self",))
        .select_related("event__district")
        .get(pk=invited.pk)
    )
    holders = InvitedOrganisation.objects.filter(pk=getattr(invited, "link", invited.pk))
    stored = getattr(invited, "linked_as", invited.token_digest)
    if not stored or not holders.filter(token_digest=stored).exists():
        raise NotPossible(_("This link was replaced by another one."))
    return mine


def last_date(event: Event) -> Occurrence | None:
    return event.occurrences.filter(is_cancelled=False).order_by("-start").first()


def write_letter(
    *,
    occurrence: Occurrence,
    actor: Any,
    day: date,
    classification: str,
    unit: str,
    agenda: str,
    number: int | None,
    now: datetime,
    kind: str = Letter.Kind.INVITATION,
    urgency: str = Letter.Urgency.ORDINARY,
) -> Letter:
    """Give a paper the next number of its year, or the one that a register says.

    No number is used twice in a year, whatever becomes of the letter. Raises NotPossible.
    """
    event = occurrence.event
    _hosts(actor, event)
    for text in (classification, unit, agenda):
        refuse_identity_numbers(text)
    with transaction.atomic():
        count = _held_count(event.district, day.year)
        number = number or count.last + 1
        letter = Letter(
            district_id=event.district_id,
            event=event,
            occurrence=occurrence,
            kind=kind,
            year=day.year,
            number=number,
            classification=classification,
            unit=unit,
            agenda=agenda,
            urgency=urgency,
            day=day,
            created_at=now,
            reference=reference(
                event.district.number_format,
                number=number,
                day=day,
                classification=classification,
                unit=unit,
            ),
        )
        try:
            with transaction.atomic():
                letter.save()
        except IntegrityError as error:
            raise NotPossible(
                _("The number %(number)s of %(year)s is used already.")
                % {"number": number, "year": day.year}
            ) from error
        count.last = max(count.last, number)
        count.save(update_fields=["last"])
        _note("invitation.letter", letter, actor, now)
        return letter


def _held_count(district: District, year: int) -> LetterCount:
    counts = LetterCount.objects.for_district(district).filter(year=year)
    if not counts.exists():
        row = LetterCount(district=district, year=year)
        LetterCount.objects.bulk_create([row], ignore_conflicts=True)
    return counts.select_for_update().get()


def _set_digest(
    invited: InvitedOrganisation, stored: str, verb: str, actor: Any, now: datetime
) -> None:
    with transaction.atomic():
        invited.token_digest = stored
        invited.save(update_fields=["token_digest"])
        _note(verb, invited, actor, now)


def _hosts(actor: Any, event: Event) -> None:
    if not may_host(actor, event):
        raise PermissionDenied


def _note(verb: str, obj: Any, actor: Any, now: datetime) -> None:
    audit.record(
        verb=verb,
        actor_id=getattr(actor, "pk", None),
        obj=obj,
        site=obj.event.district.site_id,
        now=now,
    )
