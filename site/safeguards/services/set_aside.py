"""What was set aside names people, children too: it waits for somebody only so long."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from safeguards import audit, facts
from safeguards.models import Fact

WAITS = timedelta(days=getattr(settings, "SAFEGUARDS_QUARANTINE_DAYS", 90))


def waits_until(fact: Fact) -> datetime:
    """From then on it is put away with the next purge, whatever it tells."""
    return fact.server_time + WAITS


def end(fact: Fact, now: datetime) -> bool:
    """Put away what nobody looked at, with a reason for the device and a line for the office.

    False where somebody let it through or put it away meanwhile.
    """
    # The reason is read by devices, whoever runs the purge.
    with translation.override(settings.LANGUAGE_CODE):
        reason = _(
            "Nobody of the office looked at this within %(days)d days. It was deleted and not "
            "recorded."
        ) % {"days": WAITS.days}
    done = facts.drop(fact=fact, reason=reason)
    if done:
        audit.record(
            verb="quarantine.ended", actor_id=None, obj=fact, site=fact.site_id, now=now,
            kind=fact.kind,
        )  # fmt: skip
    return done
