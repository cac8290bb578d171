"""Devices registered at one moment, and a mark in the moment in which two people become one."""

import time
from dataclasses import replace
from threading import Event

import pytest
from django.db import transaction

from events.models import Attendance, Device, Participant
from events.services import devices, merging
from safeguards.facts import Refused
from tests.events.test_room_race import at_once
from tests.factories.attendance import dates_of, make_date, mark, person
from tests.factories.events import NOW, START, make_terms
from tests.factories.people import make_member
from tests.factories.places import make_district, national

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
AT_ONCE = 8


def the_tenth_device_is_the_last() -> None:
    national()
    make_terms()
    district = make_district("klaten")
    kader = make_member("kader", district)
    for number in range(devices.MOST_DEVICES - 1):
        devices.register(member=kader, district=district, label=f"HP {number}", now=NOW)

    def register() -> bool:
        try:
            devices.register(member=kader, district=district, label="Baru", now=NOW)
        except Refused:
            return False
        return True

    assert sorted(at_once(*[register] * AT_ONCE)) == [False] * (AT_ONCE - 1) + [True]
    assert Device.objects.count() == devices.MOST_DEVICES


def test_the_tenth_device_is_the_last():
    the_tenth_device_is_the_last()


@pytest.mark.postgres
def test_the_tenth_device_is_the_last_on_postgresql():
    the_tenth_device_is_the_last()


def a_mark_in_the_moment_of_a_merge_is_of_who_stays() -> None:
    national()
    district = make_district("klaten")
    first, second = dates_of(make_date(district, rrule="FREQ=WEEKLY;COUNT=2").event)
    siti, budi, moderator = person("Siti"), person("Sitti"), make_member("moderator", district)
    for who in (siti, budi):
        mark(first, who)
    into, other = (Participant.objects.get(key=who.key) for who in (siti, budi))
    merged = Event()

    def merge() -> None:
        with transaction.atomic():
            merging.merge(into=into, other=other, actor=moderator, now=START)
            merged.set()
            # Long enough for the mark to read who they were before.
            time.sleep(1)

    def tell() -> str:
        merged.wait(timeout=30)
        return mark(second, replace(budi, name=""), now=second.start).status

    assert at_once(merge, tell) == [None, "created"]
    rows = Attendance.objects.order_by("occurrence__start")
    assert list(rows.values_list("participant", flat=True)) == [into.pk, into.pk]
    merging.part(into=into, other=other, actor=moderator, now=second.start)
    told = Attendance.objects.filter(participant=other).order_by("occurrence__start")
    assert list(told.values_list("occurrence", flat=True)) == [first.pk, second.pk]


def test_a_mark_in_the_moment_of_a_merge_is_of_who_stays():
    a_mark_in_the_moment_of_a_merge_is_of_who_stays()


@pytest.mark.postgres
def test_a_mark_in_the_moment_of_a_merge_is_of_who_stays_on_postgresql():
    a_mark_in_the_moment_of_a_merge_is_of_who_stays()
