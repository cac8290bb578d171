"""What this app does in the background."""

from districts.services import aliases
from safeguards.tasks import task


@task()
def sync_aliases_everywhere() -> dict[str, int]:
    """Carry the national pages to every district."""
    return vars(aliases.sync_everywhere())


@task()
def remove_aliases(ids: list[int]) -> int:
    """Delete what were aliases of a deleted national page."""
    return aliases.remove_aliases(ids)
