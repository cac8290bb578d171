"""Several open the same office at the same moment, on the database that really lets them."""

import threading

import pytest
from django.db import connection
from wagtail.models import Collection, Page, Site

from districts.models import District
from districts.services.aliases import sync_aliases
from districts.services.founding import FoundingRefused
from tests.districts.test_aliases import add_topic, aliases_of
from tests.factories.places import make_district, make_regions, national

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
AT_ONCE = 4


def at_once(*acts) -> list[str]:
    start, outcomes = threading.Barrier(len(acts)), []

    def run(act):
        try:
            start.wait(timeout=30)
            act()
            outcomes.append("done")
        except FoundingRefused as refused:
            outcomes.append(refused.field)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return sorted(outcomes)


def test_one_office_is_opened_however_often_it_is_asked_for():
    national()
    make_regions("36.02", "Lebak")
    found = lambda: make_district("lebak", region_code="36.02")  # noqa: E731
    assert at_once(*[found] * AT_ONCE) == ["done"] + ["slug"] * (AT_ONCE - 1)
    assert District.objects.filter(slug="lebak").count() == 1
    assert Site.objects.filter(hostname="lebak.localhost").count() == 1
    assert Page.objects.filter(depth=2, slug__startswith="lebak").count() == 2
    assert Collection.objects.filter(name="Lebak").count() == 1
    assert Page.find_problems() == ([], [], [], [], [])


def test_different_offices_are_opened_side_by_side():
    national()
    names = {"lebak": "36.02", "belu": "53.04", "banjar": "63.03"}
    for slug, code in names.items():
        make_regions(code, slug)
    acts = [lambda s=s, c=c: make_district(s, region_code=c) for s, c in names.items()]
    assert at_once(*acts) == ["done"] * 3
    assert Page.find_problems() == ([], [], [], [], [])
    assert District.objects.count() == 4


def test_two_workers_make_one_alias():
    pusat = national()
    lebak = make_district("lebak")
    topic = add_topic(pusat)
    for alias in aliases_of(topic):
        alias.delete()
    assert at_once(*[lambda: sync_aliases(lebak)] * AT_ONCE) == ["done"] * AT_ONCE
    assert len(aliases_of(topic)) == 1
