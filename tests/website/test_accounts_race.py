"""Guesses and links at the same moment, on each database."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from districts.services.invitations import invite
from tests.factories.pins import phone
from tests.factories.places import PASSWORD, make_district, make_user, national
from website.accounts.factors import codes, devices
from website.accounts.factors.guesses import PinLocked, WrongPin, try_pin
from website.accounts.factors.links import LinkGone, make_link, use_link
from website.accounts.models import SignInDevice, User

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
PIN, WRONG = "730519", "284617"


def at_once(*acts):
    """Run the acts at the same moment, each on its own connection; the names of what came."""
    barrier = Barrier(len(acts))

    def run(act):
        try:
            barrier.wait(timeout=30)
            act()
        except (WrongPin, PinLocked, LinkGone, codes.CodeRefused) as error:
            return type(error).__name__
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def teacher():
    national()
    lebak = make_district("lebak")
    return lebak, make_user("guru", lebak)


def guesses() -> None:
    lebak, user = teacher()
    _device, token = devices.set_pin(user=user, district=lebak, pin=PIN)
    came = at_once(*[lambda: try_pin(token=token, district=lebak, pin=WRONG)] * 8)
    assert "done" not in came
    # However many arrive at once: five are answered, and then the device waits.
    assert came.count("WrongPin") <= 5
    more = at_once(*[lambda: try_pin(token=token, district=lebak, pin=WRONG)] * 8)
    assert (came + more).count("WrongPin") <= 5
    assert SignInDevice.objects.get().wrong_tries <= 5


def one_link() -> None:
    lebak, user = teacher()
    _link, token = make_link(actor=user, user=user, district=lebak)
    came = at_once(*[lambda: use_link(token=token, district=lebak, pin=PIN)] * 4)
    assert sorted(came) == ["LinkGone"] * 3 + ["done"]
    assert SignInDevice.objects.count() == 1


def one_recovery_code() -> None:
    _lebak, user = teacher()
    spare = codes.renew_recovery_codes(user=user, site=None)[0]
    came = at_once(*[lambda: codes.use_code(user=user, code=spare, site=None)] * 4)
    assert sorted(came) == ["CodeRefused"] * 3 + ["done"]
    assert codes.recovery_codes_left(user) == 9


def taps_on_join() -> None:
    """One form, sent several times at once: each answer lets the new member in."""
    national()
    admin = make_user("admin", make_district("lebak"))
    chosen = {"Tini": {"pin": PIN}, "Ani": {"password": PASSWORD, "email": "ani@contoh.id"}}
    for name, typed in chosen.items():
        _made, token = invite(
            actor=admin, district=admin.memberships.get().district, role="kader", name=name
        )
        address, answers = f"/undangan/{token}/", []
        key = re.search(r'name="key" value="([^"]+)"', phone().get(address).text)[1]
        sent = {"name": name, "key": key} | typed

        def tap(address=address, sent=sent, answers=answers):
            client = phone()
            answers.append(
                (client.post(address, sent).status_code, client.get("/ruang/").status_code)
            )

        assert at_once(*[tap] * 4) == ["done"] * 4
        assert answers == [(302, 200)] * 4
        assert User.objects.filter(name=name).count() == 1
    assert SignInDevice.objects.count() == 1


RACES = [guesses, one_link, one_recovery_code, taps_on_join]


@pytest.mark.parametrize("race", RACES)
def test_at_the_same_moment(race):
    race()


@pytest.mark.postgres
@pytest.mark.parametrize("race", RACES)
def test_at_the_same_moment_on_postgresql(race):
    race()
