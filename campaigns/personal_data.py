"""What the campaigns app stores about people, for `safeguards.registry`."""

from datetime import timedelta

from safeguards.registry import exempt, register

register(
    "campaigns.SessionRequest",
    fields=(
        *("asker", "asker_role", "contact_kind", "contact_phone", "contact_email"),
        *("place", "note"),
    ),
    tells=(
        "district",
        "number",
        "asker_kind",
        "region",
        "people",
        "wished_dates",
        "state",
        "created_at",
        "closed_at",
    ),
    purpose="to answer an office or a role that asked for a session",
    retention=timedelta(days=365),
    clock="closed_at",
    owner="district",
    subject=("contact_email", "contact_phone"),
    on_erase="delete",
    abandoned=("created_at", timedelta(days=2 * 365)),
)
register(
    "campaigns.SessionRequestStep",
    fields=("message",),
    tells=("request", "state", "by_asker", "created_at"),
    purpose="what the office and who asked wrote to each other; it goes with its request",
    retention=None,
    clock="created_at",
    owner="district",
    subject=("request__contact_email", "request__contact_phone"),
    on_erase="delete",
)
exempt(
    "campaigns.SessionRequestStep",
    "author",
    because="which member of staff answered, in the course of their work",
)
