"""Registering for one date: once for each form, with a place or in the queue behind others."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from districts.models import District
from events.models import EventState, Occurrence, Registration, Reminder
from events.reminder_mail import POST
from events.services import consenting
from events.services.bookkeeping import NotPossible, is_settled
from events.services.places import days_kept, fill_up, give_back, held, promote, take
from events.services.private_links import LINK
from events.services.reminding import drop_for, judged, owe_soon_to, owe_to, still_true
from safeguards import audit, facts, owed_mails
from safeguards.models import Fact
from safeguards.tokens import digest

KIND = "events.registration"
State = Registration.State


@dataclass(frozen=True)
class Receipt:
    """What became of a form; `token` opens the private page, and is empty unless it was kept."""

    http: int
    token: str = ""
    reason: str = ""
    retry_after: int | None = None

    @property
    def kept(self) -> bool:
        return bool(self.token)


def is_known(*, district: District, key: UUID) -> bool:
    """Whether a form with this key was sent before."""
    return Fact.objects.filter(kind=KIND, site=district.site_id, key=key).exists()


def why_closed(row: Occurrence, now: datetime, *, by_office: bool = False) -> str:
    """Why nobody can register for this date now, in words; "" while they can.

    The office writes down by hand who called, also where the public can't register.
    """
    event = row.event
    if row.is_cancelled or event.state == EventState.CANCELLED:
        return _("This session was cancelled.")
    if row.start <= now:
        return _("This session has begun or is over.")
    if by_office:
        return "" if is_settled(event) else _("This session is not approved yet.")
    if not row.is_public or event.guarded or not event.takes_registrations:
        return _("Nobody can register here for this session.")
    return ""


def register(
    *,
    occurrence: Occurrence,
    key: UUID,
    values: dict[str, Any],
    language_code: str,
    now: datetime,
    actor: Any = None,
) -> Receipt:
    """Keep a registration once, however often its form is sent.

    `values` are kind, name, organisation_name, email, phone and seats, judged by a form; `actor` is
    the member who writes it down for somebody. Answers 201, 200 for a repeat, 422 for other words
    under the same key, 409 where the date takes nobody, 410 for somebody who was erased since. The
    fact holds a keyed digest of the words and nothing of them.
    """
    district = occurrence.event.district
    contacts = [contact for contact in (values["email"], values["phone"]) if contact]
    outcome = facts.accept(
        kind=KIND,
        key=key,
        body={"words": _keyed_digest(occurrence, values)},
        site=district.site_id,
        apply=lambda: _record(occurrence, key, values, language_code, now, actor),
        # Whoever erases this one registration is known by its key alone.
        subjects=[*contacts, key],
        readmits=contacts,
        now=now,
    )
    if outcome.status in {"created", "already"} and outcome.response:
        return Receipt(outcome.http, token=LINK.token_of(key))
    if outcome.status in {"created", "already"}:
        return Receipt(410, reason=outcome.reason)
    return Receipt(outcome.http, reason=outcome.reason, retry_after=outcome.retry_after)


def find(*, district: District, token: str) -> Registration:
    """The registration this token opens; raises Registration.DoesNotExist."""
    return (
        Registration.objects.for_district(district)
        .select_related("occurrence__event__region__parent", "occurrence__event__organiser")
        .select_related("occurrence__event__district__site", "district__site")
        .get(token_digest=digest(token))
    )


def cancel(*, registration: Registration, now: datetime, actor: Any = None) -> Registration:
    """Give the place back; who waits moves up. A second time changes nothing.

    Raises NotPossible once the session has begun.
    """
    with transaction.atomic():
        row, mine = both(registration)
        if mine.state == State.CANCELLED:
            return mine
        if row.start <= now:
            raise NotPossible(_("This session has begun or is over."))
        had_place = mine.state == State.IN
        mine.state, mine.cancelled_at = State.CANCELLED, now
        mine.save(update_fields=["state", "cancelled_at"])
        drop_for(mine)
        if actor is not None:
            # Who cancels for themselves knows it.
            owe_to(mine, "dilepas", due_at=now)
        if had_place:
            give_back(row, mine.seats)
        note("registration.cancelled", mine, actor, now)
        fill_up(row, now)
        return mine


def settle_mails(*, registration: Registration, again: bool, actor: Any, now: datetime) -> int:
    """Mails of a registration that were given up: have them sent again, or note that it was told.

    Returns how many; raises NotPossible where there is none, or where each may have arrived or is
    not true any more: such a mail would be dropped, and nobody would be told.
    """
    given_up = Reminder.objects.filter(registration=registration, state=Reminder.State.FAILED)
    by = {"actor": actor, "site": registration.occurrence.event.district.site_id, "now": now}
    settled, why_not = 0, _("No mail to them waits for a decision any more.")
    with transaction.atomic():
        for row in given_up.order_by("pk"):
            try:
                if again:
                    owed_mails.send_again(POST, row, **by)
                else:
                    owed_mails.told_otherwise(row, **by)
            except owed_mails.NoLongerTrue as stale:
                why_not = str(stale)
            except owed_mails.CannotSendAgain:
                continue
            else:
                settled += 1
    if not settled:
        raise NotPossible(why_not)
    return settled


def may_mail_again(registrations: Iterable[Registration], *, now: datetime) -> set[int]:
    """Those of them with a mail that certainly did not leave and still tells the truth."""
    sure = judged().filter(
        registration__in=[mine.pk for mine in registrations],
        state=Reminder.State.FAILED,
        in_doubt=False,
    )
    return {mail.registration_id for mail in sure if still_true(mail, now)}


def hears_of_it(registration: Registration, *, now: datetime) -> bool:
    """Whether a mail tells them that the office cancelled their registration."""
    mails = judged().filter(registration=registration, what=Reminder.What.REMOVED)
    mails = mails.exclude(state__in=(Reminder.State.FAILED, Reminder.State.DROPPED))
    return any(still_true(mail, now) for mail in mails)


def let_in(*, registration: Registration, actor: Any, now: datetime) -> Registration:
    """The office gives free places to somebody further back. Raises NotPossible."""
    with transaction.atomic():
        row, mine = both(registration)
        if mine.state != State.WAITING:
            raise NotPossible(_("This registration is not waiting any more."))
        if closed := why_closed(row, now, by_office=True):
            raise NotPossible(closed)
        if not take(row, mine.seats):
            raise NotPossible(_("There are not enough free places."))
        promote(row, mine, now)
        note("registration.let_in", mine, actor, now)
        return mine


def place_in_queue(registration: Registration) -> int:
    """1 for who moves up next, 0 for who does not wait."""
    if registration.state != State.WAITING:
        return 0
    before = Registration.objects.filter(
        occurrence=registration.occurrence_id, state=State.WAITING, pk__lt=registration.pk
    )
    return before.count() + 1


def _record(
    occurrence: Occurrence,
    key: UUID,
    values: dict[str, Any],
    language_code: str,
    now: datetime,
    actor: Any,
) -> dict[str, Any]:
    row = held(occurrence)
    if closed := why_closed(row, now, by_office=actor is not None):
        raise facts.Refused(closed, http=409)
    if row.seats is not None and values["seats"] > row.seats:
        raise facts.Refused(
            _("This session has %(seats)s places in all. Please register fewer people.")
            % {"seats": row.seats}
        )
    others_wait = row.registrations.filter(state=State.WAITING).exists()
    has_place = not others_wait and take(row, values["seats"])
    mine = Registration.objects.create(
        district_id=row.district_id,
        occurrence=row,
        key=key,
        state=State.IN if has_place else State.WAITING,
        consent=consenting.kept(row.event.district, now),
        language_code=language_code,
        token_digest=digest(LINK.token_of(key)),
        created_at=now,
        ends_at=row.end + timedelta(days=days_kept(row.event.district)),
        **values,
    )
    owe_to(mine, "terdaftar", due_at=now)
    if has_place:
        owe_soon_to(mine, row, now=now)
    note("registration.received", mine, actor, now)
    return {"registration": mine.pk}


def both(registration: Registration) -> tuple[Occurrence, Registration]:
    """The date and then the registration, both held."""
    row = held(registration.occurrence)
    return row, row.registrations.select_for_update(of=("self",)).get(pk=registration.pk)


def note(verb: str, mine: Registration, actor: Any, now: datetime) -> None:
    audit.record(
        verb=verb,
        actor_id=getattr(actor, "pk", None),
        obj=mine,
        site=mine.occurrence.event.district.site_id,
        now=now,
    )


def _keyed_digest(occurrence: Occurrence, values: dict[str, Any]) -> str:
    told = facts.canonical_hash(values | {"date": str(occurrence.key)})
    made = salted_hmac("events.registration.words", told, algorithm="sha256").digest()
    # As a UUID: one in some hundred longer digests holds ten digits that pass for a NISN.
    return str(UUID(bytes=made[:16]))
