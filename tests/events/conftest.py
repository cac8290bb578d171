"""The office that most of these tests are about."""

import pytest

from tests.factories.events import make_terms
from tests.factories.places import make_district, national


@pytest.fixture
def klaten():
    national()
    make_terms()
    return make_district("klaten")
