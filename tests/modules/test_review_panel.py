"""The editors' panel names what readers have though nobody signed it, or the office objects."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from districts.services.aliases import sync_aliases
from modules.models import ModulePage
from modules.services.reviewing import withdraw
from modules.views.review.panel import review_tasks
from tests.factories.modules import make_module, sign
from tests.factories.people import make_member
from tests.factories.places import make_district, national

pytestmark = pytest.mark.django_db


@pytest.fixture
def pusat():
    return national()


@pytest.fixture
def editor(pusat):
    return make_member("editor", pusat)


def panel(office, user) -> list[tuple[str, str, bool]]:
    request = RequestFactory().get("/admin/")
    request.user, request.district = get_user_model().objects.get(pk=user.pk), office
    with translation.override("en"):
        return [(task.text, task.url, task.is_urgent) for task in review_tasks(request, office)]


def rewrite(page: ModulePage, title: str) -> None:
    page.title = title
    page.save_revision().publish()


def changed(page: ModulePage) -> tuple[str, str, bool]:
    said = f"“{page.title}” has changed since a specialist reviewed it."
    return said, f"/admin/modul/{page.pk}/ahli/", False


def test_a_module_is_named_once_its_words_are_no_longer_those_signed(pusat, editor):
    page, unsigned = make_module(title="Lama"), make_module(title="Tanpa tanda")
    sign(page)
    assert panel(pusat, editor) == []
    rewrite(page, "Baru")
    rewrite(unsigned, "Tetap tanpa tanda")
    assert panel(pusat, editor) == [changed(page)]
    sign(page)
    assert panel(pusat, editor) == []


def test_an_objection_of_the_office_to_what_it_publishes_is_urgent(pusat, editor):
    page = make_module(title="Cerita")
    sign(page, verdict="keberatan")
    said = "This office objects to “Cerita”, and it is still published."
    assert panel(pusat, editor) == [(said, f"/admin/modul/{page.pk}/ahli/", True)]
    page.unpublish()
    assert panel(pusat, editor) == []


def test_what_is_withdrawn_is_told_as_that_alone(pusat, editor):
    page = make_module(title="Lama")
    sign(page)
    rewrite(page, "Baru")
    withdraw(page=page, actor=editor, reason="Isinya salah.", now=timezone.now())
    assert [url for _text, url, _urgent in panel(pusat, editor)] == [
        "/admin/modul/tinjauan/?status=ditarik"
    ]


def test_a_district_answers_for_its_own_modules_alone(pusat):
    klaten = make_district("klaten")
    colleague = make_member("editor", klaten)
    page = make_module(title="Lama")
    sign(page)
    rewrite(page, "Baru")
    sync_aliases(klaten)
    sign(ModulePage.objects.get(alias_of=page.pk), klaten, verdict="keberatan")
    own = make_module(klaten, title="Milik kabupaten", slug="sendiri")
    sign(own)
    rewrite(own, "Milik kabupaten, baru")

    assert panel(klaten, colleague) == [changed(own)]
    assert panel(klaten, make_member("guru", klaten)) == []


def test_three_modules_cost_no_more_queries_than_one(pusat, editor):
    counted = []
    # Where the offices are is remembered.
    panel(pusat, editor)
    for number in range(3):
        for verdict in ("setuju", "keberatan"):
            page = make_module(title=f"{verdict} {number}")
            sign(page, verdict=verdict)
            rewrite(page, f"{page.title}, baru")
        with CaptureQueriesContext(connection) as captured:
            assert len(panel(pusat, editor)) == 2 * (number + 1)
        counted.append(len(captured))
    assert counted == [counted[0]] * 3
