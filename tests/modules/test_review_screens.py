"""The screens of the admin: the overview, taking a module out, letting it in again."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from modules.models import LessonPage, ModulePage, Withdrawal
from modules.services.reviewing import withdraw
from tests.factories.modules import make_module, make_run, sign
from tests.factories.places import make_district, make_user, national

pytestmark = [
    pytest.mark.django_db,
    # Wagtail 8.0 sends its notices through what Django 6.1 deprecates.
    pytest.mark.filterwarnings(r"ignore:get_connection\(\) is deprecated"),
]
HOST = {"host": "localhost"}
KLATEN = {"host": "klaten.localhost"}
OVERVIEW = "/admin/modul/tinjauan/"


@pytest.fixture
def pusat():
    return national()


@pytest.fixture
def editor(pusat):
    return make_user("editor", pusat)


@pytest.fixture
def moderator(pusat):
    return make_user("moderator", pusat)


@pytest.fixture
def module(pusat):
    return make_module(title="Bercanda atau Merundung?", version="2.1")


def take_back_address(page) -> str:
    return f"/admin/modul/{page.pk}/tarik/"


def lift_address(page) -> str:
    return f"/admin/modul/{page.pk}/pakai-lagi/"


def send(client, user, path, data=None, headers=HOST):
    client.force_login(user)
    return client.post(path, data or {}, headers=headers)


def look(client, user, path, headers=HOST):
    client.force_login(user)
    return client.get(path, headers=headers)


def words(response) -> str:
    return " ".join(response.content.decode().split())


def since(page):
    return ModulePage.objects.get(pk=page.pk).withdrawn_at


def test_an_editor_takes_it_out_and_a_moderator_lets_it_in(module, editor, moderator, client):
    form = look(client, editor, take_back_address(module))
    assert "Tarik sekarang juga" in words(form)
    answer = send(client, editor, take_back_address(module), {"reason": "Isinya salah."})
    assert (answer.status_code, answer.url) == (302, take_back_address(module))
    assert since(module) is not None
    assert Withdrawal.objects.get().by == editor
    mine = look(client, editor, take_back_address(module))
    assert "Isinya salah." in words(mine)
    assert lift_address(module) not in words(mine)
    theirs = words(look(client, moderator, take_back_address(module)))
    assert f'action="{lift_address(module)}"' in theirs
    assert send(client, moderator, lift_address(module)).status_code == 302
    assert since(module) is None


@pytest.mark.parametrize("reason", ["", "ab", "x" * 301, "NIK 3310011203900001 salah"])
def test_what_was_typed_stays_when_the_reason_is_none(module, editor, client, reason):
    answer = send(client, editor, take_back_address(module), {"reason": reason})
    assert (answer.status_code, since(module)) == (422, None)
    assert reason in answer.content.decode()
    assert len(answer.context["form"].errors["reason"]) == 1


def test_looking_changes_nothing(module, editor, client):
    look(client, editor, take_back_address(module))
    assert look(client, editor, lift_address(module)).url == take_back_address(module)
    assert since(module) is None


@pytest.mark.parametrize("role", ["editor", "admin", "superuser"])
def test_who_may_not_lift_is_told_so(pusat, module, editor, client, role):
    withdraw(page=module, actor=editor, reason="Isinya salah.", now=timezone.now())
    answer = send(client, make_user(role, pusat), lift_address(module))
    assert answer.status_code == 403
    assert "moderator yang tidak menariknya" in words(answer)
    assert since(module) is not None


def test_a_second_press_says_who_was_first(module, editor, moderator, client):
    withdraw(page=module, actor=editor, reason="Isinya salah.", now=timezone.now())
    answer = send(client, moderator, take_back_address(module), {"reason": "Juga salah."})
    assert answer.status_code == 302
    assert [row.by for row in Withdrawal.objects.all()] == [editor]
    assert "sudah menariknya" in words(client.get(answer.url, headers=HOST))


def test_classes_in_the_middle_of_it_are_named_before(module, editor, client):
    lebak = make_district("lebak")
    make_run(lebak, module=module, now=timezone.now())
    assert "1 kelas sedang memakainya" in words(look(client, editor, take_back_address(module)))


@pytest.mark.parametrize("role", ["editor", "moderator", "admin"])
@pytest.mark.parametrize("address", [take_back_address, lift_address])
def test_another_offices_module_is_as_if_it_did_not_exist(module, client, role, address):
    klaten = make_district("klaten")
    user = make_user(role, klaten)
    alias = ModulePage.objects.get(alias_of=module)
    missing = Page(pk=77_777_777)
    for method in (look, send):
        nobodys = method(client, user, address(missing), headers=KLATEN)
        for page in (module, alias):
            theirs = method(client, user, address(page), headers=KLATEN)
            assert theirs.status_code == 404
            assert theirs.content == nobodys.content
    assert since(module) is None


@pytest.mark.parametrize("role", ["guru", "monev"])
def test_members_without_the_admin_find_nothing(pusat, module, client, role):
    user = make_user(role, pusat)
    for path in (OVERVIEW, take_back_address(module)):
        assert look(client, user, path).status_code == 404
    assert (
        send(client, user, take_back_address(module), {"reason": "Isinya salah."}).status_code
        == 404
    )
    assert since(module) is None


def test_strangers_are_sent_to_sign_in(module, client):
    for path in (OVERVIEW, take_back_address(module)):
        answer = client.get(path, headers=HOST)
        assert (answer.status_code, "masuk" in answer.url) == (302, True)


def test_a_superuser_meets_no_alias_and_no_lesson_there(module, client):
    klaten = make_district("klaten")
    root = make_user("superuser")
    assert look(client, root, take_back_address(module)).status_code == 200
    lesson = LessonPage.objects.child_of(module).get()
    for page in (ModulePage.objects.get(alias_of=module), lesson, klaten.site.root_page):
        assert look(client, root, take_back_address(page)).status_code == 404


def test_the_page_in_the_admin_has_the_button(module, editor, client):
    edit = reverse("wagtailadmin_pages:edit", args=[module.pk])
    assert "Tarik modul ini" in words(look(client, editor, edit))
    withdraw(page=module, actor=editor, reason="Isinya salah.", now=timezone.now())
    body = words(look(client, editor, edit))
    assert (take_back_address(module) in body, "Boleh dipakai lagi" in body) == (True, True)


def test_an_alias_has_no_button(module, client):
    klaten = make_district("klaten")
    alias = ModulePage.objects.get(alias_of=module)
    edit = reverse("wagtailadmin_pages:edit", args=[alias.pk])
    answer = look(client, make_user("moderator", klaten), edit, KLATEN)
    assert answer.status_code == 200
    assert "/tarik/" not in words(answer)


@pytest.mark.parametrize("fields", [{"issue_codes": ["ekstremisme"]}, {"withdrawn": True}])
def test_a_district_does_not_keep_a_copy_of_what_the_nation_watches(client, editor, fields):
    withdrawn = fields.pop("withdrawn", False)
    module = make_module(review_due=date(2099, 1, 1), **fields)
    klaten = make_district("klaten")
    if withdrawn:
        withdraw(page=module, actor=editor, reason="Isinya salah.", now=timezone.now())
    moderator = make_user("moderator", klaten)
    alias = ModulePage.objects.get(alias_of=module)
    for page in (alias, LessonPage.objects.child_of(alias).get()):
        path = reverse("wagtailadmin_pages:convert_alias", args=[page.pk])
        send(client, moderator, path, headers=KLATEN)
        assert Page.objects.get(pk=page.pk).alias_of_id is not None


def test_a_district_does_not_keep_a_copy_of_what_it_objected_to(client):
    module, klaten = make_module(), make_district("klaten")
    moderator = make_user("moderator", klaten)
    alias = ModulePage.objects.get(alias_of=module)
    # A lesson can be the district's own only once its module is.
    pages = (alias, LessonPage.objects.child_of(alias).get())
    paths = [reverse("wagtailadmin_pages:convert_alias", args=[page.pk]) for page in pages]

    sign(alias, klaten, verdict="keberatan")
    for path in paths:
        send(client, moderator, path, headers=KLATEN)
    kept = Page.objects.filter(pk__in=[page.pk for page in pages], alias_of__isnull=False)
    assert kept.count() == 2
    # Once it is taken back, it may.
    sign(alias, klaten, verdict="dicabut")
    for path in paths:
        send(client, moderator, path, headers=KLATEN)
    assert kept.count() == 0


def test_the_overview_lists_what_the_office_answers_for(pusat, editor, client):
    today = timezone.localdate()
    near = make_module(
        lessons=0, title="Sudah dekat", version="3.2", review_due=today + timedelta(days=5)
    )
    sign(near, by=("Ahli Uji", "UPTD PPA", ""), day=date(2026, 2, 3))
    sign(make_module(lessons=0, title="Sudah ditinjau"))
    make_module(lessons=0, title="Sudah lewat", review_due=today - timedelta(days=1))
    gone = make_module(lessons=0, title="Sudah ditarik")
    withdraw(page=gone, actor=editor, reason="Isinya salah.", now=timezone.now())
    make_module(lessons=0, title="Belum ditinjau")
    make_module(make_district("klaten"), lessons=0, title="Modul Klaten")
    found = {
        state: [row["page"].title for row in look(client, editor, address).context["rows"]]
        for state in ("", "segera", "lewat", "ditarik", "belum", "ngawur")
        for address in [f"{OVERVIEW}?status={state}"]
    }
    everything = ["Sudah lewat", "Sudah dekat", "Belum ditinjau", "Sudah ditarik", "Sudah ditinjau"]
    assert sorted(found.pop("")) == sorted(everything)
    assert sorted(found.pop("ngawur")) == sorted(everything)
    assert found == {
        "segera": ["Sudah dekat"],
        "lewat": ["Sudah lewat"],
        "ditarik": ["Sudah ditarik"],
        "belum": ["Belum ditinjau"],
    }
    body = words(look(client, editor, OVERVIEW))
    for text in ("3.2", "Ahli Uji, UPTD PPA", "3 Februari 2026", "Belum ditinjau ahli"):
        assert text in body


def test_the_overview_finds_by_title_and_reviewer(module, editor, client):
    sign(make_module(lessons=0, title="Rumah Tanpa Bentakan"), by=("Ahli Uji", "UPTD PPA", ""))
    for asked, titles in (
        ("bentakan", ["Rumah Tanpa Bentakan"]),
        ("uptd", ["Rumah Tanpa Bentakan"]),
        ("tidak ada", []),
    ):
        answer = look(client, editor, f"{OVERVIEW}?q={asked}")
        assert [row["page"].title for row in answer.context["rows"]] == titles
    assert "Tidak ada modul yang seperti itu" in words(answer)


def test_an_office_without_modules_reads_who_reviews_them(module, client):
    klaten = make_district("klaten")
    answer = look(client, make_user("editor", klaten), OVERVIEW, KLATEN)
    assert answer.context["is_empty"] is True
    assert "belum punya modul sendiri" in words(answer)
    assert "Bercanda atau Merundung?" not in words(answer)


def test_the_day_of_the_second_persons_approval_stands_there(pusat, editor, moderator, client):
    module = make_module(lessons=0, issue_codes=["ekstremisme"], review_due=date(2099, 1, 1))
    module.save_revision(user=editor)
    module.get_workflow().start(module, editor)
    state = module.current_workflow_task_state
    state.task.specific.on_action(state, moderator, "approve")
    [row] = look(client, editor, OVERVIEW).context["rows"]
    state.refresh_from_db()
    assert row["approved_at"] == state.finished_at


def test_it_asks_as_often_for_three_modules_as_for_one(
    pusat, editor, client, django_assert_num_queries, django_assert_max_num_queries
):
    make_module(lessons=0, issue_codes=["ekstremisme"], review_due=date(2099, 1, 1))
    look(client, editor, OVERVIEW)
    with django_assert_max_num_queries(60) as one:
        look(client, editor, OVERVIEW)
    # The next request empties the list of queries.
    asked = len(one)
    for _number in range(2):
        make_module(lessons=0, issue_codes=["ekstremisme"], review_due=date(2099, 1, 1))
    look(client, editor, OVERVIEW)
    with django_assert_num_queries(asked):
        assert len(look(client, editor, OVERVIEW).context["rows"]) == 3


@pytest.mark.parametrize("asked", ["?p=2", "?p=nol"])
def test_a_page_that_is_not_there_is_not_there(module, editor, client, asked):
    assert look(client, editor, OVERVIEW + asked).status_code == 404


def test_the_menu_leads_there(module, editor, client):
    assert OVERVIEW in words(look(client, editor, "/admin/"))
