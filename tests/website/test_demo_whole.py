"""The demo as the first command sets it up, counted in a database of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from campaigns.models import RequestState
from districts.models import Role

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow
OFFICES = ["banjar", "belu", "klaten", "lebak", "nasional", "ppu"]


@pytest.fixture(scope="module")
def environ(tmp_path_factory):
    known = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return known | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")]),
        "DJANGO_SETTINGS_MODULE": "website.settings.dev",
        "LINDUNGI_DATA": str(tmp_path_factory.mktemp("demo")),
    }


@pytest.fixture(scope="module")
def facts(environ):
    run = [sys.executable, "-m"]
    subprocess.run([*run, "django", "demo", "--only-setup"], cwd=ROOT, env=environ, check=True)
    told = subprocess.run(
        [*run, "tests.demo_facts"], cwd=ROOT, env=environ, check=True, stdout=subprocess.PIPE
    )
    return json.loads(told.stdout.splitlines()[-1])


def test_five_districts_and_the_nation_have_their_pages(facts):
    assert facts["offices"] == OFFICES
    assert facts["pages"]["id"] >= 60
    assert facts["pages"]["en"] >= 20
    assert facts["materials"] >= 15


def test_there_are_requests_in_every_state_and_commitments_of_lebak(facts):
    assert facts["requests"] == sorted(RequestState.values)
    assert facts["commitments"] >= 8
    assert len(facts["statuses"]) > 1


def test_somebody_signs_in_for_each_role(facts):
    assert facts["roles"] == sorted(Role.values)


def test_no_number_is_made_up(facts):
    assert facts["to_dial"] >= 20
    assert (facts["digits"], facts["links"]) == ([], 0)


def test_only_the_papers_of_each_office_wait_to_be_made(facts):
    assert facts["waiting"] == len(OFFICES)
