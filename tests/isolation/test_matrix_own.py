"""Every address of one's own, and on the other's host: nothing of the other, nothing written."""

import pytest

from districts.models import Role
from tests.isolation import canary
from tests.isolation.addresses import FOREIGN, FORMS, OWN, addresses, known_paths
from tests.isolation.answers import (
    ANONYMOUS,
    STAFF,
    client_for,
    each_role,
    everything_in,
    faults_of,
    leaks,
    report,
    sign_in,
    without_echo,
)
from tests.isolation.watch import kept_elsewhere, watching

pytestmark = pytest.mark.django_db

SIGNS_OUT = frozenset({"wagtailadmin_logout", "account_logout"})
# Who holds a private link reads what it was made for, without an account, on its own host.
OPENED_BY_A_TOKEN = frozenset(
    {
        *("event_registration", "event_registration_cancel", "event_registration_calendar"),
        *("event_registration_correct", "event_registration_data", "event_registration_forget"),
        *("event_invited", "calendar_own_feed", "device_link"),
        "event_certificate_verify",
    }
)


# An editor and a moderator see some of the administrator's screens; a mitra and a koordinator see
# the kader's.
@pytest.mark.parametrize(
    "role",
    each_role(ANONYMOUS, *(role.value for role in (Role.GURU, Role.KADER, Role.MONEV, Role.ADMIN))),
)
def test_my_own_screens_show_nothing_of_the_other(world, role):
    client = client_for(world, role)
    faults: list[str] = []
    shown = 0
    for address in addresses():
        for path in known_paths(address, world, OWN):
            with watching() as seen:
                answer = client.get(path)
                faults += faults_of("get", path, answer, seen)
            shown += answer.status_code == 200
            if address.name in SIGNS_OUT:
                sign_in(client, world, role)
    assert not faults, report(faults)
    assert leaks(kept_elsewhere().lower()) == []
    assert shown > (60 if role in STAFF else 3)


@pytest.mark.parametrize("role", each_role(ANONYMOUS, Role.GURU.value, Role.EDITOR.value))
def test_an_empty_form_changes_nothing(world, role):
    client = client_for(world, role)
    faults: list[str] = []
    for address in addresses():
        if address.takes_something:
            continue
        for path in known_paths(address, world, OWN)[:1]:
            with watching() as seen:
                answer = client.post(path, FORMS.get(address.name, {}))
                faults += faults_of("post", path, answer, seen)
            if address.name in SIGNS_OUT:
                sign_in(client, world, role)
    assert not faults, report(faults)


@pytest.mark.parametrize("role", each_role(ANONYMOUS, Role.GURU.value, Role.EDITOR.value))
def test_on_the_others_host_only_what_it_publishes(world, role):
    client = client_for(world, role, world.foreign.host)
    faults: list[str] = []
    for address in addresses():
        for path in known_paths(address, world, FOREIGN):
            answer = client.get(path)
            text = without_echo(everything_in(answer), path)
            if address.name == "wagtaildocs_serve" or address.name in OPENED_BY_A_TOKEN:
                continue
            faults += [f"{path}: {leak}" for leak in leaks(text, canary.SECRET.lower())[:3]]
            if role == ANONYMOUS or not address.route.startswith("admin/"):
                continue
            if answer.status_code != 404 and address.name != "wagtailadmin_login":
                faults.append(f"{path}: {answer.status_code} on a host that is not mine")
    assert not faults, report(faults)
