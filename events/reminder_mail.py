"""Sends the mails that are owed, once a minute, each at most once.

A row is taken before anything is sent (WAITING → SENDING, one conditional statement), so two clocks
never send it twice. What certainly did not leave waits again, longer each time. Where nobody can
know whether it arrived (the line broke while it was handed over, or the process died), it is not
sent again: it is given up and shown to the office. No transaction is open around the network.
"""

import logging
import smtplib
import time
from datetime import datetime, timedelta
from typing import Any

from django.core import mail

from events.mail_words import made_mail
from events.models import Reminder
from events.services.reminding import still_true
from safeguards.ticks import register_tick

logger = logging.getLogger(__name__)

State = Reminder.State
AT_A_TIME = 200
# Well below what the clock allows a job before another machine may take it over.
LONGEST_RUN_SECONDS = 240
# A row that is taken for so long was taken by a process that is no more.
DIED_AFTER = timedelta(minutes=15)
MOST_ATTEMPTS = 10
FIRST_DELAY, LONGEST_DELAY = timedelta(minutes=5), timedelta(hours=12)


class NotSent(Exception):
    """The mail certainly did not leave; `final` when no later attempt will do better."""

    def __init__(self, *, final: bool = False, server_is_down: bool = False):
        super().__init__(final)
        self.final, self.server_is_down = final, server_is_down


def send_due(now: datetime) -> int:
    """Send what is due; return how many mails went out."""
    give_up_the_lost(now)
    began, sent = time.monotonic(), 0
    for pk in _due(now):
        if time.monotonic() - began > LONGEST_RUN_SECONDS:
            break
        reminder = take(pk, now)
        if reminder is None:
            continue
        try:
            sent += _send(reminder, now)
        except NotSent as fault:
            _wait_or_give_up(reminder, fault, now)
            if fault.server_is_down:
                # The rest waits as it is, for when somebody answers again.
                break
    return sent


def take(pk: int, now: datetime) -> Reminder | None:
    """Take one row to send it; None when another clock has it."""
    rows = Reminder.objects.filter(pk=pk, state=State.WAITING, due_at__lte=now)
    if not rows.update(state=State.SENDING, taken_at=now):
        return None
    return (
        Reminder.objects.select_related("registration__district__site", "member")
        .select_related("occurrence__event__district__site", "occurrence__event__organiser")
        .select_related("occurrence__event__region__parent")
        .get(pk=pk)
    )


def give_up_the_lost(now: datetime) -> int:
    """Rows whose sender died: perhaps sent, perhaps not. Never twice."""
    lost = Reminder.objects.filter(state=State.SENDING, taken_at__lt=now - DIED_AFTER)
    return lost.update(state=State.FAILED)


def delay_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 5, 15, 45 minutes … at most 12 hours."""
    return min(FIRST_DELAY * 3 ** max(attempts - 1, 0), LONGEST_DELAY)


def _due(now: datetime) -> list[int]:
    rows = Reminder.objects.filter(state=State.WAITING, due_at__lte=now).order_by("due_at", "pk")
    return list(rows.values_list("pk", flat=True)[:AT_A_TIME])


def _send(reminder: Reminder, now: datetime) -> int:
    """1 when the mail left. Raises NotSent."""
    if not still_true(reminder, now):
        _became(reminder, state=State.DROPPED)
        return 0
    message = made_mail(reminder)
    attempts = reminder.attempts + 1
    try:
        _hand_over(message)
    except (OSError, smtplib.SMTPException):
        logger.warning("A mail may or may not have left: reminder %s", reminder.pk)
        _became(reminder, state=State.FAILED, attempts=attempts)
        return 0
    _became(reminder, state=State.SENT, attempts=attempts, sent_at=now)
    return 1


def _wait_or_give_up(reminder: Reminder, fault: NotSent, now: datetime) -> None:
    attempts = reminder.attempts + 1
    if fault.final or attempts >= MOST_ATTEMPTS:
        _became(reminder, state=State.FAILED, attempts=attempts)
    else:
        due_at = now + delay_after(attempts)
        _became(reminder, state=State.WAITING, attempts=attempts, due_at=due_at)


def _became(reminder: Reminder, **values: Any) -> None:
    # Only what is still ours: an erasure or another clock may have changed the row meanwhile.
    rows = Reminder.objects.filter(pk=reminder.pk, state=State.SENDING)
    rows.filter(taken_at=reminder.taken_at).update(**values)


def _hand_over(message: mail.EmailMessage) -> None:
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


def _mailer() -> Any:
    # Django 6.1 names its mail servers; before it there is one.
    mailers = getattr(mail, "mailers", None)
    return mailers.default if mailers is not None else mail.get_connection()


register_tick("events.send_reminders", send_due)
