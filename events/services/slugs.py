"""Addresses of sessions: free in their district, and of a guarded one without a word of it."""

from uuid import uuid4

from django.utils.text import slugify

from events.models import Event

RESERVED = frozenset({"feed", "undangan", "daftar"})


def free_slug(event: Event) -> str:
    """An address that is free in the district; a guarded event's says nothing but its kind."""
    if event.guarded:
        return f"{slugify(event.kind)[:40]}-{uuid4().hex[:10]}"
    base = slugify(event.title)[:66].strip("-") or slugify(event.kind) or "kegiatan"
    if base.isdigit() or base in RESERVED:
        base = f"kegiatan-{base}"
    taken = set(
        Event.objects.for_district(event.district)
        .filter(slug__startswith=base)
        .exclude(pk=event.pk)
        .values_list("slug", flat=True)
    )
    if base not in taken:
        return base
    return f"{base}-{uuid4().hex[:8]}"
