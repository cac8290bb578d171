"""One person takes a module out of use everywhere at once; two let it in again."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from districts.models import Membership, Role
from districts.services.aliases import sync_aliases, sync_everywhere
from modules.models import ClassRun, LessonPage, ModulePage, Withdrawal
from modules.review import was_taken_back
from modules.services import reviewing, runs
from modules.services.reviewing import lift, withdraw
from safeguards.models import AuditEntry
from tests.factories.modules import CELLS, make_module, make_run
from tests.factories.people import make_member
from tests.factories.places import make_district, national

pytestmark = pytest.mark.django_db
NOW = timezone.now()
KLATEN = {"host": "klaten.localhost"}
REASON = "Isinya salah dan berbahaya."


@pytest.fixture
def pusat():
    return national()


@pytest.fixture
def editor(pusat):
    return make_member("editor", pusat)


@pytest.fixture
def moderator(pusat):
    return make_member("moderator", pusat)


@pytest.fixture
def module(pusat):
    return make_module(title="Bercanda atau Merundung?", slug="bercanda")


@pytest.fixture
def alias(module):
    """As a district shows it."""
    make_district("klaten")
    return ModulePage.objects.get(alias_of=module)


def take_back(module, actor, now=NOW):
    return withdraw(page=module, actor=actor, reason=REASON, now=now)


def since(page):
    return ModulePage.objects.get(pk=page.pk).withdrawn_at


@pytest.mark.parametrize("role", ["editor", "moderator", "admin"])
def test_one_person_of_the_office_is_enough(pusat, module, alias, role):
    actor = make_member(role, pusat)
    withdrawal = take_back(module, actor)
    assert (since(module), since(alias)) == (NOW, NOW)
    assert (withdrawal.page, withdrawal.by, withdrawal.reason) == (module, actor, REASON)
    entry = AuditEntry.objects.get(verb="module.withdrawn")
    assert (entry.actor_id, entry.object_id, entry.site_id) == (
        actor.pk,
        str(module.pk),
        pusat.site_id,
    )
    assert REASON not in str(entry.details)


def test_one_statement_reaches_every_district(module, alias, editor, django_assert_num_queries):
    make_district("belu")
    make_district("ppu")
    with django_assert_num_queries(1):
        assert reviewing._everywhere(module).update(withdrawn_at=NOW) == 4


def test_a_national_superuser_may_withdraw_too(module):
    actor = make_member("monev", national(), is_superuser=True)
    assert take_back(module, actor).by == actor


@pytest.mark.parametrize("role", ["guru", "kader", "koordinator", "monev"])
def test_other_roles_may_not(pusat, module, role):
    with pytest.raises(PermissionDenied):
        take_back(module, make_member(role, pusat))
    assert since(module) is None


def test_a_district_does_not_withdraw_a_national_module(module, alias):
    district = alias.get_site().district
    with pytest.raises(PermissionDenied):
        take_back(alias, make_member("admin", district))
    assert (since(module), since(alias)) == (None, None)


def test_a_role_that_ended_withdraws_nothing(pusat, module, editor):
    Membership.objects.filter(user=editor).update(ended_at=timezone.now())
    with pytest.raises(PermissionDenied):
        take_back(module, editor)


@pytest.mark.parametrize("reason", ["", "  a ", "x" * 301, "NIK 3310011203900001 salah"])
def test_a_reason_is_a_sentence_without_a_number_of_a_person(module, editor, reason):
    with pytest.raises(ValidationError):
        withdraw(page=module, actor=editor, reason=reason, now=NOW)
    assert (since(module), Withdrawal.objects.count()) == (None, 0)


def test_a_second_withdrawal_changes_nothing(module, editor, moderator):
    first = take_back(module, editor)
    assert take_back(module, moderator, NOW + timedelta(hours=1)) == first
    assert (since(module), Withdrawal.objects.count()) == (NOW, 1)


def test_it_leaves_a_districts_readers_at_once_through_the_page_cache(
    module, alias, editor, moderator, client, django_capture_on_commit_callbacks
):
    def ask(path="/modul/bercanda/"):
        return client.get(path, headers=KLATEN)

    lesson = f"/modul/bercanda/{LessonPage.objects.child_of(alias).get().slug}/"
    assert (ask().status_code, ask(lesson).status_code) == (200, 200)
    # The second answer comes from the cache: what changed meanwhile is not in it.
    ModulePage.objects.filter(pk=alias.pk).update(withdrawn_at=NOW)
    assert ask().status_code == 200
    ModulePage.objects.filter(pk=alias.pk).update(withdrawn_at=None)
    with django_capture_on_commit_callbacks(execute=True):
        take_back(module, editor)
    for path in ("/modul/bercanda/", lesson):
        answer = ask(path)
        assert answer.status_code == 410
        assert "Bacaan murid" not in answer.content.decode()
    assert "/modul/bercanda/" not in ask("/modul/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        lift(page=module, actor=moderator, now=NOW)
    assert ask().status_code == 200


def test_letting_in_again_needs_a_second_person(pusat, module, alias, moderator):
    take_back(module, moderator)
    with pytest.raises(PermissionDenied):
        lift(page=module, actor=moderator, now=NOW)
    assert since(alias) == NOW
    other = make_member("moderator", pusat)
    assert lift(page=module, actor=other, now=NOW) is True
    assert (since(module), since(alias)) == (None, None)
    standing = Withdrawal.objects.get()
    assert (standing.lifted_by, standing.lifted_at) == (other, NOW)
    assert AuditEntry.objects.get(verb="module.withdrawal_lifted").actor_id == other.pk
    assert lift(page=module, actor=other, now=NOW) is False


@pytest.mark.parametrize("role", ["editor", "admin", "guru"])
def test_only_a_moderator_lets_it_in_again(pusat, module, editor, role):
    take_back(module, editor)
    with pytest.raises(PermissionDenied):
        lift(page=module, actor=make_member(role, pusat), now=NOW)
    assert since(module) == NOW


def test_that_binds_superusers(pusat, module, editor):
    take_back(module, editor)
    root = make_member("admin", pusat, is_superuser=True)
    with pytest.raises(PermissionDenied):
        lift(page=module, actor=root, now=NOW)
    Membership.objects.create(user=root, district=pusat, role=Role.MODERATOR)
    assert lift(page=module, actor=root, now=NOW) is True


def test_a_districts_moderator_does_not_lift_a_national_withdrawal(module, alias, editor):
    take_back(module, editor)
    with pytest.raises(PermissionDenied):
        lift(page=alias, actor=make_member("moderator", alias.get_site().district), now=NOW)
    assert since(alias) == NOW


def test_withdrawn_again_it_needs_a_second_person_again(module, editor, moderator):
    take_back(module, editor)
    lift(page=module, actor=moderator, now=NOW)
    take_back(module, moderator, NOW + timedelta(days=1))
    with pytest.raises(PermissionDenied):
        lift(page=module, actor=moderator, now=NOW)
    assert Withdrawal.objects.filter(lifted_at=None).count() == 1


def test_no_revision_lets_it_in_again(module, editor):
    before = module.get_latest_revision()
    take_back(module, editor)
    before.publish()
    assert since(module) == NOW
    page = ModulePage.objects.get(pk=module.pk)
    page.title = "Judul baru"
    page.save_revision().publish()
    assert ModulePage.objects.get(pk=module.pk).title == "Judul baru"
    assert since(module) == NOW
    assert before.as_object().withdrawn_at == NOW


def test_no_revision_withdraws_it_again(module, editor, moderator):
    take_back(module, editor)
    drafted = ModulePage.objects.get(pk=module.pk).save_revision()
    lift(page=module, actor=moderator, now=NOW)
    drafted.publish()
    assert since(module) is None


def test_an_instance_read_before_lets_nothing_in_again(module, editor):
    stale = ModulePage.objects.get(pk=module.pk)
    take_back(module, editor)
    stale.save()
    assert since(module) == NOW


def test_publishing_unpublishing_and_syncing_keep_the_aliases_out(
    module, alias, editor, django_capture_on_commit_callbacks
):
    take_back(module, editor)
    page = ModulePage.objects.get(pk=module.pk)
    page.title = "Judul baru"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    alias.refresh_from_db()
    assert (alias.title, alias.withdrawn_at) == ("Judul baru", NOW)
    sync_everywhere()
    assert since(alias) == NOW


def test_an_alias_that_a_slow_worker_makes_is_withdrawn_too(module, editor):
    stale = ModulePage.objects.get(pk=module.pk)
    take_back(module, editor)
    klaten = make_district("klaten")
    ModulePage.objects.get(alias_of=module).delete()
    index = klaten.site.root_page.get_children().get(slug="modul")
    late = stale.create_alias(parent=index, log_action=None)
    assert since(late) == NOW
    sync_aliases(klaten)
    assert set(ModulePage.objects.values_list("withdrawn_at", flat=True)) == {NOW}


def test_a_copy_is_a_new_draft_and_not_withdrawn(module, editor):
    take_back(module, editor)
    page = ModulePage.objects.get(pk=module.pk)
    copy = page.copy(update_attrs={"slug": "salinan"}, keep_live=False)
    assert (since(copy), copy.live) == (None, False)


def test_running_sessions_end_and_say_why(pusat, module, alias, editor):
    lebak = make_district("lebak")
    ago = NOW - timedelta(minutes=30)
    running = make_run(lebak, module=module, now=ago)
    over = make_run(lebak, module=module, now=NOW - timedelta(hours=5))
    planned = make_run(lebak, module=module, now=ago, opened=False)
    elsewhere = make_run(lebak, module=make_module(), now=ago)
    pulses = {run.pk: run.pulse for run in (running, elsewhere)}
    take_back(module, editor)
    for run in (running, over, planned, elsewhere):
        run.refresh_from_db()
    assert (running.state, running.closed_at) == (ClassRun.State.CLOSED, NOW)
    assert running.pulse == pulses[running.pk] + 1
    assert was_taken_back(running) is True
    assert (over.closed_at, was_taken_back(over)) == (None, False)
    assert (planned.state, was_taken_back(planned)) == (ClassRun.State.PLANNED, False)
    assert (elsewhere.state, elsewhere.pulse) == (ClassRun.State.OPEN, pulses[elsewhere.pk])
    for act, run in ((runs.open_run, planned), (runs.reopen_run, running)):
        with pytest.raises(runs.NotNow):
            act(run=ClassRun.objects.get(pk=run.pk), now=NOW)
    running.refresh_from_db()
    assert running.state == ClassRun.State.CLOSED


def test_after_the_lift_a_session_may_be_opened_again(module, editor, moderator):
    run = make_run(make_district("lebak"), module=module, now=NOW)
    take_back(module, editor)
    lift(page=module, actor=moderator, now=NOW)
    run = ClassRun.objects.get(pk=run.pk)
    assert was_taken_back(run) is False
    assert runs.reopen_run(run=run, now=NOW).state == ClassRun.State.OPEN


def test_a_session_that_slipped_through_ends_with_the_next_tick(module, editor):
    run = make_run(make_district("lebak"), module=module, now=NOW)
    take_back(module, editor)
    ClassRun.objects.filter(pk=run.pk).update(state=ClassRun.State.OPEN, closed_at=None)
    later = NOW + timedelta(minutes=1)
    assert reviewing.end_runs_of_withdrawn(later) == 1
    run = ClassRun.objects.get(pk=run.pk)
    assert (run.state, run.closed_at, was_taken_back(run)) == ("tutup", later, True)


def test_no_session_can_be_planned(module, alias, editor):
    take_back(module, editor)
    lebak = make_district("lebak")
    for page in (module, alias):
        outcome = runs.plan_run(
            district=lebak,
            facilitator=make_member("guru", lebak),
            key=uuid4(),
            module=ModulePage.objects.get(pk=page.pk),
            mode=ClassRun.Mode.PHONES,
            cells=CELLS,
            now=NOW,
        )
        assert outcome.http == 410
    assert ClassRun.objects.count() == 0
