"""Feed entries follow the names they repeat: of a term, an organisation, a region, or a host.

Entries that name it are read again, an office at a time and so many a run; one whose words are the
same stays as it is. An event whose words differ gets a new SEQUENCE and LAST-MODIFIED, so that
others' calendars take it (RFC 5545, sections 3.8.7.3 and 3.8.7.4); its version stays, so that
nobody who has its form open is told that somebody else changed it.
"""

import time
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone, translation

from districts.models import Term
from districts.renaming import on_renaming
from events import tasks
from events.filters import VOCABULARIES
from events.models import Event, FeedEntry, FeedRewrite
from events.services.bookkeeping import ROUND_UP, locked
from events.services.feed_entries import told_of, write_entry
from safeguards import generation
from safeguards.ticks import register_tick

BATCH = 50
# Well below what the clock allows a job; the rest is for the next minute.
LONGEST_RUN_SECONDS = 120


@on_renaming
def begin_later(kind: str, keys: list[Any]) -> None:
    """Rewrite in the background what names one of these."""
    tasks.retell_renamed.enqueue(kind, [str(key) for key in keys])


def begin(*, kind: str, keys: list[str], now: datetime) -> int:
    """Note what has to be read again, a row an office; return how many rows.

    The same name once more while the first is being rewritten begins it anew.
    """
    number = 0
    for key in _named_at_all(kind, keys):
        entries = FeedEntry.objects.filter(naming(kind, key)).order_by()
        for district, total in entries.values_list("district").annotate(Count("pk")):
            values = {"total": total, "done": 0, "last_event": 0, "created_at": now}
            FeedRewrite.objects.update_or_create(
                district_id=district, kind=kind, named=key, defaults=values
            )
            number += 1
    return number


def _named_at_all(kind: str, keys: list[str]) -> list[str]:
    """Of the thousands that an import renames, those that stand in a session."""
    if kind == "organisation":
        used = {
            str(pk)
            for pk in Event.objects.order_by().values_list("organiser", flat=True).distinct()
        }
    elif kind == "region":
        pairs = Event.objects.order_by().values_list("region", "region__parent").distinct()
        used = {code for pair in pairs for code in pair}
    else:
        return keys
    return [key for key in keys if key in used]


def naming(kind: str, key: str) -> Q:
    """Feed entries in whose words this may stand."""
    if kind == "region":
        return Q(event__region=key) | Q(event__region__parent=key)
    if kind == "organisation":
        return Q(event__organiser=key)
    if kind == "site":
        return Q(district__site=key)
    terms = (
        Term.objects.filter(vocabulary=key) if kind == "vocabulary" else Term.objects.filter(pk=key)
    )
    told = terms.values_list("vocabulary__code", "code").first()
    facets = {code: name for name, code in VOCABULARIES.items()}
    if told is None or told[0] not in facets:
        return Q(pk__in=[])
    code = "" if kind == "vocabulary" else f"{told[1]}|"
    return Q(facets__contains=f"|{facets[told[0]]}:{code}")


def go_on(now: datetime, *, seconds: float = LONGEST_RUN_SECONDS) -> int:
    """Rewrite for so long, one batch at least; return how many entries have other words now."""
    began, changed = time.monotonic(), 0
    # Another process may have renamed a moment ago; old words must not be told as new ones.
    generation.forget()
    while (job := FeedRewrite.objects.first()) is not None:
        changed += _batch(job, now)
        if time.monotonic() - began >= seconds:
            break
    return changed


def _batch(job: FeedRewrite, now: datetime) -> int:
    """Some entries of one office, and how far it is, in one transaction."""
    with transaction.atomic():
        job = FeedRewrite.objects.select_for_update().filter(pk=job.pk).first()
        if job is None:
            return 0
        entries = FeedEntry.objects.for_district(job.district_id)
        rest = entries.filter(naming(job.kind, job.named), event__gt=job.last_event)
        leaf = list(_with_words(rest).order_by("event_id")[:BATCH])
        changed = sum(_told_anew(entry, now) for entry in leaf)
        if len(leaf) < BATCH:
            job.delete()
        else:
            job.done = min(job.done + len(leaf), job.total)
            job.last_event = leaf[-1].event_id
            job.save(update_fields=["done", "last_event"])
        if changed:
            generation.bump("names in feeds rewritten")
    return changed


def _with_words(entries: QuerySet) -> QuerySet:
    return entries.select_related(
        "event__district__site", "event__organiser", "event__region__parent"
    ).prefetch_related("event__occurrences")


def _told_anew(entry: FeedEntry, now: datetime) -> bool:
    """Whether the entry had other words than it would have now, which it then gets."""
    event = entry.event
    with translation.override(settings.LANGUAGE_CODE):
        rows = sorted(event.occurrences.all(), key=lambda row: row.recurrence_id)
        if told_of(event, rows) == (entry.body, entry.flat):
            return False
    # Since the batch was read, somebody may have moved the session or taken it back.
    event = locked(event)
    if event.is_public:
        event.sequence += 1
        event.modified_at = max(now, event.modified_at + ROUND_UP)
        event.save(update_fields=["sequence", "modified_at"])
    write_entry(event)
    return event.is_public


def unfinished(district: Any) -> dict[str, int]:
    """`done` and `total` entries of the office that are being rewritten; empty when none is."""
    rows = FeedRewrite.objects.for_district(district).values_list("done", "total")
    sums = [sum(column) for column in zip(*rows, strict=True)]
    return dict(zip(("done", "total"), sums, strict=True)) if sums else {}


def run(kind: str, keys: list[str]) -> int:
    """What the background task does: note it, and begin."""
    now = timezone.now()
    return go_on(now) if begin(kind=kind, keys=keys, now=now) else 0


register_tick("events.rewrite_feeds", go_on)
