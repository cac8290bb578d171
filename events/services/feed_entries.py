"""Keeps what the public feeds tell of an event; written with every change of it."""

from collections.abc import Sequence

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from districts.terms import term_labels
from events import ical
from events.models import Event, FeedEntry, Occurrence
from events.services import bookkeeping
from events.words import public_wording


def write_entry(event: Event) -> None:
    """Write the entry of a public event, and take away that of any other."""
    if not event.is_public:
        FeedEntry.objects.filter(event=event).delete()
        return
    rows = list(event.occurrences.order_by("recurrence_id"))
    # The feed speaks the language of the house; it is one text for all who subscribe.
    with translation.override(settings.LANGUAGE_CODE):
        body, flat = told_of(event, rows)
    FeedEntry.objects.update_or_create(
        event=event,
        defaults={
            "district_id": event.district_id,
            "is_national": bookkeeping.is_national(event),
            "facets": bookkeeping.facets_of(event),
            # Whole days need no zone.
            "timezone": "" if event.guarded else event.timezone,
            "last_day": max((row.last_day for row in rows), default=event.starts_at.date()),
            "body": body,
            "flat": flat,
            "modified_at": event.modified_at,
        },
    )


def told_of(event: Event, rows: Sequence[Occurrence]) -> tuple[str, str]:
    """What an entry holds of an event and all of its dates in order: `body` and `flat`."""
    told = public_told(event)
    body, flat = (
        "".join(component.to_ical().decode() for component in made(event, rows, told))
        for made in (ical.components, ical.flat_components)
    )
    return body, flat


def public_told(event: Event) -> ical.Told:
    """The words of an event for everybody, without a query per date."""
    words = public_wording(event)
    audience = {} if event.guarded else term_labels("audience")
    themes = {} if event.guarded else term_labels("issue_area")
    return ical.Told(
        summary=words.title,
        location=words.place,
        url=f"{event.district.site.root_url}/kalender/{event.slug}/",
        categories=(
            words.kind,
            *(themes[code] for code in event.issue_codes or () if code in themes),
            *(audience[code] for code in event.audience_codes or () if code in audience),
        ),
        description="\n\n".join(
            filter(None, [words.summary, words.organiser and organised_by(words.organiser)])
        ),
    )


def organised_by(name: str) -> str:
    return _("Organised by %(name)s") % {"name": name}
