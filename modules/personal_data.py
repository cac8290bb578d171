"""What the modules app stores about people: facilitators, and specialists who reviewed."""

from datetime import timedelta

from modules.services.forgetting import forget_where_named
from safeguards.registry import exempt, register, register_reach

register(
    "modules.Group",
    fields=("facilitator",),
    tells=("district", "organisation", "kind", "label", "period", "created_at", "archived_at"),
    purpose="which member teaches the group, so that only they see it",
    retention=timedelta(days=3 * 365),
    clock="archived_at",
    owner="district",
    subject="facilitator_id",
    on_erase="delete",
    abandoned=("created_at", timedelta(days=6 * 365)),
)
register(
    "modules.ClassRun",
    fields=("facilitator",),
    tells=(
        "district",
        "edition",
        "group",
        "mode",
        "state",
        "planned_for",
        "opened_at",
        "closed_at",
    ),
    purpose="which member held the session, so that only they see its results",
    retention=timedelta(days=3 * 365),
    clock="closed_at",
    owner="district",
    subject="facilitator_id",
    on_erase="blank",
    abandoned=("created_at", timedelta(days=4 * 365)),
)
register(
    "modules.SignOff",
    fields=("signed_name", "signed_office", "signed_role"),
    tells=("district", "language", "verdict", "day", "recorded_at"),
    purpose="which specialist reviewed a module, shown beside it; after that it counts no longer",
    retention=timedelta(days=5 * 365),
    clock="recorded_at",
    owner="district",
    subject="key",
    on_erase="blank",
)
register_reach(
    "modules: pages and papers that name a specialist",
    export=lambda _who: [],
    erase=forget_where_named,
    heeds_site=True,
)
exempt(
    "modules.SignOff",
    "recorded_by",
    because="which member of staff wrote it down, in the course of work",
)
for label in ("modules.GroupCount", "modules.RunCount"):
    exempt(label, "age_group", because="a band of years that a number of people share")
exempt(
    "modules.Participant",
    "nickname",
    because="two random words that nobody chose; they are emptied a day after the run",
)
for name in ("by", "lifted_by"):
    exempt("modules.Withdrawal", name, because="which member of staff acted, in the course of work")
for name in ("age_from", "age_to"):
    exempt("modules.ModulePage", name, because="for which ages the module is written")
