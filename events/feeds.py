"""The public feeds: which entries one holds, what it is called, and since when it is so.

A feed is its stored entries one after another (`FeedEntry`), read in leaves, so that ten thousand
events cost no more than reading them and no cursor stays open while somebody downloads.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from districts.models import District, Region, Term
from events import ical
from events.filters import KECAMATAN, NAMES, VOCABULARIES, labels_of
from events.models import Event, FeedEntry
from events.words import public_wording
from safeguards import generation

LEAF = 1_000
LONGEST_VALUE = 60
END = b"END:VCALENDAR\r\n"


class NeverExisted(LookupError):
    """A filter asks for what no session ever was; `name` and `value` say which."""

    def __init__(self, name: str, value: str):
        super().__init__(f"{name}={value}")
        self.name, self.value = name, value


@dataclass(frozen=True)
class Stamp:
    """Since when a feed is as it is: a strong ETag from the rows' versions, and the last change."""

    etag: str
    modified: datetime | None
    zones: tuple[str, ...]


@dataclass(frozen=True)
class Feed:
    """One feed of an office.

    `asked` are sorted (filter, value); `chain` is a series, of which `guarded` parts and those that
    have a name are never told in one feed; `flat` tells every date by itself.
    """

    district: District
    asked: tuple[tuple[str, str], ...] = ()
    chain: str = ""
    guarded: bool = False
    series: str = ""
    slug: str = ""
    flat: bool = False

    @property
    def entries(self) -> QuerySet:
        """Rows of FeedEntry in a fixed order."""
        found = FeedEntry.objects.order_by("event_id")
        if self.chain:
            found = found.for_district(self.district).filter(
                event__chain=self.chain, event__guarded=self.guarded
            )
        elif self.district.is_national:
            found = found.filter(is_national=True)
        else:
            found = found.for_district(self.district)
        for name in NAMES:
            values = [value for key, value in self.asked if key == name]
            if values:
                found = found.filter(_any_of(name, values))
        return found

    def stamp(self) -> Stamp:
        """Remembered until something is published: an unchanged feed costs no query at all."""
        key = ("feed", self.district.pk, self.chain, self.guarded, self.asked, self.flat)
        return generation.remembered(key, self._stamp)

    def _stamp(self) -> Stamp:
        told = self.entries.aggregate(Count("pk"), Max("modified_at"), Sum("event__version"))
        zones = self.entries.exclude(timezone="").order_by("timezone")
        seen = repr((sorted(told.items()), self._head(()), self.asked, self.flat))
        # What was taken out of a feed changes it as well.
        events = Event.objects.all()
        if not self.district.is_national:
            events = events.for_district(self.district)
        changed = events.aggregate(last=Max("modified_at"))["last"]
        return Stamp(
            etag=f'"{hashlib.sha256(seen.encode()).hexdigest()[:32]}"',
            modified=changed,
            zones=tuple(zones.values_list("timezone", flat=True).distinct()),
        )

    def parts(self, zones: tuple[str, ...]) -> Iterator[bytes]:
        """The feed as bytes, a leaf of entries at a time."""
        yield self._head(zones).removesuffix(END)
        column, last = "flat" if self.flat else "body", 0
        while True:
            leaf = list(
                self.entries.filter(event_id__gt=last).values_list("event_id", column)[:LEAF]
            )
            yield "".join(body for _event, body in leaf).encode()
            if len(leaf) < LEAF:
                break
            last = leaf[-1][0]
        yield END

    def _head(self, zones: tuple[str, ...]) -> bytes:
        root = self.district.site.root_url
        asked = urlencode([*self.asked, *([("datar", "1")] if self.flat else [])])
        path = f"/kalender{f'/{self.slug}' if self.slug else ''}.ics"
        with translation.override(settings.LANGUAGE_CODE):
            return ical.head(
                name=self._name(),
                description=_("Sessions and meetings of %(office)s.")
                % {"office": self.district.office_name},
                color=self.district.accent,
                url=f"{root}/kalender/{f'{self.slug}/' if self.slug else ''}",
                source=f"{root}{path}{f'?{asked}' if asked else ''}",
                zones=zones,
            ).to_ical()

    def _name(self) -> str:
        """What a calendar that subscribes shows: of which series, or of what it is a part."""
        if self.series:
            return f"{self.series} · {self.district.short_name}"
        name, part = calendar_name(self.district), labels_of(self.district, self.asked)
        return f"{name}: {', '.join(part)}" if part else name


def calendar_name(district: District) -> str:
    return _("Calendar of %(name)s") % {"name": district.short_name}


def series_feed(district: District, slug: str, *, flat: bool) -> Feed | None:
    """The feed of one series and of what it went on as; None where the public knows no such."""
    events = Event.objects.for_district(district).select_related("region__parent", "organiser")
    event = events.public().filter(slug=slug).first()
    if event is None and (hidden := events.filter(slug=slug).first()) is not None:
        # A part of it is read again by the office; the others stand.
        parts = events.public().filter(chain=hidden.chain, guarded=hidden.guarded)
        event = parts.order_by("starts_at").last()
    if event is None:
        return None
    with translation.override(settings.LANGUAGE_CODE):
        title = public_wording(event).title
    return Feed(
        district,
        chain=str(event.chain),
        guarded=event.guarded,
        series=title,
        slug=slug,
        flat=flat,
    )


def asked_of(district: District, query: QueryDict) -> tuple[tuple[str, str], ...]:
    """The filters in a query (a QueryDict); several values of one mean any of them.

    Raises NeverExisted: an empty calendar would look to its subscriber like one without sessions.
    """
    asked = {(name, value.strip()) for name in NAMES for value in query.getlist(name)}
    found = tuple(sorted(one for one in asked if one[1]))
    for name, value in found:
        # PostgreSQL refuses to look for what nobody can type.
        typed = len(value) <= LONGEST_VALUE and value.isprintable()
        if not typed or not _existed(district, name, value):
            raise NeverExisted(name, "".join(filter(str.isprintable, value[:LONGEST_VALUE])))
    return found


def _existed(district: District, name: str, value: str) -> bool:
    if name != KECAMATAN:
        # Whoever subscribed to a kind that is no longer in use keeps what there was.
        return Term.objects.filter(vocabulary__code=VOCABULARIES[name], code=value).exists()
    places = Region.objects.filter(code=value)
    if district.is_national:
        return places.filter(level__in=("kabupaten", "kecamatan")).exists()
    return places.filter(level="kecamatan", parent=district.region_id).exists()


def _any_of(name: str, values: list[str]) -> Q:
    found = Q()
    for value in values:
        # The code of a district is the beginning of those of its kecamatan.
        end = "." if name == KECAMATAN and len(value) < 8 else "|"
        found |= Q(facets__contains=f"|{name}:{value}{end}")
    return found
