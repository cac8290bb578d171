"""A member's own calendar: what they and their organisations plan, and what stands in the district.

Members read all of a session, so it is made when it is asked for and kept nowhere. Names of people
are not in it.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from districts.services.memberships import active_memberships
from districts.terms import term_labels
from events import ical
from events.feeds import END, Stamp
from events.models import STANDING, CalendarLink, Event, EventState, Occurrence
from events.services.feed_entries import organised_by
from events.words import member_wording
from safeguards import generation

LEAF = 200
# What is over for longer nobody looks up in their telephone.
BACK = timedelta(days=92)


@dataclass(frozen=True)
class OwnFeed:
    """What one private address holds at a moment."""

    link: CalendarLink
    now: datetime

    @property
    def events(self) -> QuerySet:
        member, district = self.link.member, self.link.district
        groups = active_memberships(member, district).exclude(organisation=None)
        seen = Q(proposed_by=member) | Q(organisation_of_member=True) | Q(state__in=STANDING)
        # What was approved and then cancelled has to be told as well.
        seen |= Q(state=EventState.CANCELLED, approved_at__isnull=False)
        recent = Occurrence.objects.filter(
            event=OuterRef("pk"), last_day__gte=(self.now - BACK).date()
        )
        return (
            Event.objects.for_district(district)
            .annotate(
                organisation_of_member=Exists(groups.filter(organisation=OuterRef("organiser")))
            )
            .filter(seen, Exists(recent))
            .order_by("pk")
        )

    def stamp(self) -> Stamp:
        told = self.events.aggregate(Count("pk"), Max("modified_at"), Sum("version"))
        # Names of terms, organisations and regions are read anew each time, and so is the number
        # that every renaming raises.
        number, raised = generation.last()
        seen = repr((self.link.pk, number, sorted(told.items()), self._head(())))
        # What left the calendar has changed it: any event of the district may have been in it.
        rows = Event.objects.for_district(self.link.district)
        changed = rows.aggregate(last=Max("modified_at"))["last"]
        return Stamp(
            etag=f'"{hashlib.sha256(seen.encode()).hexdigest()[:32]}"',
            modified=max(filter(None, (changed, raised, self.link.created_at))),
            zones=tuple(
                self.events.order_by("timezone").values_list("timezone", flat=True).distinct()
            ),
        )

    def parts(self, zones: tuple[str, ...]) -> Iterator[bytes]:
        """The feed as bytes, a leaf of events at a time."""
        yield self._head(zones).removesuffix(END)
        last = 0
        rows = self.events.select_related("region__parent", "organiser").prefetch_related(
            "occurrences"
        )
        while leaf := list(rows.filter(pk__gt=last)[:LEAF]):
            # A generator goes on outside of the request's language.
            with translation.override(settings.LANGUAGE_CODE):
                told = "".join(text for event in leaf for text in self._told(event))
            yield told.encode()
            last = leaf[-1].pk
        yield END

    def _told(self, event: Event) -> Iterator[str]:
        words = member_wording(event)
        home = self.link.district.site.root_url
        lines = [words.summary, event.materials]
        if words.organiser:
            lines.append(organised_by(words.organiser))
        told = ical.Told(
            summary=words.title,
            location=words.place,
            url=home + reverse("event_detail", args=[event.pk]),
            categories=(words.kind, *_audience(event)),
            description="\n\n".join(filter(None, lines)),
        )
        rows = sorted(event.occurrences.all(), key=lambda row: row.recurrence_id)
        for component in ical.components(event, rows, told, full=True):
            yield component.to_ical().decode()

    def _head(self, zones: tuple[str, ...]) -> bytes:
        district = self.link.district
        with translation.override(settings.LANGUAGE_CODE):
            return ical.head(
                name=_("My sessions · %(district)s") % {"district": district.short_name},
                description=_("This address is yours alone. Pass it on to nobody."),
                color=district.accent,
                url=f"{district.site.root_url}/ruang/kalender/",
                zones=zones,
            ).to_ical()


def _audience(event: Event) -> list[str]:
    labels = term_labels("audience")
    return [labels[code] for code in event.audience_codes or () if code in labels]
