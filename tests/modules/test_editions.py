"""A module as it was taught stays as it was taught, and its keys stay on the server."""

from itertools import pairwise

import pytest
from django.apps import apps
from wagtail.models import Page
from wagtail.search.index import get_indexed_models
from wagtail.snippets.models import get_snippet_models

from districts.services.aliases import sync_aliases
from modules.agenda import Kind, agenda, agenda_of, point_of, question_of
from modules.editions import NothingToTeach, edition_of, freeze, frozen, thaw
from modules.models import Edition, LessonPage, ModulePage
from tests.factories.modules import (
    ITEM,
    QUESTIONS,
    SURVEY_ITEM,
    block_id,
    make_lesson,
    make_module,
    make_run,
    step,
)
from tests.factories.places import make_district
from website.search import texts

pytestmark = pytest.mark.django_db
MORE = block_id("lanjutan 1")


def republish(page, **fields):
    page = type(page).objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def test_the_same_content_is_one_edition():
    module = make_module()
    first = edition_of(module)
    assert edition_of(ModulePage.objects.get(pk=module.pk)) == first
    # Blocks that a page has drawn once, a title that nobody saved, the same words once more.
    [str(block) for block in module.survey]
    module.title = "Belum disimpan"
    assert edition_of(module) == first
    assert edition_of(republish(ModulePage.objects.get(pk=module.pk))) == first
    assert Edition.objects.count() == 1


def test_an_edition_leads_to_the_newest_version_that_says_the_same():
    """What to prepare and the notes on safety are not frozen; they stand in the version."""
    module = make_module()
    first = edition_of(module)
    mended = republish(module, materials="Papan yang lebih besar")
    first.refresh_from_db()
    assert first.revision_id == mended.live_revision_id != module.live_revision_id
    republish(module, pass_mark=90)
    first.refresh_from_db()
    assert first.revision_id == mended.live_revision_id
    # A version without its lesson says something else, until the lesson comes back.
    back = republish(module, pass_mark=module.pass_mark)
    lesson = LessonPage.objects.child_of(module).get()
    revision = lesson.live_revision
    lesson.unpublish()
    without = republish(back, materials="Papan tulis kecil")
    first.refresh_from_db()
    assert first.revision_id == back.live_revision_id
    revision.publish()
    first.refresh_from_db()
    assert first.revision_id == without.live_revision_id
    assert edition_of(without) == first


def test_an_alias_teaches_its_source():
    module, klaten = make_module(), make_district("klaten")
    sync_aliases(klaten)
    alias = ModulePage.objects.get(alias_of=module)
    assert alias.source_id == module.pk
    edition = edition_of(alias)
    assert (edition.page_id, edition.revision_id) == (module.pk, module.live_revision_id)
    assert edition == edition_of(module)
    assert make_run(klaten, module=alias).edition == edition


def test_editing_changes_nothing_in_a_past_run():
    module = make_module()
    run = make_run(module=module)
    before = frozen(run.edition_id)
    lesson = LessonPage.objects.child_of(module).get()
    republish(lesson, steps=[step("lain", QUESTIONS[0])], title="Pelajaran lain")
    changed = republish(module, title="Judul lain", pass_mark=90, survey=[])
    assert edition_of(changed) != run.edition
    run.edition.refresh_from_db()
    again = thaw(run.edition_id, run.edition.content)
    assert again == before
    assert (again.title, again.pass_mark) == (module.title, module.pass_mark)
    assert set(again.items) == set(ITEM.values())
    assert [item.id for item in again.survey] == list(SURVEY_ITEM.values())


def test_a_question_that_moves_keeps_its_id():
    module = make_module()
    lesson = LessonPage.objects.child_of(module).get()
    moved = republish(lesson, steps=[step("baru", *reversed(QUESTIONS))])
    assert moved.steps[0].value["learner"][-1].id == str(ITEM["single"])
    assert set(frozen(edition_of(module).pk).items) == set(ITEM.values())


def test_a_draft_is_not_taught():
    module = make_module()
    first = edition_of(module)
    page = ModulePage.objects.get(pk=module.pk)
    page.title = "Konsep"
    page.save_revision()
    assert edition_of(ModulePage.objects.get(pk=module.pk)) == first


