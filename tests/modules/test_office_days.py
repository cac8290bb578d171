"""A module's last day ends at the office's midnight, not at the server's."""

from datetime import UTC, date, datetime

import pytest
from django.test import RequestFactory

from districts.services.aliases import sync_aliases
from modules.days import day_at, ends_after
from modules.finding import modules_to_teach
from modules.models import ModuleIndexPage
from modules.services import runs
from modules.shelf import resting_below, shelf_context
from safeguards import generation
from tests.factories.modules import make_module, make_run
from tests.factories.pages import below
from tests.factories.places import make_district

pytestmark = pytest.mark.django_db
LAST = date(2026, 8, 3)
# 3 August, 23.30 in Klaten, where the server is; half past midnight in Belu already.
NOW = datetime(2026, 8, 3, 16, 30, tzinfo=UTC)


@pytest.fixture(params=["klaten", "belu"])
def office(request):
    return make_district(request.param)


def test_the_day_is_the_offices_own():
    klaten, belu = make_district("klaten"), make_district("belu")

    assert [day_at(one, NOW) for one in (klaten, belu, None)] == [LAST, date(2026, 8, 4), LAST]
    assert (
        ends_after(LAST, klaten) == ends_after(LAST, None) == datetime(2026, 8, 3, 17, tzinfo=UTC)
    )
    assert ends_after(LAST, belu) == datetime(2026, 8, 3, 16, tzinfo=UTC)
    assert ends_after(None, belu) is None


def test_shelf_list_and_search_agree_on_the_day(office):
    module = make_module(review_due=LAST)
    sync_aliases(office)
    generation.forget()
    still = office.slug == "klaten"
    index = below(office, ModuleIndexPage)
    request = RequestFactory().get("/modul/", headers={"host": f"{office.slug}.localhost"})
    request.district = office

    assert [one.title for one in modules_to_teach(office, NOW)] == [module.title] * still
    assert shelf_context(index, request, NOW)["total"] == int(still)
    root = office.site.root_page.path
    assert bool(resting_below(root, NOW)) is not still


def test_a_run_begins_by_the_day_of_its_office(office):
    module = make_module(review_due=LAST)
    generation.forget()

    if office.slug == "klaten":
        assert make_run(office, module=module, now=NOW).state == "buka"
    else:
        outcome = runs.plan_run(
            district=office,
            facilitator=None,
            key="5d0f3c1e-7a39-4c63-9d9e-3f0d6b1a0010",
            module=module,
            mode="satu",
            cells=(),
            now=NOW,
        )
        assert outcome.http in {410, 422}
