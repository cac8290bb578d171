"""A copied lesson asks questions of its own; an alias and a translation ask those of the first."""

import pytest
from django.urls import reverse
from django.utils import translation
from wagtail.models import Locale

from districts.services.aliases import sync_aliases
from modules.blocks.ids import kept_by_id
from modules.editions import NothingToTeach, edition_of, frozen
from modules.models import LessonPage, ModulePage
from tests.factories.modules import ITEM, QUESTIONS, make_lesson, make_module, step
from tests.factories.places import make_district, make_user, national

pytestmark = pytest.mark.django_db
HOST = {"host": "localhost"}


@pytest.fixture
def module():
    return make_module(national())


@pytest.fixture
def lesson(module):
    return LessonPage.objects.child_of(module).get()


@pytest.fixture
def by_admin(client):
    client.force_login(make_user("superuser"))
    return client


def copy(client, page, parent) -> None:
    form = {
        "new_title": "Salinan",
        "new_slug": "salinan",
        "new_parent_page": parent.pk,
        "copy_subpages": "on",
    }
    path = reverse("wagtailadmin_pages:copy", args=[page.pk])
    assert client.post(path, form, headers=HOST).status_code == 302


def ids(page: LessonPage) -> list[str]:
    return [block["id"] for block in kept_by_id(list(page.steps.get_prep_value()))]


def draft_of(page: LessonPage) -> LessonPage:
    return page.latest_revision.as_object()


def copied(lesson: LessonPage) -> LessonPage:
    """As Wagtail alone copies it, with the ids of the first."""
    return lesson.copy(update_attrs={"slug": "salinan", "title": "Salinan"})


def test_a_copied_lesson_has_questions_of_its_own(by_admin, module, lesson):
    before = ids(lesson)
    copy(by_admin, lesson, module)
    new = LessonPage.objects.get(slug="salinan")
    assert ids(LessonPage.objects.get(pk=lesson.pk)) == before
    assert not new.live
    assert len(set(ids(new))) == len(before)
    assert not set(ids(new)) & set(before)
    # Nor do they come back with a revision.
    assert {tuple(ids(one.as_object())) for one in new.revisions.all()} == {tuple(ids(new))}
    assert [one.value["title"] for one in new.steps] == [one.value["title"] for one in lesson.steps]


def test_each_lesson_is_asked_in_its_own_words(by_admin, module, lesson):
    copy(by_admin, lesson, module)
    new = draft_of(LessonPage.objects.get(slug="salinan"))
    raw = list(new.steps.get_prep_value())
    questions = [block for block in kept_by_id(raw) if block["type"] == "single"]
    questions[0]["value"]["prompt"] = "<p>Soal lain?</p>"
    new.steps = raw
    new.save_revision().publish()
    content = frozen(edition_of(module).pk)
    assert content.items[ITEM["single"]].prompt == "<p>Soal single?</p>"
    first, second = content.lessons
    assert not first.items & second.items
    assert "<p>Soal lain?</p>" in {content.items[one].prompt for one in second.items}


def test_the_lessons_of_a_copied_module_are_copies_too(by_admin, module, lesson):
    copy(by_admin, module, module.get_parent())
    new = LessonPage.objects.child_of(ModulePage.objects.get(slug="salinan")).get()
    assert not set(ids(new)) & set(ids(lesson))
    assert ids(draft_of(new)) == ids(new)


def test_an_alias_and_a_translation_keep_the_ids(module, lesson):
    klaten = make_district("klaten")
    sync_aliases(klaten)
    alias = LessonPage.objects.get(alias_of=lesson)
    assert ids(alias) == ids(lesson)
    english = Locale.objects.get(language_code="en")
    module.copy_for_translation(english, copy_parents=True)
    assert ids(lesson.copy_for_translation(english)) == ids(lesson)


def test_one_id_in_two_lessons_is_not_frozen(module, lesson):
    copied(lesson)
    with pytest.raises(NothingToTeach):
        edition_of(module)
    LessonPage.objects.get(slug="salinan").unpublish()
    assert set(frozen(edition_of(module).pk).items) == set(ITEM.values())


def test_one_id_twice_in_a_lesson_is_not_frozen(module, lesson):
    make_lesson(module, step("lain", QUESTIONS[0]))
    with pytest.raises(NothingToTeach):
        edition_of(module)


def form_of(page: LessonPage):
    form_class = LessonPage.get_edit_handler().get_form_class()
    form = form_class(instance=page, parent_page=page.get_parent().specific, for_user=None)
    form.cleaned_data = {"steps": page.steps, "slug": page.slug}
    form._errors = {}
    return form


def test_the_editor_is_told_before_it_is_published(lesson):
    new = copied(lesson)
    form = form_of(new)
    with translation.override("en"):
        form.clean()
    assert list(form._errors) == ["steps"]
    assert "“Langkah satu” was copied" in str(form._errors["steps"])
    # A draft may wait, and the lesson alone is sound.
    form = form_of(new)
    form.defer_required_fields()
    form.clean()
    assert form._errors == {}
    new.unpublish()
    form = form_of(lesson)
    form.clean()
    assert form._errors == {}


def test_a_question_of_another_lesson_is_named(module, lesson):
    form = form_of(make_lesson(module, step("lain", QUESTIONS[0])))
    with translation.override("en"):
        form.clean()
    assert "“Soal single?” was copied" in str(form._errors["steps"])
