"""Proposing a session and changing what was planned."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from districts.models import District, Role
from districts.services.memberships import active_memberships
from events.guarding import is_guarded, members_kinds
from events.models import (
    STANDING,
    CalendarSettings,
    Event,
    EventChange,
    EventPage,
    EventState,
    InvitedOrganisation,
    Occurrence,
    Speaker,
)
from events.recurrence import ended_on, expand, normalised
from events.services import dates
from events.services.bookkeeping import NotPossible, locked, noted
from events.services.continuing import the_rest
from events.services.judging import has_to_be_guarded
from events.services.reminding import owe_all_moved
from events.services.returning import back_to_the_office, needs_approval, share_out, snapshot
from events.services.single import settle
from events.services.slugs import free_slug
from events.stood import event_as_it_stood

APPROVERS = frozenset({Role.MODERATOR, Role.ADMIN})
PLANNERS = frozenset(Role) - {Role.MONEV}
# What a new schedule is made of; the rest is text.
SCHEDULE = ("starts_at", "minutes", "timezone", "rrule")
TEXTS = (
    *("kind", "title", "summary", "organiser", "audience_codes", "issue_codes", "indicator_codes"),
    *("region", "venue", "address", "is_home", "latitude", "longitude", "materials"),
    *("is_national", "seats", "takes_registrations"),
)


@dataclass(frozen=True)
class Company:
    """Who and what belongs to an event besides its own fields; None leaves it as it is.

    `speakers` are mappings {name, organisation, organisation_name, topic}, `invited` mappings
    {organisation, label}, `pages` primary keys of pages.
    """

    speakers: Iterable[Mapping[str, Any]] | None = None
    invited: Iterable[Mapping[str, Any]] | None = None
    pages: Iterable[int] | None = None
    extra: Iterable[datetime] = field(default=())


def propose(
    *,
    district: District,
    actor: Any,
    key: UUID,
    values: dict[str, Any],
    now: datetime,
    company: Company = Company(),  # noqa: B008 – frozen
    request_key: UUID | None = None,
) -> tuple[Event, bool]:
    """Plan a session; (event, whether it is new). `values` are fields of Event.

    The same key again is the same event. Raises BadRule. A kind for members, proposed by one of
    them, is approved at once where the office trusts them.
    """
    with transaction.atomic():
        known = Event.objects.for_district(district).filter(key=key).first()
        if known is not None:
            return known, False
        event = Event(
            district=district,
            key=key,
            uid=f"{uuid4()}@{district.site.hostname}",
            request_key=request_key,
            proposed_by=actor,
            created_at=now,
            modified_at=now,
            **values,
        )
        event.rrule = normalised(event.rrule, tz=event.timezone) if event.rrule else ""
        event.guarded = is_guarded(values)
        event.slug = free_slug(event)
        if is_trusted(event, actor):
            event.state, event.is_trusted, event.approved_at = EventState.APPROVED, True, now
            if event.guarded and settings_of(district).publishes_guarded:
                event.state, event.published_at = EventState.PUBLISHED, now
        event.version = 0
        try:
            with transaction.atomic():
                event.save()
        except IntegrityError:
            # Sent twice at the same moment: the other one was first.
            known = Event.objects.for_district(district).filter(key=key).first()
            if known is None:
                raise
            return known, False
        dates.lay_out(event, extra=company.extra)
        _accompany(event, company)
        noted(event, verb=EventChange.Verb.PROPOSED, actor=actor, now=now, schedule=False)
        return event, True


def edit(
    *,
    event: Event,
    actor: Any,
    version: int,
    values: dict[str, Any],
    now: datetime,
    company: Company = Company(),  # noqa: B008 – frozen
    since: Occurrence | None = None,
) -> Event:
    """Change a whole series, or from the date `since` on; return the event that holds the future.

    What has taken place is never rewritten: a new schedule for a series that has begun goes on in a
    new event of the same chain. `values` are as a form of the whole series shows them: its first
    start and its whole COUNT; a start near `since` is that date's own. Raises Stale, BadRule,
    NotPossible.
    """
    with transaction.atomic():
        event = locked(event, version=version)
        if event.state == EventState.CANCELLED:
            raise NotPossible(_("A cancelled session can't be changed. Copy it instead."))
        stood = snapshot(event)
        rule = values.get("rrule", event.rrule)
        values = values | {
            "rrule": normalised(rule, tz=values.get("timezone", event.timezone)) if rule else ""
        }
        if since is None:
            values = settle(event, values)
        changed = differences(event, values)
        moves = any(name in changed for name in SCHEDULE)
        since = _since(event, since, moves=moves, now=now)
        before = expand(event.rrule, start=event.starts_at, tz=event.timezone)
        minutes, tz = event.minutes, event.timezone
        if since is not None and since.recurrence_id > event.starts_at and event.rrule:
            at, moves = since.recurrence_id, True
            values = the_rest(event, values, starts=before, at=at, now=now)
            if event.occurrences.filter(recurrence_id__lt=at).exists():
                event = _split(event, since=since, starts=before, actor=actor, now=now)
                stood = snapshot(event)
            before = [start for start in before if start >= at]
        _apply(event, values)
        tells = event.state in STANDING and not needs_approval(event, actor)
        if moves:
            dates.lay_out_again(event, before=before, minutes=minutes, tz=tz, now=now, tells=tells)
        if tells:
            _owe_another_place(event, changed, now=now)
        _accompany(event, company)
        if event.guarded:
            # It may be said to everybody now; what has to be guarded is, when it is noted.
            event.guarded = has_to_be_guarded(event)
        back_to_the_office(event, actor, stood=stood)
        noted(
            event,
            verb=EventChange.Verb.EDITED,
            actor=actor,
            now=now,
            values=changed,
        )
        return event


def is_trusted(event: Event, actor: Any) -> bool:
    """Whether a session of this kind, proposed by this member, needs nobody's approval."""
    if event.kind not in members_kinds() or not settings_of(event.district).trusts_members:
        return False
    return active_memberships(actor, event.district).filter(role__in=PLANNERS).exists()