def test_nothing_to_teach_without_a_live_page_and_a_live_lesson():
    module = make_module()
    LessonPage.objects.child_of(module).get().unpublish()
    with pytest.raises(NothingToTeach):
        edition_of(module)
    make_lesson(module)
    assert len(freeze(module)["lessons"]) == 1
    module.unpublish()
    with pytest.raises(NothingToTeach):
        edition_of(module)


def test_a_module_that_was_taught_is_not_lost_with_its_revisions():
    run = make_run()
    assert run.edition.content["module"]["title"] == run.edition.title
    assert run.edition.content["lessons"][0]["revision"] == (
        LessonPage.objects.get().live_revision_id
    )


def test_keys_are_no_part_of_what_search_and_api_know():
    """Neither Wagtail's index nor ours reads the questions; an edition is no snippet."""
    module = make_module()
    lesson = LessonPage.objects.child_of(module).get()
    assert Edition not in {*get_indexed_models(), *get_snippet_models()}
    assert Edition not in {type(page) for page in Page.objects.all().specific()}
    for page in (module, lesson):
        indexed = {field.field_name for field in page.get_search_fields()}
        assert not indexed & {"steps", "survey"}
        assert not set(getattr(page, "api_fields", [])) & {"steps", "survey"}
        found = " ".join(text for _name, text in texts.parts_of(page))
        assert page.title in found
        for secret in ("Umpan balik", "Penjelasan", "Soal", "Panduan"):
            assert secret not in found
    assert not [config.name for config in apps.get_app_configs() if "api.v2" in config.name]


def test_the_agenda_goes_from_the_waiting_room_to_the_farewell():
    run = make_run(module=make_module(lessons=2))
    points = agenda(run)
    assert [point.kind for point in points] == [
        Kind.WAITING,
        Kind.BEFORE,
        *[Kind.STEP] * 4,
        Kind.AFTER,
        Kind.FAREWELL,
    ]
    assert [point.number for point in points] == list(range(8))
    assert all(one.lesson <= other.lesson for one, other in pairwise(points[2:6]))
    assert points[2].items == [ITEM["single"], ITEM["true_false"], ITEM["multiple"]]
    assert (points[2].minutes, points[0].minutes) == (10, 0)


@pytest.mark.parametrize(
    ("lessons", "kinds"),
    [
        ([0], [Kind.BEFORE, *[Kind.STEP] * 3]),
        ([1], [Kind.STEP, Kind.AFTER]),
        ([0, 1], [Kind.BEFORE, *[Kind.STEP] * 4, Kind.AFTER]),
    ],
)
def test_the_survey_stands_at_the_ends_of_a_course(lessons, kinds):
    run = make_run(module=make_module(lessons=2), lessons=lessons)
    assert [point.kind for point in agenda(run)][1:-1] == kinds


def test_the_agenda_of_a_module_without_a_survey_asks_nothing():
    run = make_run(module=make_module(survey=[]))
    assert [point.kind for point in agenda(run)][1:-1] == [Kind.STEP] * 3
    content = frozen(run.edition_id)
    bare = agenda_of(content, lessons=[], asks_before=True, asks_after=True)
    assert [point.kind for point in bare] == [Kind.WAITING, Kind.FAREWELL]


def test_point_of_a_run_past_its_end_is_the_farewell():
    run = make_run()
    run.step = 99
    assert point_of(run).kind == Kind.FAREWELL


def test_question_of_knows_the_lessons_of_the_run_alone():
    module = make_module(lessons=2)
    first, second = make_run(module=module, lessons=[0]), make_run(module=module, lessons=[1])
    assert question_of(first, ITEM["single"]).id == ITEM["single"]
    assert question_of(first, MORE) is None
    assert question_of(second, ITEM["single"]) is None
    assert question_of(second, MORE).prompt == "<p>Soal lanjutan 1?</p>"


def test_frozen_asks_once(django_assert_num_queries):
    run = make_run()
    with django_assert_num_queries(0):
        agenda(run)
