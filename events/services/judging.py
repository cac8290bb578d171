"""Whether a session is guarded, by everything that is stored of it: itself, who speaks, its dates.

Each change is judged where it is noted, so that no way of writing words passes by. What was stored
before a rule or a vocabulary became stricter is judged again once a day.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, Prefetch, Q, Subquery, prefetch_related_objects
from django.db.models.functions import Left
from django.utils import translation
from django.utils.translation import gettext as _

from events.guarding import is_guarded
from events.models import (
    CalendarSettings,
    Event,
    EventChange,
    EventState,
    FeedEntry,
    Occurrence,
    Speaker,
)
from events.services.slugs import free_slug
from safeguards.ticks import register_tick

FIELDS = (
    *("kind", "title", "summary", "organiser", "issue_codes", "venue", "address", "is_home"),
    *("materials", "cancel_note"),
)
LEAF = 500
# So many characters of an entry hold the UID of its first date.
FIRST_DATE = 2_000
# Dates that say something of their own; the rest says what the event says.
_SAID = Occurrence.objects.filter(~Q(title="") | ~Q(venue="") | ~Q(note=""))
_SAYING = Prefetch("occurrences", _SAID.only("event", "title", "venue", "note"), to_attr="saying")
_SPEAKING = Prefetch("speakers", Speaker.objects.select_related("organisation"), to_attr="speaking")


def has_to_be_guarded(event: Event) -> bool:
    """Two queries at most; none where the event's own fields say it."""
    if is_guarded(_values(event)):
        return True
    for name in ("saying", "speaking"):
        # Judged anew with what was written since.
        vars(event).pop(name, None)
    prefetch_related_objects([event], _SAYING, _SPEAKING)
    return _with_company(event)


def guard(event: Event) -> None:
    """Guard an event that has to be, at an address that tells nothing; never the other way.

    Where the office shows no guarded sessions, it leaves the public calendar.
    """
    if event.guarded or not has_to_be_guarded(event):
        return
    event.guarded = True
    event.slug = free_slug(event)
    if event.state == EventState.PUBLISHED and not shows_guarded(event.district_id):
        event.state, event.published_at = EventState.APPROVED, None


def shows_guarded(district_id: int) -> bool:
    """Whether the office put guarded sessions into the public calendar."""
    rows = CalendarSettings.objects.filter(district_id=district_id)
    return rows.filter(publishes_guarded=True).exists()


def judge_again(now: datetime) -> int:
    """Guard what is public and must not be read by everybody; return how many that were."""
    from events.services.bookkeeping import locked, noted

    last, number = 0, 0
    rows = Event.objects.public().filter(guarded=False).select_related("organiser").order_by("pk")
    while leaf := list(rows.filter(pk__gt=last).prefetch_related(_SAYING, _SPEAKING)[:LEAF]):
        last = leaf[-1].pk
        for found in leaf:
            if not _with_company(found):
                continue
            with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
                event = locked(found)
                note = _("Its words name a home or a school: everybody reads kind and day alone.")
                noted(event, verb=EventChange.Verb.EDITED, actor=None, now=now, note=note)
            number += 1
    return number


def retell_guarded(now: datetime) -> int:
    """Tell less of guarded sessions whose filters and feed said more of them; how many.

    It repairs rows of versions that told a guarded session's audience, themes or open UID, which
    none is written with any more: it may go when every installation has run it.
    """
    from events.services.bookkeeping import ROUND_UP, locked, repeat

    told = Q(facets__contains="|sasaran:") | Q(facets__contains="|tema:")
    rows = Occurrence.objects.filter(told, event__guarded=True).order_by()
    found = {*rows.values_list("event_id", flat=True), *_with_an_open_uid()}
    number = 0
    for pk in sorted(found):
        with transaction.atomic():
            event = locked(Event(pk=pk))
            # Calendars that subscribe take what is newer than what they have.
            event.sequence += 1
            event.modified_at = max(now, event.modified_at + ROUND_UP)
            event.save(update_fields=["sequence", "modified_at"])
            repeat(event, now=now)
        number += 1
    return number


def _with_an_open_uid() -> Iterator[int]:
    """Guarded sessions that the feed tells by the UID of their dates, which was open once.

    An entry is written at once, so that its first date speaks for all. A query for all of them,
    and one more for each that may be such.
    """
    from events.ical import hidden_id

    first = Occurrence.objects.filter(event=OuterRef("event")).order_by("recurrence_id")
    entries = FeedEntry.objects.filter(event__guarded=True).order_by()
    told = entries.annotate(key=Subquery(first.values("key")[:1]), begin=Left("body", FIRST_DATE))
    for pk, key, begin in told.values_list("event_id", "key", "begin").iterator(2_000):
        if key is None or (hidden := str(hidden_id(key))) in begin:
            continue
        if not entries.filter(event=pk, body__contains=hidden).exists():
            yield pk


def _values(event: Event) -> dict[str, Any]:
    return {name: getattr(event, name) for name in FIELDS}


def _with_company(event: Event) -> bool:
    return is_guarded(_values(event), speakers=event.speaking, dates=event.saying)


register_tick("events.judge_again", judge_again, every=timedelta(days=1))
register_tick("events.retell_guarded", retell_guarded, every=timedelta(days=1))