def settings_of(district: District) -> CalendarSettings:
    """The office's decisions about its calendar, the defaults where it made none."""
    found = CalendarSettings.objects.for_district(district).first()
    return found or CalendarSettings(district=district)


def differences(event: Event, values: dict[str, Any]) -> dict[str, list[str]]:
    """{field: [before, after]} of what these values would change."""
    return {
        name: [str(getattr(event, name) or ""), str(value or "")]
        for name, value in values.items()
        if getattr(event, name) != value
    }


def _since(
    event: Event, since: Occurrence | None, *, moves: bool, now: datetime
) -> Occurrence | None:
    """The date from which on the change holds; None for all of them. Raises NotPossible.

    A new schedule holds at the earliest from the first date on after all that took place.
    """
    rows = event.occurrences.filter(is_extra=False).order_by("recurrence_id")
    if since is not None:
        if since.is_extra:
            raise NotPossible(_("This date was added by itself. Move or cancel it by itself."))
        since = rows.get(pk=since.pk)
    held = rows.filter(start__lte=now).last()
    if not moves or held is None:
        return since
    first = rows.filter(recurrence_id__gt=held.recurrence_id).first()
    if first is None:
        raise NotPossible(_("All its dates are over. Add a date, or copy the session."))
    return max(first, since or first, key=lambda row: row.recurrence_id)


