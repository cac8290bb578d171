"""What this app does in the background: long lists are written while nobody waits."""

from uuid import UUID

from events.services import exporting
from safeguards.tasks import task


@task()
def write_export(key: str) -> int:
    """Write one long list; return how many rows. A job that is gone meanwhile is no fault."""
    return exporting.write(key=UUID(key))


@task()
def send_links(registrations: list[int]) -> int:
    """Mail somebody the links to their registrations; the queue knows numbers of rows alone."""
    from events.services import lost_links

    return lost_links.send(registrations)


@task()
def retell_renamed(kind: str, keys: list[str]) -> int:
    """Rewrite the feed entries that name what was renamed; return how many have other words."""
    from events.services import rewriting

    return rewriting.run(kind, keys)
