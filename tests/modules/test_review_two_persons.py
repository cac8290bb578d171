"""A module on extremism goes out only when a moderator who neither wrote nor sent it approves."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.actions.publish_page_revision import PublishPagePermissionError
from wagtail.models import Page, PageLogEntry, WorkflowPage

from districts.held_back import HELD_BACK
from districts.models import Membership, Role
from districts.panels import tasks_of
from districts.workflow import approval_of, latest_revision
from modules.models import LessonPage, ModuleIndexPage, ModulePage
from tests.factories.modules import make_lesson, make_module
from tests.factories.pages import below
from tests.factories.places import make_district, make_user, national

pytestmark = [
    pytest.mark.django_db,
    # Wagtail 8.0 sends its notices through what Django 6.1 deprecates.
    pytest.mark.filterwarnings(r"ignore:get_connection\(\) is deprecated"),
]
EXTREMISM = ["ekstremisme"]
DUE = date(2099, 1, 1)


@pytest.fixture
def pusat():
    return national()


@pytest.fixture
def editor(pusat):
    return make_user("editor", pusat)


@pytest.fixture
def moderator(pusat):
    return make_user("moderator", pusat)


def draft(office, author, **fields) -> ModulePage:
    fields = {"issue_codes": EXTREMISM, "review_due": DUE} | fields
    page = ModulePage(
        title="Ajakan yang Menjebak", slug="ajakan-yang-menjebak", live=False, owner=author
    )
    for name, value in fields.items():
        setattr(page, name, value)
    below(office, ModuleIndexPage).add_child(instance=page)
    page.save_revision(user=author)
    return page


def submit(page, user):
    page.get_workflow().start(page, user)
    return page.current_workflow_task_state


def approve(state, user):
    state.task.specific.on_action(state, user, "approve")


def actions(state, page, user) -> list[str]:
    return [name for name, _label, _asks in state.task.specific.get_actions(page, user)]


def is_live(page) -> bool:
    return Page.objects.get(pk=page.pk).live


def test_a_moderator_lets_it_out_and_the_day_is_kept(pusat, editor, moderator):
    page = draft(pusat, editor)
    before = timezone.now()
    approve(submit(page, editor), moderator)
    assert is_live(page)
    approval = approval_of(latest_revision(page), {Role.MODERATOR})
    assert approval.finished_by == moderator
    assert before <= approval.finished_at <= timezone.now()


@pytest.mark.parametrize("role", ["admin", "superuser"])
def test_the_house_rule_is_not_enough(pusat, editor, role):
    other = make_user(role, pusat)
    page = draft(pusat, editor)
    state = submit(page, editor)
    assert actions(state, page, other) == ["reject"]
    with pytest.raises(PermissionDenied):
        approve(state, other)
    assert not is_live(page)


def test_other_modules_keep_the_house_rule(pusat, editor):
    page = draft(pusat, editor, issue_codes=["perundungan"])
    approve(submit(page, editor), make_user("admin", pusat))
    assert is_live(page)


def test_a_superuser_who_is_a_moderator_too_is_a_second_person(pusat, editor):
    both = make_user("superuser")
    Membership.objects.create(user=both, district=pusat, role=Role.MODERATOR)
    page = draft(pusat, editor)
    approve(submit(page, editor), both)
    assert is_live(page)


@pytest.mark.parametrize("role", ["moderator", "superuser"])
def test_who_wrote_and_sent_it_publishes_nothing(pusat, role):
    author = make_user(role, pusat)
    page = draft(pusat, author)
    state = submit(page, author)
    assert actions(state, page, author) == []
    assert page.permissions_for_user(author).can_publish() is False
    with pytest.raises(PublishPagePermissionError):
        page.get_latest_revision().publish(user=author)
    assert not is_live(page)


def test_a_moderator_who_sent_anothers_text_is_no_second_person(pusat, editor, moderator):
    page = draft(pusat, editor)
    state = submit(page, moderator)
    with pytest.raises(PermissionDenied):
        approve(state, moderator)
    assert not is_live(page)


def test_a_moderator_of_another_office_is_no_second_person(pusat, editor):
    outsider = make_user("moderator", make_district("klaten"))
    page = draft(pusat, editor)
    state = submit(page, editor)
    assert actions(state, page, outsider) == []
    with pytest.raises(PermissionDenied):
        approve(state, outsider)


def test_a_role_that_ended_no_longer_approves(pusat, editor, moderator):
    page = draft(pusat, editor)
    state = submit(page, editor)
    Membership.objects.filter(user=moderator).update(ended_at=timezone.now())
    with pytest.raises(PermissionDenied):
        approve(state, moderator)
    assert not is_live(page)


def test_an_approval_counts_for_the_role_held_on_its_day(pusat, editor, moderator):
    page = draft(pusat, editor)
    approve(submit(page, editor), moderator)
    revision = latest_revision(page)
    role = Membership.objects.filter(user=moderator)
    at = approval_of(revision).finished_at
    # Who left since had the role then; who came later had not.
    role.update(ended_at=at + timedelta(seconds=1))
    assert approval_of(revision, {Role.MODERATOR}).finished_by == moderator
    role.update(ended_at=None, created_at=at + timedelta(seconds=1))
    assert approval_of(revision, {Role.MODERATOR}) is None
    assert approval_of(revision).finished_by == moderator


def test_approval_of_an_older_version_lets_no_newer_one_out(pusat, editor, moderator):
    page = draft(pusat, editor)
    approve(submit(page, editor), moderator)
    page = ModulePage.objects.get(pk=page.pk)
    page.title = "Diam-diam diganti"
    revision = page.save_revision(user=editor)
    with pytest.raises(PublishPagePermissionError):
        revision.publish(user=make_user("superuser"))
    assert Page.objects.get(pk=page.pk).title == "Ajakan yang Menjebak"


@pytest.mark.parametrize(("before", "after"), [([], EXTREMISM), (EXTREMISM, [])])
def test_adding_and_taking_the_tag_away_both_need_a_moderator(
    pusat, editor, moderator, before, after
):
    page = make_module(issue_codes=before, review_due=DUE)
    page.issue_codes = after
    page.save_revision(user=editor)
    page = ModulePage.objects.get(pk=page.pk)
    assert page.issue_codes == before
    state = submit(page, editor)
    admin = make_user("admin", pusat)
    assert actions(state, page, admin) == ["reject"]
    with pytest.raises(PermissionDenied):
        approve(state, admin)
    approve(state, moderator)
    assert ModulePage.objects.get(pk=page.pk).issue_codes == after


def test_a_lesson_of_such_a_module_needs_a_moderator(pusat, editor, moderator):
    module = make_module(issue_codes=EXTREMISM, review_due=DUE)
    lesson = LessonPage.objects.child_of(module).get()
    lesson.title = "Judul baru"
    lesson.save_revision(user=editor)
    state = submit(lesson, editor)
    with pytest.raises(PermissionDenied):
        approve(state, make_user("admin", pusat))
    approve(state, moderator)
    assert LessonPage.objects.get(pk=lesson.pk).title == "Judul baru"


def test_a_lesson_below_a_draft_about_extremism_needs_a_moderator_already(pusat, editor):
    module = make_module(issue_codes=[])
    module.issue_codes, module.review_due = EXTREMISM, DUE
    module.save_revision(user=editor)
    lesson = LessonPage.objects.child_of(module).get()
    lesson.save_revision(user=editor)
    state = submit(lesson, editor)
    assert actions(state, lesson, make_user("admin", pusat)) == ["reject"]


@pytest.mark.parametrize("role", ["moderator", "superuser"])
def test_a_published_lesson_does_not_move_below_such_a_module(pusat, role):
    lesson = LessonPage.objects.child_of(make_module()).get()
    other, plain = make_module(issue_codes=EXTREMISM, review_due=DUE), make_module()
    may = lesson.permissions_for_user(make_user(role, pusat))
    assert may.can_move_to(plain) is True
    assert may.can_move_to(other) is False


def test_a_moderators_lesson_moves_and_lessons_keep_their_order(pusat, editor, moderator):
    other = make_module(issue_codes=EXTREMISM, review_due=DUE)
    stays = LessonPage.objects.child_of(other).get()
    assert stays.permissions_for_user(moderator).can_move_to(other) is True
    lesson = make_lesson(make_module(lessons=0))
    lesson.save_revision(user=editor)
    approve(submit(lesson, editor), moderator)
    lesson = LessonPage.objects.get(pk=lesson.pk)
    assert lesson.permissions_for_user(moderator).can_move_to(other) is True


def test_a_page_that_asks_for_a_moderator_needs_no_workflow_to_ask(pusat, editor):
    page = draft(pusat, editor)
    WorkflowPage.objects.all().delete()
    page = ModulePage.objects.get(pk=page.pk)
    assert page.get_workflow() is None
    assert page.permissions_for_user(make_user("superuser")).can_publish() is False
    with pytest.raises(PublishPagePermissionError):
        page.get_latest_revision().publish(user=make_user("moderator", pusat))


def its_day_comes(page, revision=None) -> None:
    revision = revision or latest_revision(page)
    type(revision).objects.filter(pk=revision.pk, approved_go_live_at__isnull=False).update(
        approved_go_live_at=timezone.now() - timedelta(minutes=1),
        content=revision.content | {"go_live_at": None},
    )
    call_command("publish_scheduled")


def test_what_was_approved_goes_out_on_its_day_by_itself(pusat, editor, moderator):
    page = draft(pusat, editor, go_live_at=timezone.now() + timedelta(days=1))
    approve(submit(page, editor), moderator)
    assert not is_live(page)
    its_day_comes(page)
    assert is_live(page)


def dated_lesson(module, editor, second) -> LessonPage:
    """A new lesson that goes out tomorrow, written by the one and approved by the other."""
    lesson = LessonPage(
        title="Pelajaran baru",
        slug="pelajaran-baru",
        live=False,
        go_live_at=timezone.now() + timedelta(days=1),
    )
    module.add_child(instance=lesson)
    lesson.save_revision(user=editor)
    approve(submit(lesson, editor), second)
    lesson = LessonPage.objects.get(pk=lesson.pk)
    assert (lesson.live, latest_revision(lesson).approved_go_live_at is not None) == (False, True)
    return lesson


def test_a_lesson_with_a_day_does_not_move_below_such_a_module(pusat, editor, moderator):
    other, plain = make_module(issue_codes=EXTREMISM, review_due=DUE), make_module()
    by_admin = dated_lesson(make_module(), editor, make_user("admin", pusat))
    by_moderator = dated_lesson(make_module(), editor, moderator)
    moves = [
        lesson.permissions_for_user(editor).can_move_to(module)
        for lesson in (by_admin, by_moderator)
        for module in (plain, other)
    ]
    assert moves == [True, False, True, True]


def tasks(office, user) -> list[str]:
    request = RequestFactory().get("/admin/")
    request.user, request.district = user, office
    with translation.override("en"):
        return [task.url for task in tasks_of(request, office) if "did not go out" in task.text]


def mark_as_extremism(module, editor, moderator) -> None:
    module.issue_codes, module.review_due = EXTREMISM, DUE
    module.save_revision(user=editor)
    approve(submit(module, editor), moderator)


def test_a_module_marked_since_holds_its_dated_lesson_back(pusat, editor, moderator):
    module = make_module(issue_codes=[])
    lesson = dated_lesson(module, editor, make_user("admin", pusat))
    mark_as_extremism(module, editor, moderator)
    its_day_comes(lesson)
    assert not is_live(lesson)
    assert latest_revision(lesson).approved_go_live_at is None
    assert tasks(pusat, editor) == [reverse("wagtailadmin_pages:edit", args=[lesson.pk])]
    told = PageLogEntry.objects.filter(page=lesson.pk, action=HELD_BACK)
    assert [entry.revision for entry in told] == [latest_revision(lesson)]

    approve(submit(LessonPage.objects.get(pk=lesson.pk), editor), moderator)
    assert (is_live(lesson), tasks(pusat, editor)) == (True, [])


def test_a_draft_that_was_there_hides_no_version_that_is_held_back(pusat, editor, moderator):
    module = make_module(issue_codes=[])
    lesson = dated_lesson(module, editor, make_user("admin", pusat))
    mark_as_extremism(module, editor, moderator)
    dated = latest_revision(lesson)
    lesson.title, lesson.go_live_at = "Rancangan lain", None
    lesson.save_revision(user=editor)
    its_day_comes(lesson, dated)
    told = PageLogEntry.objects.filter(page=lesson.pk, action=HELD_BACK)
    assert [entry.revision for entry in told] == [dated]
    edit = [reverse("wagtailadmin_pages:edit", args=[lesson.pk])]
    assert (is_live(lesson), tasks(pusat, editor)) == (False, edit)

    # That draft goes out.
    approve(submit(LessonPage.objects.get(pk=lesson.pk), editor), moderator)
    assert (is_live(lesson), tasks(pusat, editor)) == (True, [])


def test_what_is_approved_for_another_day_asks_for_nothing(pusat, editor, moderator):
    module = make_module(issue_codes=[])
    lesson = dated_lesson(module, editor, make_user("admin", pusat))
    mark_as_extremism(module, editor, moderator)
    dated = latest_revision(lesson)
    lesson.go_live_at = timezone.now() + timedelta(days=2)
    lesson.save_revision(user=editor)
    its_day_comes(lesson, dated)
    assert len(tasks(pusat, editor)) == 1
    approve(submit(LessonPage.objects.get(pk=lesson.pk), editor), moderator)
    assert (is_live(lesson), tasks(pusat, editor)) == (False, [])


def test_what_is_written_anew_is_held_back_no_more(pusat, editor, moderator):
    module = make_module(issue_codes=[])
    lesson = dated_lesson(module, editor, make_user("admin", pusat))
    mark_as_extremism(module, editor, moderator)
    its_day_comes(lesson)
    assert len(tasks(pusat, editor)) == 1
    LessonPage.objects.get(pk=lesson.pk).save_revision(user=editor)
    assert tasks(pusat, editor) == []


def test_what_a_moderator_approved_goes_out_though_its_module_was_marked_since(
    pusat, editor, moderator
):
    module = make_module(issue_codes=[])
    lesson = dated_lesson(module, editor, moderator)
    mark_as_extremism(module, editor, moderator)
    its_day_comes(lesson)
    assert (is_live(lesson), tasks(pusat, editor)) == (True, [])


def test_the_editors_buttons_follow_the_rule(pusat, editor, moderator, client):
    page = draft(pusat, editor)
    submit(page, editor)
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    for who, approves in ((make_user("admin", pusat), False), (moderator, True)):
        client.force_login(who)
        body = client.get(edit, headers={"host": "localhost"}).content.decode()
        assert ('data-workflow-action-name="approve"' in body) is approves
        assert 'data-workflow-action-name="reject"' in body
