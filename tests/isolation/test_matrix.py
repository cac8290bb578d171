"""Every address × every role of another district: no canary, and foreign equals nonexistent."""

import re
from collections import Counter
from itertools import product
from urllib.parse import quote

import pytest
from django.test import Client

from districts.checks import SHARED_REFERENCE_DATA
from districts.models import Role
from tests.isolation import canary
from tests.isolation.addresses import (
    FOREIGN,
    FORMS,
    MISSING,
    OWN,
    NoFiller,
    addresses,
    known_paths,
    paths,
)
from tests.isolation.watch import kept_elsewhere, watching

pytestmark = pytest.mark.django_db

ANONYMOUS = "anonymous"
STAFF = (Role.EDITOR.value, Role.MODERATOR.value, Role.ADMIN.value)
ROLES = (ANONYMOUS, *Role.values)
# What differs between two answers that mean the same.
TOKENS = re.compile(
    rb'(csrfmiddlewaretoken"? value="|csrf-?token[^>]*?value="|nonce-)[^"\']+', re.IGNORECASE
)
SIGNS_IN = frozenset({301, 302, 303})
SIGNS_OUT = frozenset({"wagtailadmin_logout", "account_logout"})
# Who holds a private link reads what it was made for, without an account, on its own host.
OPENED_BY_A_TOKEN = frozenset(
    {
        *("event_registration", "event_registration_cancel", "event_registration_calendar"),
        *("event_invited", "calendar_own_feed"),
    }
)
GROUPS_OF_THE_OTHER = ("editor lebak", "moderator lebak", "admin lebak")


def report(faults: list[str]) -> str:
    found = sorted(set(faults))
    return "\n".join([f"{len(found)} faults", *found[:60]])


def client_for(world, role: str, host: str | None = None) -> Client:
    client = Client(SERVER_NAME=host or world.own.host, raise_request_exception=False)
    sign_in(client, world, role)
    return client


def sign_in(client: Client, world, role: str) -> None:
    if role != ANONYMOUS:
        client.force_login(world.own.users[role])


def everything_in(response) -> str:
    headers = " ".join(f"{name}: {value}" for name, value in response.headers.items())
    return (headers + body_of(response).decode(errors="replace")).lower()


def body_of(response) -> bytes:
    if response.streaming:
        return b"".join(response.streaming_content)
    return response.content


def leaks(text: str, needle: str = canary.ANY) -> list[str]:
    """The canaries in a text, with what stands around them."""
    found = [text[max(0, m.start() - 60) : m.end() + 40] for m in re.finditer(needle, text)]
    return found + [group for group in GROUPS_OF_THE_OTHER if group in text]


def without_echo(text: str, path: str) -> str:
    """The text without the address that was asked for, which forms and the log repeat."""
    return text.replace(path.lower(), "").replace(quote(path).lower(), "")


def test_every_address_has_its_arguments(world):
    faults = []
    for address in addresses():
        for variant in (FOREIGN, MISSING, OWN):
            try:
                paths(address, world, variant)
            except NoFiller as missing:
                faults.append(str(missing))
    assert not faults, report(faults)


def test_every_model_of_a_district_has_a_canary(world):
    assert world.models_without_a_row == []


@pytest.mark.parametrize("role", ROLES)
def test_what_is_anothers_is_as_if_it_did_not_exist(world, role):
    client = client_for(world, role)
    faults: list[str] = []
    counted: Counter = Counter()
    closed = client.get("/admin/tidak-ada-di-sini/")
    for address in addresses():
        foreign, missing = (known_paths(address, world, v) for v in (FOREIGN, MISSING))
        for method, (theirs, nobodys) in product(
            ("get", "post"), zip(foreign, missing, strict=True)
        ):
            if theirs == nobodys or _is_shared(address):
                continue
            sent = FORMS.get(address.name, {}) if method == "post" else {}
            with watching() as seen:
                answer = getattr(client, method)(theirs, sent)
                faults += _faults(method, theirs, answer, seen)
            counted[answer.status_code] += 1
            if address.route.startswith("admin/") and role not in (ANONYMOUS, *STAFF):
                # The whole admin is closed to these roles: one answer stands for all.
                faults += _differences(method, theirs, answer, closed)
                continue
            other = getattr(client, method)(nobodys, sent)
            faults += _differences(method, theirs, answer, other)
            if _must_be_missing(address, role) and answer.status_code != 404:
                faults.append(f"{method} {theirs}: {answer.status_code} instead of 404")
    assert not faults, report(faults)
    assert leaks(kept_elsewhere().lower()) == []
    assert counted[404] > 100 or role == ANONYMOUS


