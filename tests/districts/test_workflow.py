import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.publish_page_revision import PublishPagePermissionError
from wagtail.models import Page, TaskState, WorkflowPage

from campaigns.models import PlainPage
from districts.models import SecondPersonTask
from districts.services.permissions import root_pages
from districts.workflow import ensure_workflow, is_approved, latest_revision
from tests.factories.places import make_district, make_user, national

pytestmark = [
    pytest.mark.django_db,
    # Wagtail 8.0 sends its notices through what Django 6.1 deprecates.
    pytest.mark.filterwarnings(r"ignore:get_connection\(\) is deprecated"),
]
HOST = {"host": "lebak.localhost"}


@pytest.fixture
def lebak():
    national()
    district = make_district("lebak")
    ensure_workflow(district)
    return district


@pytest.fixture
def home(lebak):
    return lebak.site.root_page.specific


def draft(home, author, title="Cerita baru", slug="cerita-baru"):
    page = home.add_child(instance=PlainPage(title=title, slug=slug, live=False, owner=author))
    page.save_revision(user=author)
    return page


def submit(page, user):
    page.get_workflow().start(page, user)
    return page.current_workflow_task_state


def act(client, user, page, action, state, method="post"):
    client.force_login(user)
    # As the editor's script asks; a browser that asks by itself is led back with a message.
    headers = HOST | {"x-requested-with": "XMLHttpRequest"}
    return getattr(client, method)(action_address(page.pk, action, state.pk), headers=headers)


def action_address(page, action, state):
    return reverse("wagtailadmin_pages:workflow_action", args=[page, action, state])


def is_live(page):
    return Page.objects.get(pk=page.pk).live


def test_the_workflow_stands_over_the_pages_of_every_language_once(lebak):
    first = ensure_workflow(lebak)
    assert ensure_workflow(lebak) == first
    task = SecondPersonTask.objects.get(district=lebak)
    assert set(task.groups.values_list("name", flat=True)) == {"moderator lebak", "admin lebak"}
    assert list(WorkflowPage.objects.filter(workflow=first).order_by("page__path")) == [
        page.workflowpage for page in root_pages(lebak)
    ]
    assert len(root_pages(lebak)) > 1


def test_an_editor_submits_and_a_moderator_lets_it_out(lebak, home, client):
    editor, moderator = make_user("editor", lebak), make_user("moderator", lebak)
    page = draft(home, editor)
    state = submit(page, editor)
    answer = act(client, moderator, page, "approve", state)
    assert (answer.status_code, answer.json()["step"]) == (200, "success")
    assert is_live(page)
    state.refresh_from_db()
    assert (state.status, state.finished_by) == (TaskState.STATUS_APPROVED, moderator)


@pytest.mark.parametrize("role", ["moderator", "admin", "superuser"])
def test_who_submitted_is_refused_as_the_second_person(lebak, home, client, role):
    author = make_user(role, lebak)
    page = draft(home, author)
    state = submit(page, author)
    for method in ("get", "post"):
        assert act(client, author, page, "approve", state, method).status_code == 403
    assert not is_live(page)
    state.refresh_from_db()
    assert state.status == TaskState.STATUS_IN_PROGRESS
    task = state.task.specific
    assert task.get_actions(page, author) == []
    assert task.user_can_access_editor(page, author) is False
    assert list(task.get_task_states_user_can_moderate(author)) == []
    with pytest.raises(PermissionDenied):
        task.on_action(state, author, "approve")


def test_who_wrote_the_version_is_refused_although_a_colleague_submitted_it(lebak, home):
    author, colleague = make_user("moderator", lebak), make_user("moderator", lebak)
    page = draft(home, author)
    state = submit(page, colleague)
    task = state.task.specific
    assert [name for name, _label, _asks in task.get_actions(page, author)] == ["reject"]
    with pytest.raises(PermissionDenied):
        task.on_action(state, author, "approve")
    assert not is_live(page)


def test_a_second_person_who_corrects_hands_back_and_the_first_sees_it(lebak, home):
    editor, moderator = make_user("editor", lebak), make_user("moderator", lebak)
    page = draft(home, editor)
    state = submit(page, editor)
    page.title = "Cerita yang dibetulkan"
    page.save_revision(user=moderator)
    task = state.task.specific
    with pytest.raises(PermissionDenied):
        task.on_action(state, moderator, "approve")
    task.on_action(state, moderator, "reject")
    page = PlainPage.objects.get(pk=page.pk)
    page = page.get_latest_revision_as_object()
    page.save_revision(user=editor)
    page.current_workflow_state.resume(user=editor)
    page = PlainPage.objects.get(pk=page.pk)
    task.on_action(page.current_workflow_task_state, moderator, "approve")
    assert Page.objects.get(pk=page.pk).title == "Cerita yang dibetulkan"
    assert is_live(page)


def test_an_outsider_is_no_second_person(lebak, home):
    klaten = make_district("klaten")
    ensure_workflow(klaten)
    editor, outsider = make_user("editor", lebak), make_user("moderator", klaten)
    page = draft(home, editor)
    state = submit(page, editor)
    with pytest.raises(PermissionDenied):
        state.task.specific.on_action(state, outsider, "approve")
    assert not is_live(page)


