"""The demo's calendar: a year of sessions, planned, decided and moved through the real services.

Keys follow from the names in `data/events.yaml`, so that to repeat is harmless: what is there
already is not looked at again, and what somebody changed or took out stays as it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.db import transaction
from wagtail.models import Page

from districts.hours import local_date
from districts.models import District, Organisation
from events.models import CalendarSettings, Event, EventState, LocalDay, Occurrence
from events.services import deciding, moving, office, planning
from events.services.feed_entries import write_entry
from events.services.judging import shows_guarded
from events.services.planning import Company
from events.services.retelling import together
from website.demo.days import day_of, rule_of
from website.demo.texts import read_data

PLANNED_BEFORE = timedelta(days=21)
DECIDED_AFTER = timedelta(days=2)
LISTS = {"audience": "audience_codes", "issues": "issue_codes", "indicators": "indicator_codes"}
TEXTS = ("kind", "title", "summary", "venue", "address", "materials", "minutes")
SWITCHES = ("is_home", "is_national", "takes_registrations", "seats")


def load_events(
    districts: dict[str, District], organisations: dict[str, Organisation], *, now: datetime
) -> int:
    """Plan what is missing; return how many sessions that were."""
    told = read_data("events")
    _load_offices(told, districts, now)
    organisations = organisations | _load_groups(told["groups"], districts, organisations)
    keys = set(Event.objects.values_list("key", flat=True))
    new = [entry for entry in entries(told["sets"]) if _key(entry) not in keys]
    if not new:
        return 0
    desk = Desk(
        districts=districts,
        organisations=organisations,
        people={person.email: person for person in get_user_model().objects.all()},
        pages=_pages(new, districts),
        holidays=told["holidays"],
        now=now,
    )
    with together():
        return sum(desk.plan(entry) for entry in new)


def write_feeds_again() -> None:
    """Feeds are stored with the full addresses of their pages, which change with the port."""
    public = Event.objects.public()
    with transaction.atomic():
        for event in public.select_related("district__site", "region__parent", "organiser"):
            write_entry(event)


@dataclass
class Desk:
    """Where the demo's people plan: all they need, read once for all sessions."""

    districts: dict[str, District]
    organisations: dict[str, Organisation]
    people: dict[str, Any]
    pages: dict[tuple[str, str], int]
    holidays: list[str]
    now: datetime

    def plan(self, entry: dict[str, Any]) -> bool:
        """One session from its proposal to what became of its dates; False without its people."""
        district = self.districts[entry["district"]]
        proposer = self._person(entry["by"], district)
        decider = self._person("moderator", district)
        if proposer is None or decider is None:
            return False
        values = self._values(entry, district)
        planned = min(values["starts_at"] - PLANNED_BEFORE, self.now - self._waiting(entry))
        event, _new = planning.propose(
            district=district,
            actor=proposer,
            key=_key(entry),
            values=values,
            now=planned,
            company=self._company(entry),
            request_key=_request_key(entry),
        )
        event = self._decide(event, entry, decider, min(planned + DECIDED_AFTER, self.now))
        for change in entry.get("dates") or ():
            self._change_date(event, change, proposer)
        return True

    def _person(self, role: str, district: District) -> Any:
        return self.people.get(f"{role}.{district.slug}@contoh.invalid")

    def _waiting(self, entry: dict[str, Any]) -> timedelta:
        """Proposals wait for one to four days; the others were planned last week or earlier."""
        days = 1 + _key(entry).int % 4
        return timedelta(days=days if entry.get("state") == EventState.PROPOSED else days + 5)

    def _values(self, entry: dict[str, Any], district: District) -> dict[str, Any]:
        today = local_date(self.now, district.timezone)
        first = day_of(entry["when"], today=today, holidays=self.holidays)
        return {
            **{name: entry[name] for name in TEXTS if name in entry},
            **{name: entry[name] for name in SWITCHES if name in entry},
            **{field: entry.get(name) or [] for name, field in LISTS.items()},
            "organiser": self.organisations.get(entry.get("organiser") or ""),
            "region_id": entry.get("region"),
            "starts_at": _moment(first, entry["at"], district.timezone),
            "timezone": district.timezone,
            "rrule": rule_of(entry.get("repeat"), first),
        }

    def _company(self, entry: dict[str, Any]) -> Company:
        slug = entry["district"]
        invited = [self.organisations.get(one, one) for one in entry.get("invited") or ()]
        return Company(
            speakers=[
                row | {"organisation": self.organisations.get(row.get("organisation") or "")}
                for row in entry.get("speakers") or ()
            ],
            invited=[
                {"organisation": one, "label": one.name}
                if isinstance(one, Organisation)
                else {"organisation": None, "label": one}
                for one in invited
            ],
            pages=[
                self.pages[slug, path]
                for path in entry.get("pages") or ()
                if (slug, path) in self.pages
            ],
        )

    def _decide(self, event: Event, entry: dict[str, Any], decider: Any, now: datetime) -> Event:
        state = entry.get("state", EventState.PUBLISHED)
        if event.state != EventState.PROPOSED or state == EventState.PROPOSED:
            return event
        deal = {"event": event, "actor": decider, "version": event.version, "now": now}
        if state == EventState.CHANGES:
            return deciding.send_back(**deal, note=entry["note"])
        is_shown = not event.guarded or shows_guarded(event.district_id)
        event = deciding.approve(**deal, publish=is_shown and state != EventState.APPROVED)
        if state == EventState.CANCELLED:
            deal |= {"event": event, "version": event.version, "now": self.now - timedelta(days=1)}
            event = deciding.cancel(**deal, note=entry["note"])
        return event

    def _change_date(self, event: Event, change: dict[str, Any], actor: Any) -> None:
        row = self._date(event, change)
        if row is None:
            return
        now = min(self.now, row.start) - timedelta(days=1)
        deal = {"occurrence": row, "actor": actor, "version": row.event.version, "now": now}
        if "cancel" in change:
            moving.cancel_date(**deal, note=change["cancel"])
            return
        start = row.start + timedelta(days=change["move"])
        if "at" in change:
            day = start.astimezone(ZoneInfo(event.timezone)).date()
            start = _moment(day, change["at"], event.timezone)
        moving.move_date(**deal, start=start, minutes=event.minutes, note=change["note"])

    def _date(self, event: Event, change: dict[str, Any]) -> Occurrence | None:
        """The `ahead`-th date to come, or the `gone`-th before now, counted back."""
        rows = event.occurrences.select_related("event__district__site")
        if "ahead" in change:
            return rows.filter(start__gt=self.now).order_by("start")[change["ahead"] - 1 :].first()
        return rows.filter(start__lte=self.now).order_by("-start")[change["gone"] - 1 :].first()


