"""Sends mails that are owed, each at most once.

A row is taken before anything is sent (WAITING → SENDING, one conditional statement), so two clocks
never send it twice. What certainly did not leave waits again, longer each time. From when a mail is
handed over until the server has answered, its row is marked as in doubt: where the line breaks or
the process dies just then, nobody can know whether it arrived, and it is not sent again but given
up and shown to the office. A row that was taken and not marked waits again. No transaction is open
around the network, and no log names an address.
"""

import logging
import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core import mail
from django.db import Error, connection, transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from safeguards import audit
from safeguards.models import OwedMail

logger = logging.getLogger(__name__)

State = OwedMail.State
AT_A_TIME = 200
# Well below what the clock allows a job before another machine may take it over.
LONGEST_RUN_SECONDS = 240
# What waits for a decision.
LOOKED_AT_AGAIN = timedelta(minutes=15)
# A row that is taken for so long was taken by a process that is no more.
DIED_AFTER = timedelta(minutes=15)
MOST_ATTEMPTS = 10
FIRST_DELAY, LONGEST_DELAY = timedelta(minutes=5), timedelta(hours=12)


class NotSent(Exception):
    """The mail certainly did not leave; `final` when no later attempt will do better."""

    def __init__(self, *, final: bool = False, server_is_down: bool = False):
        super().__init__(final)
        self.final, self.server_is_down = final, server_is_down


class CannotSendAgain(ValueError):
    """The mail was not given up, or it may have arrived."""


class NoLongerTrue(ValueError):
    """The mail would be dropped, and nobody would be told; its words say so to the office."""

    def __str__(self) -> str:
        return _("What this mail says does not hold any more. Please tell them yourself.")


@dataclass(frozen=True)
class Post:
    """One kind of mail: its rows, whether a row still tells the truth, and its message.

    `waits`: whether what it tells is being decided, so that it is looked at again later.
    """

    rows: Callable[[], QuerySet]
    still_true: Callable[[Any, datetime], bool]
    message: Callable[[Any], mail.EmailMessage]
    waits: Callable[[Any], bool] = lambda _row: False


def send_due(post: Post, now: datetime) -> int:
    """Send what is due; return how many mails went out."""
    give_up_the_lost(post, now)
    began, sent = time.monotonic(), 0
    waiting = post.rows().filter(state=State.WAITING, due_at__lte=now).order_by("due_at", "pk")
    for pk in list(waiting.values_list("pk", flat=True)[:AT_A_TIME]):
        if time.monotonic() - began > LONGEST_RUN_SECONDS:
            break
        try:
            sent += send_one(post, pk, now)
        except NotSent:
            # The rest waits as it is, for when somebody answers again.
            break
    return sent


def send_one(post: Post, pk: int, now: datetime) -> int:
    """Send one row if it is due; 1 when it left. Raises NotSent when no server answers."""
    row = take(post, pk, now)
    if row is None:
        return 0
    try:
        return _send(post, row, now)
    except NotSent as fault:
        _wait_or_give_up(row, fault, now)
        if fault.server_is_down:
            raise
        return 0


def take(post: Post, pk: int, now: datetime) -> Any:
    """Take one row to send it; None when another clock has it."""
    rows = post.rows().model._default_manager.filter(pk=pk, state=State.WAITING, due_at__lte=now)
    if not rows.update(state=State.SENDING, taken_at=now):
        return None
    return post.rows().get(pk=pk)


def give_up_the_lost(post: Post, now: datetime) -> int:
    """Rows whose sender died. What was being handed over is perhaps sent: never twice."""
    rows = post.rows().model._default_manager
    lost = rows.filter(state=State.SENDING, taken_at__lt=now - DIED_AFTER)
    is_over = Q(in_doubt=True) | Q(attempts__gte=MOST_ATTEMPTS - 1)
    becomes = Case(When(is_over, then=Value(State.FAILED)), default=Value(State.WAITING))
    return lost.update(state=becomes, attempts=F("attempts") + 1)


