"""What the campaigns app stores about people, for `safeguards.registry`."""

from datetime import timedelta

from safeguards.registry import exempt, register

register(
    "campaigns.SessionRequest",
    fields=(
        *("asker", "asker_role", "contact_kind", "contact_phone", "contact_email"),
        *("place", "note"),
    ),
    purpose="to answer an office or a role that asked for a session",
    retention=timedelta(days=365),
    clock="closed_at",
    owner="district",
    subject="contact_email",
    on_erase="delete",
)
exempt(
    "campaigns.SessionRequestStep",
    "author",
    because="which member of staff answered, in the course of their work",
)
