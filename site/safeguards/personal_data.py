"""What this app itself keeps about people."""

from datetime import timedelta

from django.conf import settings

from safeguards.models import Fact
from safeguards.registry import Sooner, exempt, register, register_reach
from safeguards.services import queued, set_aside

register(
    "safeguards.Fact",
    fields=("body", "response"),
    tells=("kind", "state", "server_time"),
    purpose="what was recorded in the field, as it arrived, to judge repeats and corrections",
    retention=timedelta(days=getattr(settings, "SAFEGUARDS_FACT_BODY_DAYS", 730)),
    clock="server_time",
    owner="the office whose site received it",
    subject="subjects__digest",
    on_erase="blank",
    # Until somebody looks at it, its body names people as they were told: also those of whom no
    # row may stand that long.
    sooner=Sooner(
        name="facts set aside",
        rows={"state": Fact.State.QUARANTINED},
        after=set_aside.WAITS,
        end=set_aside.end,
    ),
)
exempt("safeguards.TickRun", "name", because="the name of a periodic job")
register_reach("queued tasks", export=queued.export, erase=queued.erase)
