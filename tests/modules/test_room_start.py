"""`/ruang/kelas/mulai/`: what is taught, to whom, how and when; one form is one session."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from modules.models import ClassRun, ModulePage
from modules.services import runs
from modules.services.groups import cells_of
from tests.factories.modules import make_group, make_module, make_run, sign
from tests.factories.people import make_member
from tests.factories.places import make_district

pytestmark = pytest.mark.django_db
HOST = {"host": "lebak.localhost"}
START = "/ruang/kelas/mulai/"


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


@pytest.fixture
def module(lebak):
    return make_module(lebak, title="Bercanda?", slug="bercanda", lessons=2)


@pytest.fixture
def group(lebak, teacher):
    return make_group(lebak, teacher)


def form(group=None, **fields):
    return {
        "key": str(uuid4()),
        "lesson": "semua",
        "group": str(group.pk) if group else "",
        "label": "",
        "mode": "ponsel",
        "day": "",
        "do": "mulai",
    } | fields


def send(client, fields, query="?modul=bercanda"):
    return client.post(START + query, fields, headers=HOST)


def text_of(response):
    return response.content.decode()


def test_the_shelf_is_the_districts(client, module):
    make_module(make_district("klaten"), title="Bukan di sini", slug="lain")
    text = text_of(client.get(START, headers=HOST))
    assert "?modul=bercanda" in text
    assert "Bukan di sini" not in text
    assert client.get(f"{START}?modul=lain", headers=HOST).status_code == 404


def test_the_shelf_is_narrowed(client, lebak, module):
    make_module(lebak, title="Rumah tanpa bentakan", slug="rumah", audience_codes=["kader-pkk"])
    ModulePage.objects.filter(pk=module.pk).update(audience_codes=["smp-mts"])

    def found(query):
        text = text_of(client.get(START + query, headers=HOST))
        return {slug for slug in ("bercanda", "rumah") if f"?modul={slug}" in text}

    assert found("") == {"bercanda", "rumah"}
    assert found("?cari=BENTAKAN") == {"rumah"}
    assert found("?untuk=kelas") == {"bercanda"}
    assert found("?untuk=pkk") == {"rumah"}
    assert found("?cari=zzz") == set()
    assert found(f"?cari={'a' * 5000}") == set()
    assert client.get(f"{START}?untuk=hantu", headers=HOST).status_code == 404


def test_as_many_queries_for_three_modules_and_groups_as_for_one(client, lebak, teacher):
    def costs(query):
        client.get(START + query, headers=HOST)
        with CaptureQueriesContext(connection) as seen:
            page = text_of(client.get(START + query, headers=HOST))
        return len(seen), page.count('name="group"'), page.count("?modul=")

    def add(number):
        module = make_module(lebak, slug=f"modul-{number}", lessons=number)
        sign(module, lebak)
        return module, make_group(lebak, teacher)

    module, group = add(1)
    asked = ("", f"?kelompok={group.pk}", f"?modul={module.slug}")
    few = [costs(query) for query in asked]
    add(2)
    add(3)
    many = [costs(query) for query in asked]
    assert [queries for queries, *_shown in many] == [queries for queries, *_shown in few]
    assert [shown for _queries, *shown in few] == [[0, 1], [0, 1], [2, 0]]
    assert [shown for _queries, *shown in many] == [[0, 3], [0, 3], [4, 0]]


def test_it_begins_now(client, module, group, teacher, lebak):
    response = send(client, form(group))
    run = ClassRun.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"/ruang/kelas/{run.pk}/")
    assert (run.state, run.mode, run.lessons) == ("buka", "ponsel", [0, 1])
    assert (run.facilitator, run.district, run.group, run.group_label) == (
        *(teacher, lebak),
        *(group, "8B"),
    )
    assert set(cells_of(run)) == set(cells_of(group))


def test_sent_twice_it_is_one_session(client, module, group):
    fields = form(group)
    first, second = send(client, fields), send(client, fields)
    assert first["Location"] == second["Location"]
    assert second.status_code == 303
    assert ClassRun.objects.count() == 1


def test_sent_again_after_it_was_deleted_it_makes_nothing(client, module, group):
    fields = form(group)
    send(client, fields)
    client.post(f"/ruang/kelas/{ClassRun.objects.get().pk}/hapus/", headers=HOST)
    again = send(client, fields)
    assert (again.status_code, again["Location"]) == (303, "/ruang/kelas/")
    assert ClassRun.objects.count() == 0


def test_sent_again_after_it_ended_it_opens_nothing(client, module, group):
    fields = form(group)
    send(client, fields)
    run = ClassRun.objects.get()
    runs.close_run(run=run, now=timezone.now())
    assert send(client, fields).status_code == 303
    run.refresh_from_db()
    assert run.state == "tutup"


def test_gone_back_and_sent_otherwise_it_is_told(client, module, group):
    fields = form(group)
    send(client, fields)
    response = send(client, fields | {"mode": "kertas"})
    assert (response.status_code, ClassRun.objects.count()) == (422, 1)
    text = text_of(response)
    assert fields["key"] not in text
    assert 'value="kertas" checked' in text


def test_without_a_group_people_are_counted(client, module):
    response = send(client, form(label="Karang taruna", **{"n-P-0-": "7", "n-L-0-": "6"}))
    run = ClassRun.objects.get()
    assert response.status_code == 303
    assert (run.group, run.group_label) == (None, "Karang taruna")
    assert sum(cell.number for cell in cells_of(run)) == 13


def test_a_lesson_alone(client, module, group):
    send(client, form(group, lesson="1"))
    run = ClassRun.objects.get()
    assert (run.lessons, run.asks_before, run.asks_after) == ([1], False, True)


def test_a_plan_waits_for_its_day(client, module, group):
    day = timezone.localdate() + timedelta(days=7)
    response = send(client, form(group, do="rencana", day=day.isoformat()))
    run = ClassRun.objects.get()
    assert response.status_code == 303
    assert (run.state, run.planned_for, run.code) == ("rencana", day, "")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"key": "bukan"}, "key"),
        ({"key": ""}, "key"),
        ({"lesson": "7"}, "lesson"),
        ({"lesson": ""}, "lesson"),
        ({"group": "999999"}, "group"),
        ({"group": "x"}, "group"),
        ({"mode": "telepati"}, "mode"),
        ({"mode": ""}, "mode"),
        ({"label": "x" * 61}, "label"),
        ({"label": "NISN " + "00" + "5" * 8}, "label"),
        ({"do": "rencana", "day": "2020-01-01"}, "day"),
        ({"do": "rencana", "day": "besok"}, "day"),
        ({"do": "rencana", "day": "9999-12-31"}, "day"),
    ],
)
def test_what_cannot_be_is_refused_and_kept(client, module, group, changed, field):
    response = send(client, form(group, **{"n-P-0-": "7"}) | changed)
    assert (response.status_code, ClassRun.objects.count()) == (422, 0)
    assert 'id="periksa"' in text_of(response)
    assert f'href="#id_{field}' in text_of(response)
    assert 'value="7"' in text_of(response)


@pytest.mark.parametrize("typed", ["", "0", "2001", "-1", "tujuh"])
def test_nobody_and_too_many_are_refused(client, module, typed):
    response = send(client, form(**{"n-P-0-": typed}))
    assert (response.status_code, ClassRun.objects.count()) == (422, 0)
    assert 'id="jumlah_error"' in text_of(response)


def test_a_step_without_javascript_plans_nothing(client, module):
    response = send(client, form(**{"n-P-0-": "7", "ubah": "n-P-0-:1"}, mode="satu"))
    text = text_of(response)
    assert (response.status_code, ClassRun.objects.count()) == (200, 0)
    assert 'name="n-P-0-" value="8"' in text
    assert 'value="satu" checked' in text


def test_anothers_group_is_none(client, module, lebak):
    theirs = make_group(lebak, label="9Z")
    response = send(client, form(theirs))
    assert (response.status_code, ClassRun.objects.count()) == (422, 0)
    assert "9Z" not in text_of(response)
    query = f"?modul=bercanda&kelompok={theirs.pk}"
    assert client.get(START + query, headers=HOST).status_code == 404
    assert client.get(f"{START}?kelompok={theirs.pk}", headers=HOST).status_code == 404


@pytest.mark.parametrize("query", ["?modul=hantu", "?kelompok=x", "?lanjut=x", "?lanjut=99999999"])
def test_what_is_not_there_is_404(client, module, query):
    assert client.get(START + query, headers=HOST).status_code == 404


@pytest.mark.parametrize("how", ["withdrawn", "review", "retired"])
def test_past_its_day_or_taken_back_it_is_gone(client, module, group, how):
    yesterday = timezone.localdate() - timedelta(days=1)
    ModulePage.objects.filter(pk=module.pk).update(
        **{
            "withdrawn": {"withdrawn_at": timezone.now()},
            "review": {"review_due": yesterday},
            "retired": {"retire_on": yesterday},
        }[how]
    )
    assert client.get(f"{START}?modul=bercanda", headers=HOST).status_code == 410
    response = send(client, form(group))
    assert (response.status_code, ClassRun.objects.count()) == (410, 0)
    assert START in text_of(response)
    assert "?modul=bercanda" not in text_of(client.get(START, headers=HOST))


def test_a_plan_may_not_lie_after_the_last_day(client, module, group):
    last = timezone.localdate() + timedelta(days=3)
    ModulePage.objects.filter(pk=module.pk).update(review_due=last)
    late = (last + timedelta(days=1)).isoformat()
    assert send(client, form(group, do="rencana", day=late)).status_code == 422
    assert send(client, form(group, do="rencana", day=last.isoformat())).status_code == 303


def test_a_course_goes_on_with_its_next_lesson(client, module, group, lebak, teacher):
    first = make_run(
        lebak, module=module, facilitator=teacher, group=group, lessons=[0], now=timezone.now()
    )
    query = f"?lanjut={first.pk}"
    text = text_of(client.get(START + query, headers=HOST))
    assert 'value="1"' in text
    assert f'value="{group.pk}" checked' in text
    assert send(client, form(group, lesson="1"), query).status_code == 303
    second = ClassRun.objects.exclude(pk=first.pk).get()
    assert (second.series, second.lessons) == (first.series, [1])
    other = Client()
    other.force_login(make_member("guru", lebak))
    assert other.get(START + query, headers=HOST).status_code == 404


def test_a_group_chosen_before_is_chosen(client, module, group):
    text = text_of(client.get(f"{START}?modul=bercanda&kelompok={group.pk}", headers=HOST))
    assert f'value="{group.pk}" checked' in text


def test_a_get_writes_nothing(client, module, group):
    client.get(f"{START}?modul=bercanda", headers=HOST)
    assert (ClassRun.objects.count(), module.editions.count()) == (0, 0)


def test_other_roles_are_refused(lebak, module):
    client = Client()
    client.force_login(make_member("monev", lebak))
    answers = [
        client.get(START + query, headers=HOST) for query in ("", "?modul=bercanda", "?modul=x")
    ]
    assert [answer.status_code for answer in answers] == [403] * 3