def entries(sets: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every session with what it shares with its set; its id is its own within the set."""
    for one in sets:
        shared = {name: value for name, value in one.items() if name not in {"events", "name"}}
        for entry in one["events"]:
            yield shared | entry | {"id": f"{one['name']}-{entry['id']}"}


def _key(entry: dict[str, Any]) -> UUID:
    return uuid5(NAMESPACE_URL, f"contoh-kegiatan-{entry['id']}")


def _request_key(entry: dict[str, Any]) -> UUID | None:
    """The key of the demo's request that this session answers; see `website.demo.requests`."""
    if "request" not in entry:
        return None
    return uuid5(NAMESPACE_URL, f"contoh-{entry['district']}-{entry['request']}")


def _moment(day: date, at: str, zone: str) -> datetime:
    return datetime.combine(
        day, time.fromisoformat(at.replace(".", ":")), ZoneInfo(zone)
    ).astimezone(UTC)


def _pages(entries: list[dict[str, Any]], districts: dict[str, District]) -> dict:
    """(district, path below its root) → page, for all pages that sessions belong to."""
    wanted = {(one["district"], path) for one in entries for path in one.get("pages") or ()}
    roots = {slug: office.site.root_page.url_path for slug, office in districts.items()}
    paths = {f"{roots[slug]}{path}/": (slug, path) for slug, path in wanted}
    found = Page.objects.filter(url_path__in=paths).values_list("url_path", "pk")
    return {paths[path]: pk for path, pk in found}


def _load_groups(
    entries: list[dict[str, Any]],
    districts: dict[str, District],
    organisations: dict[str, Organisation],
) -> dict[str, Organisation]:
    """The Dasawisma that meet; each a unit of the PKK of its village or kecamatan."""
    found = {}
    for entry in entries:
        found[entry["id"]], _new = Organisation.objects.get_or_create(
            district=districts[entry["district"]],
            kind="pkk",
            name=entry["name"],
            region_id=entry["region"],
            defaults={"pkk_level": "dasawisma", "parent": organisations[entry["parent"]]},
        )
    return found


def _load_offices(told: dict[str, Any], districts: dict[str, District], now: datetime) -> None:
    """What the offices decided about their calendars, unless they decided something since."""
    administrator = get_user_model().objects.filter(email="admin.nasional@contoh.invalid").first()
    if administrator is None or LocalDay.objects.exists():
        return
    for entry in told["settings"]:
        district = districts[entry["district"]]
        values = {name: getattr(planning.settings_of(district), name) for name in office.FIELDS}
        if not CalendarSettings.objects.for_district(district).exists():
            values |= {name: entry[name] for name in office.FIELDS if name in entry}
            office.save_settings(district=district, actor=administrator, values=values)
    for entry in told["local_days"]:
        district = districts[entry["district"]]
        today = local_date(now, district.timezone)
        office.keep_day(
            district=district,
            actor=administrator,
            day=day_of(entry["when"], today=today, holidays=told["holidays"]),
            label=entry["label"],
            is_ordinary=False,
        )
