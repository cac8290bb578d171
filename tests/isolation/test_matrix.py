"""Every address × every role of another district: no canary, and foreign equals nonexistent."""

from collections import Counter
from itertools import product

import pytest

from districts.checks import SHARED_REFERENCE_DATA
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
from tests.isolation.answers import (
    OUTSIDE,
    PARTICIPANT,
    ROLES,
    STAFF,
    client_for,
    differences,
    each_role,
    faults_of,
    leaks,
    report,
)
from tests.isolation.watch import kept_elsewhere, watching

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize("role", each_role(*ROLES))
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
                faults += faults_of(method, theirs, answer, seen)
            counted[answer.status_code] += 1
            if address.route.startswith("admin/") and role not in (*OUTSIDE, *STAFF):
                # The whole admin is closed to these roles: one answer stands for all.
                faults += differences(method, theirs, answer, closed)
                continue
            other = getattr(client, method)(nobodys, sent)
            faults += differences(method, theirs, answer, other)
            if _must_be_missing(address, role) and answer.status_code != 404:
                faults.append(f"{method} {theirs}: {answer.status_code} instead of 404")
    assert not faults, report(faults)
    assert leaks(kept_elsewhere().lower()) == []
    assert counted[404] > 100 or role in OUTSIDE


def _is_shared(address) -> bool:
    """Reference data is read by all; it belongs to no district."""
    return address.model is not None and address.model.__name__ in SHARED_REFERENCE_DATA - {
        "District"
    }


def _must_be_missing(address, role: str) -> bool:
    if role in OUTSIDE or not address.route.startswith("admin/"):
        return False
    names_an_object = (
        any(name.endswith(("_id", "pk")) for name in address.arguments)
        and "session_id" not in address.arguments
    )
    return role not in STAFF or names_an_object


def test_the_participant_of_the_matrix_has_joined(world):
    answer = client_for(world, PARTICIPANT).get(f"/gabung/{world.own.things['code']}/")
    pupil = world.own.things["pupil"]
    pupil.refresh_from_db()
    assert (answer.status_code, pupil.nickname in answer.text) == (200, True)
