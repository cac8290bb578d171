"""Two devices registered at one moment: never more than a member may have."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from events.models import Device
from events.services import devices
from safeguards.facts import Refused
from tests.factories.events import NOW, make_terms
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
    barrier = Barrier(AT_ONCE)

    def register(number: int) -> bool:
        try:
            barrier.wait(timeout=30)
            devices.register(member=kader, district=district, label=f"Baru {number}", now=NOW)
        except Refused:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert sorted(pool.map(register, range(AT_ONCE))) == [False] * (AT_ONCE - 1) + [True]
    assert Device.objects.count() == devices.MOST_DEVICES


def test_the_tenth_device_is_the_last():
    the_tenth_device_is_the_last()


@pytest.mark.postgres
def test_the_tenth_device_is_the_last_on_postgresql():
    the_tenth_device_is_the_last()
