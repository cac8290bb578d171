"""A session taken out of the calendar while its entry is told anew does not come back."""

import time
from threading import Event as Signal

import pytest
from django.db import transaction

from districts.models import Term
from events.models import Event, FeedEntry
from events.services import deciding, rewriting
from safeguards import generation
from tests.events.test_room_race import at_once, office
from tests.factories.events import NOW, make_event
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def what_is_hidden_meanwhile_stays_out() -> None:
    district = office()
    person, event, hidden = make_member("moderator", district), make_event(district), Signal()
    Term.objects.filter(code="sosialisasi").update(label_id="Penyuluhan")
    key = str(Term.objects.get(code="sosialisasi").pk)
    rewriting.begin(kind="term", keys=[key], now=NOW)
    generation.forget()

    def hide() -> None:
        with transaction.atomic():
            deciding.hide(event=event, actor=person, version=event.version, now=NOW)
            hidden.set()
            # Long enough for the batch to be read as it was before.
            time.sleep(1)

    def rewrite() -> int:
        hidden.wait(timeout=30)
        return rewriting.go_on(NOW)

    assert at_once(hide, rewrite) == [None, 0]
    assert FeedEntry.objects.count() == 0
    assert Event.objects.get().sequence == event.sequence


def test_what_is_hidden_meanwhile_stays_out():
    what_is_hidden_meanwhile_stays_out()


@pytest.mark.postgres
def test_what_is_hidden_meanwhile_stays_out_on_postgresql():
    what_is_hidden_meanwhile_stays_out()
