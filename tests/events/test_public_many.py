"""The calendar that is made in bulk is the one that services would have made."""

from datetime import date

import pytest

from events.models import CalendarDay, Event, FeedEntry, Occurrence
from events.services.bookkeeping import repeat
from tests.factories.events import make_terms
from tests.factories.many_events import make_many
from tests.factories.places import make_district, national

TODAY = date(2026, 11, 26)


def everything() -> list[list[tuple]]:
    skipped = {"id"}
    return [
        sorted(
            model.objects.values_list(
                *[field.attname for field in model._meta.fields if field.name not in skipped]
            ),
            key=str,
        )
        for model in (Occurrence, CalendarDay, FeedEntry)
    ]


@pytest.mark.django_db
def test_what_is_made_in_bulk_is_what_services_write():
    make_terms()
    national()
    make_many(make_district("belu"), 300, today=TODAY)
    made = everything()
    assert Event.objects.count() == 300
    assert {event.state for event in Event.objects.all()} >= {"terbit", "usulan"}
    assert Occurrence.objects.filter(is_cancelled=True).exists()
    for event in Event.objects.select_related("district__site", "region__parent", "organiser"):
        repeat(event, now=event.modified_at)
    assert everything() == made