def _is_shared(address) -> bool:
    """Reference data is read by all; it belongs to no district."""
    return address.model is not None and address.model.__name__ in SHARED_REFERENCE_DATA - {
        "District"
    }


def _must_be_missing(address, role: str) -> bool:
    if role == ANONYMOUS or not address.route.startswith("admin/"):
        return False
    names_an_object = (
        any(name.endswith(("_id", "pk")) for name in address.arguments)
        and "session_id" not in address.arguments
    )
    return role not in STAFF or names_an_object


def _faults(method: str, path: str, answer, seen) -> list[str]:
    found = [
        f"{method} {path}: {leak}" for leak in leaks(without_echo(everything_in(answer), path))[:3]
    ]
    found += [
        f"{method} {path}: log {leak}"
        for leak in leaks(without_echo("\n".join(seen.log.lines).lower(), path))[:1]
    ]
    if answer.status_code >= 500:
        found.append(f"{method} {path}: {answer.status_code}")
    if seen.domain_writes():
        found.append(f"{method} {path}: writes {sorted(seen.domain_writes())}")
    return found


def _differences(method: str, path: str, one, other) -> list[str]:
    if one.status_code != other.status_code:
        return [f"{method} {path}: {one.status_code}, nonexistent {other.status_code}"]
    if one.status_code in SIGNS_IN or one.status_code == 200 and "?" in path:
        # The address that was asked for is in both, in its own words.
        return []
    if TOKENS.sub(b"", body_of(one)) != TOKENS.sub(b"", body_of(other)):
        return [f"{method} {path}: {one.status_code}, another body than a nonexistent one"]
    if _lasting(one) != _lasting(other):
        return [f"{method} {path}: other headers than a nonexistent one"]
    return []


def _lasting(response) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name != "Expires"}


# An editor and a moderator see some of the administrator's screens; a mitra and a koordinator see
# the kader's.
@pytest.mark.parametrize(
    "role", [ANONYMOUS, *(role.value for role in (Role.GURU, Role.KADER, Role.MONEV, Role.ADMIN))]
)
def test_my_own_screens_show_nothing_of_the_other(world, role):
    client = client_for(world, role)
    faults: list[str] = []
    shown = 0
    for address in addresses():
        for path in known_paths(address, world, OWN):
            with watching() as seen:
                answer = client.get(path)
                faults += _faults("get", path, answer, seen)
            shown += answer.status_code == 200
            if address.name in SIGNS_OUT:
                sign_in(client, world, role)
    assert not faults, report(faults)
    assert leaks(kept_elsewhere().lower()) == []
    assert shown > (60 if role in STAFF else 3)


@pytest.mark.parametrize("role", [ANONYMOUS, Role.GURU.value, Role.EDITOR.value])
def test_an_empty_form_changes_nothing(world, role):
    client = client_for(world, role)
    faults: list[str] = []
    for address in addresses():
        if address.takes_something:
            continue
        for path in known_paths(address, world, OWN)[:1]:
            with watching() as seen:
                answer = client.post(path, FORMS.get(address.name, {}))
                faults += _faults("post", path, answer, seen)
            if address.name in SIGNS_OUT:
                sign_in(client, world, role)
    assert not faults, report(faults)


@pytest.mark.parametrize("role", [ANONYMOUS, Role.GURU.value, Role.EDITOR.value])
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