def _split(
    event: Event, *, since: Occurrence, starts: list[datetime], actor: Any, now: datetime
) -> Event:
    """End the series before `since` and return a new event that takes over the later dates."""
    at = since.recurrence_id
    follower = Event.objects.select_related("district__site", "organiser", "region__parent").get(
        pk=event.pk
    )
    follower.pk, follower._state.adding = None, True
    follower.key, follower.uid = uuid4(), f"{uuid4()}@{event.district.site.hostname}"
    follower.slug = ""
    # What other calendars hold of its dates has the number until now: it only grows.
    follower.version, follower.sequence = 0, event.sequence
    follower.request_key = None
    follower.created_at, follower.modified_at = now, max(now, event.modified_at)
    follower.slug = free_slug(event_as_it_stood(follower))
    follower.save()
    follower.told_before = event.told_before
    event.occurrences.filter(recurrence_id__gte=at).update(event=follower)
    ended = [start for start in starts if start < at]
    last = ended[-1].astimezone(ZoneInfo(event.timezone)).date()
    event.rrule = ended_on(event.rrule, last, tz=event.timezone) if len(ended) > 1 else ""
    copied = {}
    for model in (Speaker, InvitedOrganisation, EventPage):
        copies = list(model.objects.filter(event=event))
        known = [row.pk for row in copies]
        for row in copies:
            row.pk, row._state.adding, row.event = None, True, follower
            if isinstance(row, InvitedOrganisation):
                # The link leads on when the first part is over: `inviting.find`.
                row.token_digest = ""
        model.objects.bulk_create(copies)
        copied[model] = dict(zip(known, [row.pk for row in copies], strict=True))
    share_out(event, follower, at=at, speakers=copied[Speaker], pages=copied[EventPage])
    noted(event, verb=EventChange.Verb.SPLIT, actor=actor, now=now, day=since.original_day)
    return follower


def _apply(event: Event, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(event, name, value)


def _accompany(event: Event, company: Company) -> None:
    if company.speakers is not None:
        _let_speak(event, list(company.speakers))
    if company.invited is not None:
        rows = {row["label"]: row for row in company.invited}
        _take_off(event, rows)
        known = set(event.invited.values_list("label", flat=True))
        InvitedOrganisation.objects.bulk_create(
            [
                InvitedOrganisation(district_id=event.district_id, event=event, **row)
                for label, row in rows.items()
                if label not in known
            ]
        )
    if company.pages is not None:
        wanted = list(dict.fromkeys(company.pages))
        if wanted != list(event.pages.values_list("page_id", flat=True)):
            event.pages.all().delete()
            EventPage.objects.bulk_create(
                [
                    EventPage(district_id=event.district_id, event=event, page_id=pk, position=n)
                    for n, pk in enumerate(wanted)
                ]
            )


def _let_speak(event: Event, rows: list[Mapping[str, Any]]) -> None:
    speakers = [
        Speaker(district_id=event.district_id, event=event, position=n, **row)
        for n, row in enumerate(rows)
    ]
    said = ("name", "organisation_id", "organisation_name", "topic")
    told = [tuple(getattr(one, name) for name in said) for one in speakers]
    if told != list(event.speakers.values_list(*said)):
        event.speakers.all().delete()
        Speaker.objects.bulk_create(speakers)


def _take_off(event: Event, labels: Iterable[str]) -> None:
    """Whoever has answered, or has a link, is taken back by name, not by a line that is missing."""
    gone = event.invited.exclude(label__in=labels)
    if known := gone.exclude(answer="", token_digest="").first():
        raise NotPossible(
            _(
                "%(label)s has a link or has answered already. Write the name as it was, or take "
                "the invitation back on the page of the invitations."
            )
            % {"label": known.label}
        )
    gone.delete()


def _owe_another_place(event: Event, changed: Mapping[str, Any], *, now: datetime) -> None:
    """Tell whoever registered where the place or the length is another; `lay_out_again` tells of
    another day or hour."""
    rows = event.occurrences.filter(start__gt=now, is_cancelled=False)
    if not {"minutes", "region", "venue"} & set(changed):
        return
    if "minutes" not in changed:
        rows = rows.filter(venue="")
    owe_all_moved(rows, round_=event.sequence + 1, now=now)
