from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from districts.hours import local_date
from districts.models import StandIn
from districts.services import stand_ins
from tests.factories.channels import make_channel, make_office
from tests.factories.places import make_district, make_user, national

pytestmark = pytest.mark.django_db
HOST = "lebak.localhost"
LIST = "/ruang/tim/pengganti/"


@pytest.fixture
def lebak():
    national()
    return make_district("lebak")


@pytest.fixture
def teacher(lebak):
    return make_user("guru", lebak, name="Budi Santoso")


def signed_in(user, host=HOST) -> Client:
    client = Client(SERVER_NAME=host)
    client.force_login(user)
    return client


def days(lebak, count=14) -> dict:
    today = local_date(timezone.now(), lebak.timezone)
    return {"starts_on": str(today), "ends_on": str(today + timedelta(days=count - 1))}


def address_of(member) -> str:
    return f"/ruang/tim/{member.memberships.get().pk}/pengganti/"


def appointed(lebak, admin, user) -> StandIn:
    today = local_date(timezone.now(), lebak.timezone)
    return stand_ins.appoint(district=lebak, actor=admin, user=user, starts_on=today, ends_on=today)


def test_an_admin_finds_appoints_and_ends(office, lebak, teacher):
    make_user("editor", lebak, name="Budi Redaktur")
    assert f'href="{LIST}"' in office.get("/ruang/tim/").content.decode()
    assert "Budi" not in office.get(LIST).content.decode()
    found = office.post(LIST, {"q": "budi"}).content.decode()
    assert address_of(teacher) in found
    # Who keeps numbers already is a second person without this.
    assert "Budi Redaktur" not in found
    assert "Budi Santoso" in office.get(address_of(teacher)).content.decode()
    assert StandIn.objects.count() == 0

    answer = office.post(address_of(teacher), days(lebak))
    assert (answer.status_code, answer["Location"]) == (302, LIST)
    stand_in = StandIn.objects.get()
    assert (stand_in.user, stand_in.district) == (teacher, lebak)
    ending = f"/ruang/tim/pengganti/{stand_in.pk}/akhiri/"
    page = office.get(LIST)
    assert ending in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"

    assert "Budi Santoso" in office.get(ending).content.decode()
    assert StandIn.objects.count() == 1
    assert office.post(ending)["Location"] == LIST
    assert StandIn.objects.count() == 0
    assert office.post(ending).status_code == 404


def test_the_stand_in_decides_at_the_desk(office, lebak, teacher, admin):
    from districts.services.channels import propose_change

    office.post(address_of(teacher), days(lebak))
    channel = make_channel(lebak, value="+622529990011", display="0252 9990011")
    change = propose_change(
        district=lebak, actor=admin, channel=channel, fields={"value": "0252 555 0199"}
    )
    client = signed_in(teacher)
    assert 'href="/ruang/saluran/"' in client.get("/ruang/").content.decode()
    client.post("/ruang/saluran/", {"change": change.pk, "act": "approve"})
    change.refresh_from_db()

    assert (change.status, change.decided_via) == ("approved", "stand_in")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"ends_on": ""}, "ends_on"),
        ({"starts_on": "kemarin"}, "starts_on"),
        ({"starts_on": "2020-01-01", "ends_on": "2020-01-02"}, "starts_on"),
        ({"ends_on": "9999-12-31"}, "ends_on"),
    ],
)
def test_faulty_days_are_told_beside_the_field_and_stay(office, lebak, teacher, fields, field):
    typed = days(lebak) | fields
    answer = office.post(address_of(teacher), typed)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert f'value="{typed["starts_on"]}"' in answer.content.decode()
    assert StandIn.objects.count() == 0


def test_nobody_finds_or_appoints_themselves(office, admin):
    assert address_of(admin) not in office.post(LIST, {"q": admin.name}).content.decode()
    assert office.get(address_of(admin)).status_code == 404


@pytest.mark.parametrize("role", ["guru", "mitra", "koordinator", "editor", "moderator", "monev"])
def test_only_administrators_come_here(lebak, admin, teacher, role):
    client = signed_in(make_user(role, lebak))
    stand_in = appointed(lebak, admin, teacher)
    for path in (LIST, address_of(teacher), f"/ruang/tim/pengganti/{stand_in.pk}/akhiri/"):
        assert client.get(path).status_code == 403
        answer = client.post(path, days(lebak))
        assert (answer.status_code, "Budi Santoso" in answer.content.decode()) == (403, False)
    assert list(StandIn.objects.all()) == [stand_in]


def test_a_visitor_signs_in_first(lebak):
    assert Client(SERVER_NAME=HOST).get(LIST)["Location"] == f"/masuk/?next={LIST}"


def test_admins_of_province_and_nation_appoint_on_the_offices_host(lebak, teacher):
    nation = signed_in(make_user("admin", national()))
    assert address_of(teacher) in nation.post(LIST, {"q": "budi"}).content.decode()
    assert nation.post(address_of(teacher), days(lebak))["Location"] == LIST
    assert StandIn.objects.get().user == teacher

    # Of another province, and of another district of none: this office is not theirs.
    for slug in ("jateng", "klaten"):
        stranger = signed_in(make_user("admin", make_office(slug)))
        answer = stranger.post(LIST, {"q": "budi"})
        assert (answer.status_code, "Budi Santoso" in answer.content.decode()) == (403, False)


def test_another_offices_rows_are_not_found(office):
    klaten = make_district("klaten")
    theirs = make_user("guru", klaten, name="KANARI")
    stand_in = appointed(klaten, make_user("admin", klaten), theirs)
    for path, missing in (
        (address_of(theirs), "/ruang/tim/999999/pengganti/"),
        (f"/ruang/tim/pengganti/{stand_in.pk}/akhiri/", "/ruang/tim/pengganti/999999/akhiri/"),
    ):
        for method in ("get", "post"):
            answer, nothing = (getattr(office, method)(one) for one in (path, missing))
            assert (answer.status_code, nothing.status_code) == (404, 404)
            assert answer.content == nothing.content
    assert "KANARI" not in office.post(LIST, {"q": "kanari"}).content.decode().replace("kanari", "")
    assert "KANARI" not in office.get(LIST).content.decode()
    assert list(StandIn.objects.all()) == [stand_in]


def test_the_list_takes_the_same_queries_for_one_and_for_three(
    office, admin, lebak, django_assert_max_num_queries
):
    counts = []
    office.get(LIST)
    for more in (1, 2):
        for number in range(more):
            appointed(lebak, admin, make_user("guru", lebak, name=f"Guru {more}{number}"))
            make_user("kader", lebak, name=f"Kader {more}{number}")
        with django_assert_max_num_queries(14) as told:
            assert "Kader 10" in office.post(LIST, {"q": "kader"}).content.decode()
        counts.append(len(told))
    assert counts[0] == counts[1]
