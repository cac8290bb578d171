"""Publishing a module queues its papers, so that nobody waits for the first one."""

import pytest
from django.test import Client

from districts.models import Paper
from districts.services.aliases import sync_aliases
from modules.downloads import paper_key
from modules.models import ModulePage
from modules.tasks import make_papers_of_module, queue_papers_of_module
from safeguards import generation, tasks
from tests.factories.module_papers import PAPERS, whole_module
from tests.factories.modules import make_module
from tests.factories.places import make_district, national

pytestmark = pytest.mark.django_db


@pytest.fixture
def queued(settings, tmp_path):
    """What a worker would find; nothing is run."""
    settings.MEDIA_ROOT = tmp_path
    settings.TASKS = {"default": {"BACKEND": tasks.DUMMY_BACKEND}}
    results = tasks.default_task_backend.results

    def of(function) -> list[int]:
        return [one.args[0] for one in results if one.task.func == function.func]

    return of


def keys() -> set[tuple[str, str]]:
    return set(Paper.objects.values_list("district__slug", "key"))


def test_publishing_a_module_or_a_lesson_queues_its_papers(
    queued, django_capture_on_commit_callbacks
):
    module = make_module()
    lesson = module.get_children().get().specific
    queued_before = len(queued(queue_papers_of_module))
    with django_capture_on_commit_callbacks(execute=True):
        module.save_revision().publish()
        lesson.save_revision().publish()
    first = queued(queue_papers_of_module)[queued_before:]
    with django_capture_on_commit_callbacks(execute=True):
        lesson.save_revision()
    drafts = queued(queue_papers_of_module)[queued_before:]
    with django_capture_on_commit_callbacks(execute=True):
        lesson.save_revision().publish()

    # The module and its lesson, then the lesson once more; a draft queues nothing.
    assert (first, drafts) == ([module.pk] * 2, [module.pk] * 2)
    assert queued(queue_papers_of_module)[queued_before:] == [module.pk] * 3


def test_without_a_worker_nobody_waits_while_publishing(
    settings, django_capture_on_commit_callbacks
):
    assert settings.TASKS["default"]["BACKEND"] == tasks.IMMEDIATE_BACKEND
    national()

    with django_capture_on_commit_callbacks(execute=True):
        whole_module()

    assert keys() == set()


def test_each_district_gets_a_task_of_its_own_that_makes_what_readers_ask_for(queued):
    klaten = make_district("klaten")
    module = whole_module()
    sync_aliases(klaten)
    alias = ModulePage.objects.get(alias_of=module.pk)

    assert queue_papers_of_module.func(module.pk) == 2
    assert sorted(queued(make_papers_of_module)) == sorted([module.pk, alias.pk])

    assert make_papers_of_module.func(alias.pk) == len(PAPERS)
    assert keys() == {("klaten", paper_key(alias.pk, name)) for name in PAPERS}
    made = set(Paper.objects.values_list("digest", "made_at"))
    # Made already: neither a reader nor a second publication makes them again.
    generation.forget()
    for name in PAPERS:
        path = f"/modul/{module.slug}/{name}.pdf"
        assert Client().get(path, headers={"host": "klaten.localhost"}).status_code == 200
    assert make_papers_of_module.func(alias.pk) == 0
    assert set(Paper.objects.values_list("digest", "made_at")) == made


def test_what_nobody_may_read_has_no_papers(queued):
    module = whole_module()
    module.unpublish()

    assert queue_papers_of_module.func(module.pk) == 0
    assert make_papers_of_module.func(module.pk) == 0
    assert make_papers_of_module.func(0) == 0
    assert keys() == set()
