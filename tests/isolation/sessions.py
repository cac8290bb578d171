"""The calendar of one side: something of every kind that hangs on a session."""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.utils import timezone

from events.models import (
    CalendarDay,
    CalendarSettings,
    Event,
    LetterCount,
    LocalDay,
    Occurrence,
    Reminder,
    Speaker,
)
from events.services import calendar_links, inviting, moving, registering
from events.services.feed_entries import write_entry
from events.services.planning import Company
from tests.factories.events import make_event
from tests.isolation import canary

if TYPE_CHECKING:
    from tests.isolation.world import Side


def make_calendar(side: "Side") -> None:
    """A session that everybody reads, one for members whose days are public, and a proposal."""
    district, kader, moderator = side.district, side.users["kader"], side.users["moderator"]
    now = timezone.now()
    CalendarSettings.objects.create(district=district, publishes_guarded=True)
    LocalDay.objects.create(district=district, day=now.date(), label="Hari besar")
    people = {"proposer": kader, "approver": moderator, "now": now}
    soon = (now + timedelta(days=3)).replace(second=0, microsecond=0)
    company = Company(
        speakers=[{"name": "Kepala dinas"}],
        invited=[{"label": "Kantor"}],
        pages=[side.things["live_page"].pk],
    )
    event = make_event(
        district, **people, company=company, starts_at=soon, seats=5, takes_registrations=True,
        title=f"Sesi {district.slug}", rrule="FREQ=DAILY;COUNT=2",
    )  # fmt: skip
    series = make_event(
        district, **people, starts_at=soon, kind="pertemuan-pkk", rrule="FREQ=DAILY;COUNT=2"
    )
    for one in (event, series):
        moved = one.occurrences.order_by("start").last()
        moving.move_date(
            occurrence=moved, actor=kader, version=Event.objects.get(pk=one.pk).version,
            start=moved.start + timedelta(hours=2), minutes=60, now=now, note="Mundur",
        )  # fmt: skip
    make_event(district, **people, published=False, starts_at=soon, title="Usulan")
    date = event.occurrences.select_related("event__district__site").earliest("start")
    told = registering.register(
        occurrence=date, key=uuid4(), language_code="id", now=now,
        values={
            "kind": "orang", "name": "Tamu", "organisation_name": "Kantor", "phone": "",
            "email": f"tamu@{district.slug}.invalid", "seats": 1,
        },
    )  # fmt: skip
    invited = event.invited.get()
    letter = inviting.write_letter(
        occurrence=date, actor=kader, day=now.date(), classification="400", unit="PA",
        agenda="Rapat", number=None, now=now,
    )  # fmt: skip
    side.things |= {
        "event": event,
        "event_slug": event.slug,
        "series_slug": series.slug,
        "occurrence": date,
        "occurrence_day": f"{date.day:%Y-%m-%d}",
        "localday": LocalDay.objects.get(district=district),
        "letter": letter,
        "registration_token": told.token,
        "invited_token": inviting.renew_link(invited=invited, actor=kader, now=now),
        "calendar_token": calendar_links.make(member=kader, district=district, now=now),
    }
    assert Reminder.objects.for_district(district).exists()
    assert CalendarDay.objects.for_district(district).exists()
    assert LetterCount.objects.for_district(district).exists()


def disguise(side: "Side") -> None:
    """After the canaries: what is public of the public session, and feeds that tell no more."""
    _publish(side.things["event"])
    for event in Event.objects.for_district(side.district).select_related(
        "district__site", "region__parent", "organiser"
    ):
        write_entry(event)


def _publish(event: Event) -> None:
    """What everybody reads of a session on its own host, and nobody on another."""
    rows = {Event: [event.pk], Occurrence: event.occurrences.all(), Speaker: event.speakers.all()}
    for model, chosen in rows.items():
        hidden = {"address"} if model is Event else set()
        words = canary.words(canary.PUBLIC, model)
        for row in model.objects.filter(pk__in=chosen):
            model.objects.filter(pk=row.pk).update(
                **{name: text for name, text in words.items() if name not in hidden}
            )
