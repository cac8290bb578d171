"""What a project that takes only this app is told before a reader meets it."""

import pytest
from django.test import override_settings

from districts.models import Term
from events.checks import addresses_are_included, kinds_are_known
from tests.factories.events import make_terms
from tests.factories.places import make_district


def test_addresses_that_are_included_are_nothing_to_say():
    assert addresses_are_included(None) == []


@override_settings(ROOT_URLCONF="safeguards.urls")
def test_addresses_that_are_missing_are_an_error():
    assert [fault.id for fault in addresses_are_included(None)] == ["events.E001"]


@pytest.mark.django_db
def test_a_calendar_without_kinds_is_told():
    make_district("klaten")
    assert [fault.id for fault in kinds_are_known(None, databases=["default"])] == ["events.W001"]
    assert kinds_are_known(None) == []
    make_terms()
    assert Term.objects.filter(vocabulary__code="event_type").count() == 4
    assert kinds_are_known(None, databases=["default"]) == []


@pytest.mark.django_db
def test_a_project_without_a_calendar_needs_no_kinds():
    assert kinds_are_known(None, databases=["default"]) == []
