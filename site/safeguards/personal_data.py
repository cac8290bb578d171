"""What this app itself keeps about people."""

from datetime import timedelta

from django.conf import settings

from safeguards.registry import exempt, register, register_reach
from safeguards.services import queued

register(
    "safeguards.Fact",
    fields=("body", "response"),
    purpose="what was recorded in the field, as it arrived, to judge repeats and corrections",
    retention=timedelta(days=getattr(settings, "SAFEGUARDS_FACT_BODY_DAYS", 730)),
    clock="server_time",
    owner="the office whose site received it",
    subject="subjects__digest",
    on_erase="blank",
)
exempt("safeguards.TickRun", "name", because="the name of a periodic job")
register_reach("queued tasks", export=queued.export, erase=queued.erase)