def test_another_districts_moderator_finds_nothing_there(lebak, home, client):
    klaten = make_district("klaten")
    ensure_workflow(klaten)
    editor, outsider = make_user("editor", lebak), make_user("moderator", klaten)
    page = draft(home, editor)
    state = submit(page, editor)
    client.force_login(outsider)
    for host in ("klaten.localhost", "lebak.localhost"):
        answer = client.post(action_address(page.pk, "approve", state.pk), headers={"host": host})
        missing = client.post(action_address(999_999, "approve", 999_999), headers={"host": host})
        assert answer.status_code == 404
        assert answer.content == missing.content
    assert not is_live(page)


@pytest.mark.parametrize("role", ["moderator", "superuser"])
def test_nobody_publishes_their_own_unreviewed_changes(lebak, home, role):
    author = make_user(role, lebak)
    page = draft(home, author)
    assert page.permissions_for_user(author).can_publish() is False
    assert home.permissions_for_user(author).can_publish_subpage() is False
    with pytest.raises(PublishPagePermissionError):
        page.get_latest_revision().publish(user=author)
    assert not is_live(page)


def test_a_superuser_can_not_create_a_page_that_is_live_at_once(lebak, home, client):
    client.force_login(make_user("superuser"))
    client.post(
        f"/admin/pages/add/campaigns/plainpage/{home.pk}/",
        {
            "title": "Langsung terbit",
            "slug": "langsung-terbit",
            "body-count": "0",
            "action-publish": "1",
        },
        headers=HOST,
    )
    assert not Page.objects.filter(slug="langsung-terbit", live=True).exists()


def test_approval_of_an_older_version_lets_no_newer_one_out(lebak, home):
    editor, moderator = make_user("editor", lebak), make_user("moderator", lebak)
    page = draft(home, editor)
    state = submit(page, editor)
    state.task.specific.on_action(state, moderator, "approve")
    page = PlainPage.objects.get(pk=page.pk)
    assert is_approved(latest_revision(page)) is True
    page.title = "Diam-diam diganti"
    revision = page.save_revision(user=moderator)
    assert is_approved(latest_revision(page)) is False
    assert page.permissions_for_user(moderator).can_publish() is False
    with pytest.raises(PublishPagePermissionError):
        revision.publish(user=moderator)
    assert Page.objects.get(pk=page.pk).title == "Cerita baru"


def test_machines_publish_without_being_asked(lebak, home):
    page = draft(home, make_user("editor", lebak))
    page.get_latest_revision().publish()
    assert is_live(page)


def test_a_scheduled_page_that_was_approved_goes_out_by_itself(lebak, home):
    editor, moderator = make_user("editor", lebak), make_user("moderator", lebak)
    page = draft(home, editor)
    page.go_live_at = timezone.now() + timezone.timedelta(days=1)
    page.save_revision(user=editor)
    state = submit(page, editor)
    state.task.specific.on_action(state, moderator, "approve")
    assert not is_live(page)
    revision = latest_revision(page)
    assert revision.approved_go_live_at is not None
    assert page.permissions_for_user(moderator).can_unschedule() is True


def test_one_person_opens_no_gate_by_switching_the_workflow_off(lebak, home, client):
    superuser = make_user("superuser")
    page = draft(home, superuser)
    client.force_login(superuser)
    workflow = page.get_workflow()
    client.post(reverse("wagtailadmin_workflows:disable", args=[workflow.pk]), headers=HOST)
    page = PlainPage.objects.get(pk=page.pk)

    assert page.get_workflow() is None
    assert page.permissions_for_user(superuser).can_publish() is False
    assert home.permissions_for_user(superuser).can_publish_subpage() is False


def test_a_live_page_of_nobodys_comes_to_no_office_unseen(lebak, home):
    superuser = make_user("superuser")
    root = Page.get_first_root_node()
    aside = root.add_child(instance=PlainPage(title="Di luar", slug="di-luar", owner=superuser))
    page = aside.add_child(instance=PlainPage(title="Lolos", slug="lolos", owner=superuser))
    page.save_revision(user=superuser).publish()
    page = PlainPage.objects.get(pk=page.pk)

    assert page.permissions_for_user(superuser).can_move_to(home) is False
    page.unpublish()
    assert page.permissions_for_user(superuser).can_move_to(home) is True


def test_mails_wait_for_the_commit_and_lead_to_the_host_of_the_office(
    lebak, home, mailoutbox, settings, django_capture_on_commit_callbacks
):
    """A mail server that does not answer holds nobody who saves."""
    settings.WAGTAILADMIN_BASE_URL = "http://pusat.localhost"
    editor, moderator = make_user("editor", lebak), make_user("moderator", lebak)
    page = draft(home, editor)
    with django_capture_on_commit_callbacks(execute=True):
        submit(page, editor)
        assert mailoutbox == []

    [mail] = [mail for mail in mailoutbox if moderator.email in mail.to]
    where = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert f"http://lebak.localhost{where}" in mail.body
    assert "pusat.localhost" not in mail.body + "".join(str(one) for one in mail.alternatives)
