"""`/ruang/kelas/`: what runs, what is unfinished, what comes next, and what was."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from modules.models import ClassRun, ModulePage
from modules.services import runs
from modules.services.groups import Cell
from tests.factories.modules import make_group, make_module, make_participant, make_run
from tests.factories.people import make_member
from tests.factories.places import make_district
from tests.modules.test_room_console import answer

pytestmark = pytest.mark.django_db
HOST = {"host": "lebak.localhost"}
LIST = "/ruang/kelas/"


@pytest.fixture
def lebak(db):
    return make_district("lebak")


@pytest.fixture
def teacher(lebak):
    return make_member("guru", lebak)


@pytest.fixture
def client(teacher):
    client = Client()
    client.force_login(teacher)
    return client


def text(client, query=""):
    return client.get(LIST + query, headers=HOST).content.decode()


def ended(lebak, teacher, *, days=1, **more):
    now = timezone.now() - timedelta(days=days)
    run = make_run(lebak, facilitator=teacher, now=now, **more)
    return runs.close_run(run=run, now=now)


def test_a_first_timer_is_shown_three_steps(client):
    page = text(client)
    assert page.count('<ol class="l-steps">') == 1
    assert "/ruang/kelas/mulai/" in page
    assert 'id="riwayat"' not in page


def test_what_runs_leads_to_the_console(client, lebak, teacher):
    run = make_run(lebak, facilitator=teacher, now=timezone.now())
    page = text(client)
    assert page.index(f'class="l-button l-large" href="/ruang/kelas/{run.pk}/"') > 0
    assert 'class="room-now"' in page


def test_nothing_of_others_is_shown(client, lebak, teacher):
    theirs = make_run(lebak, now=timezone.now(), group_label="Milik orang")
    abroad = make_run(
        make_district("klaten"), facilitator=teacher, now=timezone.now(), group_label="Di Klaten"
    )
    make_group(lebak, label="9Z")
    page = text(client)
    for run in (theirs, abroad):
        assert f"/ruang/kelas/{run.pk}/" not in page
    assert "9Z" not in page


def test_plans_and_sessions_without_results_are_unfinished(client, lebak, teacher):
    today = timezone.localdate()
    plan = make_run(lebak, facilitator=teacher, opened=False, now=timezone.now(), planned_for=today)
    empty = ended(lebak, teacher)
    full = make_run(lebak, facilitator=teacher, now=timezone.now())
    answer(full, make_participant(full, now=timezone.now()), "single")
    runs.close_run(run=full, now=timezone.now())
    old = ended(lebak, teacher, days=70)
    unfinished = text(client).split('id="belum"')[1].split("</section>")[0]
    found = {run.pk for run in (plan, empty, full, old) if f"/{run.pk}/" in unfinished}
    assert found == {plan.pk, empty.pk}


def test_every_plan_is_listed_however_many_there_are(client, lebak, teacher):
    now, today = timezone.now(), timezone.localdate()
    days = [today + timedelta(days=n) for n in range(35)]
    plans = [
        make_run(lebak, facilitator=teacher, opened=False, now=now, planned_for=day) for day in days
    ]
    # Later than all plans: what was begun or ended since takes no place of theirs.
    make_run(lebak, facilitator=teacher, now=now)

    def listed(query=""):
        return [run for run in plans if f'"/ruang/kelas/{run.pk}/"' in text(client, query)]

    assert listed() + listed("?rencana=2") == plans
    assert client.get(f"{LIST}?rencana=3", headers=HOST).status_code == 404


def test_a_session_past_its_end_is_no_running_one(client, lebak, teacher):
    run = make_run(lebak, facilitator=teacher, now=timezone.now() - timedelta(hours=4))
    page = text(client)
    assert 'class="room-now"' not in page
    assert f"/ruang/kelas/{run.pk}/" in page.split('id="belum"')[1]


def test_a_module_that_suits_and_is_new_to_the_group_is_proposed(client, lebak, teacher):
    young = make_module(lebak, title="Untuk SD", slug="sd", age_from=6, age_to=9)
    home = make_module(lebak, title="Rumah", slug="rumah", audience_codes=["kader-pkk"])
    first = make_module(lebak, title="Satu", slug="satu", audience_codes=["smp-mts"])
    second = make_module(lebak, title="Dua", slug="dua", audience_codes=["smp-mts"])
    group = make_group(lebak, teacher, cells=[Cell("P", "13-15", False, 20)])

    def proposed():
        page = text(client)
        return [
            module.slug
            for module in (young, home, first, second)
            if f"?modul={module.slug}&amp;kelompok={group.pk}" in page
        ]

    assert proposed() == ["satu"]
    ended(lebak, teacher, module=first, group=group)
    assert proposed() == ["dua"]
    ModulePage.objects.filter(pk=second.pk).update(withdrawn_at=timezone.now())
    assert proposed() == []


def test_a_course_that_began_is_gone_on_with(client, lebak, teacher):
    module = make_module(lebak, lessons=3)
    first = ended(lebak, teacher, module=module, lessons=[0])
    link = "/ruang/kelas/mulai/?lanjut="
    page = text(client)
    assert f"{link}{first.pk}" in page
    # From the newest part of the course, and no more once its end is planned.
    second = ended(lebak, teacher, module=module, lessons=[1], days=0, continues=first)
    page = text(client)
    assert f"{link}{second.pk}" in page
    assert f"{link}{first.pk}" not in page
    make_run(
        lebak,
        module=module,
        facilitator=teacher,
        lessons=[2],
        continues=second,
        opened=False,
        now=timezone.now(),
        planned_for=timezone.localdate(),
    )
    assert link not in text(client)


def test_history_is_narrowed_and_comes_in_pages(client, lebak, teacher):
    group = make_group(lebak, teacher)
    run = ended(lebak, teacher, group=group, days=100)
    other = ended(lebak, teacher, mode="kertas", days=100)

    def listed(query):
        history = text(client, query).split('id="riwayat"')[1]
        return {one.pk for one in (run, other) if f"/ruang/kelas/{one.pk}/" in history}

    assert listed("") == {run.pk, other.pk}
    assert listed(f"?kelompok={group.pk}") == {run.pk}
    assert listed("?cara=kertas") == {other.pk}
    assert listed(f"?cara=kertas&kelompok={group.pk}") == set()
    for query in (
        "?kelompok=999999",
        "?kelompok=x",
        "?cara=hantu",
        "?page=0",
        "?page=x",
        "?page=99",
    ):
        assert client.get(LIST + query, headers=HOST).status_code == 404
    for _n in range(20):
        ended(lebak, teacher, mode="satu", days=90)
    assert "page=2" in text(client)
    assert listed("?page=2") == {run.pk, other.pk}


def test_a_list_costs_the_same_for_one_and_three(client, lebak, teacher, django_assert_num_queries):
    module = make_module(lebak, lessons=2)

    def add():
        group = make_group(lebak, teacher)
        ended(lebak, teacher, module=module, group=group, lessons=[0])
        make_run(
            lebak,
            module=module,
            facilitator=teacher,
            group=group,
            opened=False,
            now=timezone.now(),
            planned_for=timezone.localdate(),
        )
        make_run(lebak, module=module, facilitator=teacher, now=timezone.now())

    add()
    text(client)
    with CaptureQueriesContext(connection) as one:
        text(client)
    add()
    add()
    with django_assert_num_queries(len(one)):
        page = text(client)
    assert page.count('class="room-now"') == 3
    assert ClassRun.objects.count() == 9


def test_roles_that_do_not_teach_have_no_room(lebak, teacher, client):
    assert LIST in client.get("/ruang/", headers=HOST).content.decode()
    watcher = Client()
    watcher.force_login(make_member("monev", lebak))
    assert watcher.get(LIST, headers=HOST).status_code == 403
    assert LIST not in watcher.get("/ruang/", headers=HOST).content.decode()


def test_it_is_never_cached(client):
    assert client.get(LIST, headers=HOST)["Cache-Control"] == "private, no-store"