def delay_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 5, 15, 45 minutes … at most 12 hours."""
    return min(FIRST_DELAY * 3 ** max(attempts - 1, 0), LONGEST_DELAY)


@transaction.atomic
def send_again(post: Post, row: OwedMail, *, actor: Any, site: Any, now: datetime) -> None:
    """Have the clock try once more what was given up, certainly never left and still holds.

    Raises NoLongerTrue, and CannotSendAgain for any other, so that two who press at once owe one
    mail.
    """
    again = {"state": State.WAITING, "due_at": now, "attempts": 0}
    _settle(row, Q(in_doubt=False), again)
    if not post.still_true(post.rows().get(pk=row.pk), now):
        raise NoLongerTrue
    audit.record(verb="mail.tried_again", actor_id=actor.pk, obj=row, site=site, now=now)


@transaction.atomic
def told_otherwise(row: OwedMail, *, actor: Any, site: Any, now: datetime) -> None:
    """The office told them in another way: the mail is not needed any more."""
    _settle(row, Q(), {"state": State.DROPPED})
    audit.record(verb="mail.told_otherwise", actor_id=actor.pk, obj=row, site=site, now=now)


def _settle(row: OwedMail, only: Q, becomes: dict[str, Any]) -> None:
    # One conditional statement, which holds the row until the end of the transaction.
    given_up = type(row)._default_manager.filter(only, pk=row.pk, state=State.FAILED)
    if not given_up.update(**becomes):
        raise CannotSendAgain


def hand_over(message: mail.EmailMessage) -> None:
    """Give one mail to the server. Raises NotSent; any other error leaves open whether it arrived.

    Each mail has a connection of its own: a server that hangs up after so many would otherwise
    leave the next one in doubt.
    """
    connection = _mailer()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("The mail server does not answer: %s", type(error).__name__)
        raise NotSent(server_is_down=True) from error
    try:
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _words in error.recipients.values()]
        raise NotSent(final=all(code >= 500 for code in codes)) from error
    except smtplib.SMTPResponseException as error:
        raise NotSent(final=error.smtp_code >= 500) from error
    except ConnectionRefusedError as error:
        raise NotSent(server_is_down=True) from error
    finally:
        try:
            connection.close()
        except (OSError, smtplib.SMTPException):
            logger.info("The mail server had gone before it was told goodbye")


def hand_over_once(message: mail.EmailMessage) -> int:
    """Try one mail that can be asked for anew; 1 when it left. No error names its address."""
    try:
        hand_over(message)
    except (NotSent, OSError, smtplib.SMTPException) as error:
        logger.warning("A mail that was asked for did not leave: %s", type(error).__name__)
        return 0
    return 1


def _send(post: Post, row: Any, now: datetime) -> int:
    """1 when the mail left. Raises NotSent."""
    try:
        is_true = post.still_true(row, now)
        if is_true and post.waits(row):
            _became(row, state=State.WAITING, due_at=now + LOOKED_AT_AGAIN)
            return 0
        message = post.message(row) if is_true else None
    except Exception:
        _put_back(row, now)
        raise
    if message is None:
        _became(row, state=State.DROPPED)
        return 0
    attempts = row.attempts + 1
    if not _became(row, in_doubt=True):
        # It was erased, or is another clock's by now.
        return 0
    try:
        hand_over(message)
    except (OSError, smtplib.SMTPException):
        logger.warning("A mail may or may not have left: %s %s", row._meta.label, row.pk)
        _became(row, state=State.FAILED, attempts=attempts)
        return 0
    _became(row, state=State.SENT, attempts=attempts, in_doubt=False, sent_at=now)
    return 1


def _put_back(row: Any, now: datetime) -> None:
    """Nothing was handed over. Where the database is away, `give_up_the_lost` puts it back."""
    try:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        _wait_or_give_up(row, NotSent(), now)
    except Error:
        logger.warning("A mail could not be put back: %s %s", row._meta.label, row.pk)


def _wait_or_give_up(row: Any, fault: NotSent, now: datetime) -> None:
    attempts = row.attempts + 1
    if fault.final or attempts >= MOST_ATTEMPTS:
        _became(row, state=State.FAILED, attempts=attempts, in_doubt=False)
    else:
        due_at = now + delay_after(attempts)
        _became(row, state=State.WAITING, attempts=attempts, in_doubt=False, due_at=due_at)


def _became(row: Any, **values: Any) -> int:
    # Only what is still ours: an erasure or another clock may have changed the row meanwhile.
    rows = type(row)._default_manager.filter(pk=row.pk, state=State.SENDING)
    return rows.filter(taken_at=row.taken_at).update(**values)


def _mailer() -> Any:
    # Django 6.1 names its mail servers; before it there is one.
    mailers = getattr(mail, "mailers", None)
    return mailers.default if mailers is not None else mail.get_connection()
