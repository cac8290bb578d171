"""A district shows a national module as it is: no lesson of its own stands below the alias."""

from datetime import date

import pytest
from django.urls import reverse

from districts.services.aliases import sync_aliases
from modules.models import LessonPage, ModulePage
from tests.factories.modules import make_lesson, make_module
from tests.factories.places import make_district, make_user

pytestmark = pytest.mark.django_db
KLATEN = {"host": "klaten.localhost"}


@pytest.fixture(params=["perundungan", "ekstremisme"])
def national_module(request):
    return make_module(issue_codes=[request.param], review_due=date(2099, 1, 1))


@pytest.fixture
def klaten(national_module):
    return make_district("klaten")


@pytest.fixture
def alias(national_module, klaten):
    return ModulePage.objects.get(alias_of=national_module)


@pytest.fixture
def moderator(klaten, client):
    user = make_user("moderator", klaten)
    client.force_login(user)
    return user


def titles_below(module) -> list[str]:
    return list(
        LessonPage.objects.child_of(module).order_by("path").values_list("title", flat=True)
    )


def add_address(module) -> str:
    return reverse("wagtailadmin_pages:add", args=["modules", "lessonpage", module.pk])


def test_no_lesson_is_added_below_an_alias(client, klaten, alias, moderator):
    before = titles_below(alias)
    own = make_module(klaten)
    form = {"title": "Setempat", "slug": "setempat", "minutes": "30", "steps-count": "0"}
    answers = [
        (client.get(path, headers=KLATEN), client.post(path, form, headers=KLATEN))
        for path in (add_address(alias), add_address(own))
    ]
    assert alias.permissions_for_user(moderator).can_add_subpage() is False
    assert alias.permissions_for_user(make_user("superuser")).can_add_subpage() is False
    # As in Wagtail: who may not, is led away.
    assert [(shown.status_code, sent.status_code) for shown, sent in answers] == [
        (302, 302),
        (200, 302),
    ]
    assert titles_below(alias) == before
    assert "Setempat" in titles_below(own)


def test_no_lesson_is_moved_below_an_alias(client, klaten, alias, moderator):
    before = titles_below(alias)
    own, other = make_module(klaten, lessons=0), make_module(klaten, lessons=0)
    lesson = make_lesson(own, title="Setempat", live=False)
    for target in (other, alias):
        path = reverse("wagtailadmin_pages:move_confirm", args=[lesson.pk, target.pk])
        client.post(path, headers=KLATEN)
    assert (titles_below(alias), titles_below(other)) == (before, ["Setempat"])


def test_no_lesson_is_copied_below_an_alias(client, klaten, alias, moderator):
    before = titles_below(alias)
    own, other = make_module(klaten, lessons=0), make_module(klaten, lessons=0)
    lesson = make_lesson(own, title="Setempat")
    for target in (alias, other):
        form = {"new_title": "Setempat", "new_slug": "setempat", "new_parent_page": target.pk}
        path = reverse("wagtailadmin_pages:copy", args=[lesson.pk])
        client.post(path, form | {"publish_copies": ""}, headers=KLATEN)
    assert (titles_below(alias), titles_below(other)) == (before, ["Setempat"])


def test_a_lesson_stays_what_its_module_is(client, alias, moderator):
    lesson = LessonPage.objects.child_of(alias).get()
    path = reverse("wagtailadmin_pages:convert_alias", args=[lesson.pk])
    client.post(path, headers=KLATEN)
    assert LessonPage.objects.get(pk=lesson.pk).alias_of_id == lesson.alias_of_id


def test_what_the_nation_adds_still_comes(klaten, national_module, alias):
    before = titles_below(alias)
    lesson = make_lesson(national_module, title="Pelajaran baru")
    sync_aliases(klaten)
    assert titles_below(alias) == [*before, "Pelajaran baru"]
    assert LessonPage.objects.child_of(alias).get(title="Pelajaran baru").alias_of_id == lesson.pk
