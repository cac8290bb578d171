"""The office that most of these tests are about."""

import pytest

from tests.factories.events import make_terms
from tests.factories.places import make_district, national


@pytest.fixture(autouse=True)
def _in_2026(in_2026):
    """Most of these tests name the days on which their sessions are."""


@pytest.fixture
def klaten():
    national()
    make_terms()
    return make_district("klaten")
