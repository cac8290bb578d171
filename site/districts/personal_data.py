"""What this app knows about persons, and for how long."""

from datetime import timedelta

from safeguards.registry import exempt, register

register(
    "districts.Membership",
    fields=("user",),
    tells=("district", "role", "organisation", "region", "created_at", "ended_at"),
    purpose="who works for the office or one of its partners, in which role",
    retention=timedelta(days=2 * 365),
    clock="ended_at",
    owner="the district's office",
    subject="user_id",
    on_erase="delete",
)
register(
    "districts.Invitation",
    fields=("name", "email", "invited_by", "accepted_by"),
    tells=(
        "district",
        "role",
        "organisation",
        "region",
        "created_at",
        "expires_at",
        "accepted_at",
        "revoked_at",
    ),
    purpose="whom an office asked to join, until they answer; who answered, to tell them",
    retention=timedelta(days=90),
    clock="expires_at",
    owner="the district's office",
    subject=("email", "accepted_by_id"),
    on_erase="delete",
    written="created_at",
)
register(
    "districts.StandIn",
    fields=("user", "appointed_by"),
    tells=("district", "starts_on", "ends_on"),
    purpose="who may be the second person for a change of a help channel, and until when",
    retention=timedelta(days=2 * 365),
    clock="ends_on",
    owner="the district's office",
    subject="user_id",
    on_erase="delete",
)

_ACTED = "which account acted for the office; the database empties it when the account goes"
exempt("districts.Channel", "verified_by", "hidden_by", because=_ACTED)
exempt("districts.ChannelChange", "proposed_by", "decided_by", because=_ACTED)
exempt("districts.CommitmentStep", "author", because=_ACTED)
exempt("districts.District", "office_name", "short_name", because="the name of an office")
exempt("districts.Organisation", "name", because="the name of a school, agency or group")
exempt("districts.Region", "name", because="the name of a place")
exempt("districts.Vocabulary", "name", because="the name of a list of terms")
