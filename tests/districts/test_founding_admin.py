"""The admin screen that opens an office in one step."""

import pytest
from django.urls import reverse
from wagtail.models import Site

from districts.models import Channel, District
from tests.factories.places import make_district, make_regions, make_user, national

pytestmark = pytest.mark.django_db
NEW = {
    "level": "kabupaten",
    "region_code": "53.04",
    "slug": "belu",
    "hostname": "belu.localhost",
    "short_name": "Belu",
    "office_name": "Dinas Contoh Kabupaten Belu",
    "timezone": "Asia/Makassar",
    "cloth": "tenun",
    "accent": "#6b1d2a",
    "letterhead": "PEMERINTAH KABUPATEN BELU",
    "signatory": "Kepala Dinas",
    "placeholders": "on",
}


@pytest.fixture
def admin(client):
    national()
    make_regions("53.04", "Belu")
    client.force_login(make_user("superuser"))
    client.defaults["HTTP_HOST"] = "localhost"
    return client


def test_the_national_office_opens_an_office_in_one_step(admin):
    response = admin.post(reverse("kantor:add"), NEW)
    assert (response.status_code, response["Location"]) == (302, reverse("kantor:index"))
    belu = District.objects.get(slug="belu")
    assert (belu.region_id, belu.site.hostname, belu.site.port) == ("53.04", "belu.localhost", 80)
    assert Channel.objects.for_district(belu).count() == 3
    assert admin.get("/", headers={"host": "belu.localhost"}).status_code == 200


def test_a_form_sent_twice_opens_one_office(admin):
    admin.post(reverse("kantor:add"), NEW)
    again = admin.post(reverse("kantor:add"), NEW)
    assert list(again.context["form"].errors) == ["slug", "hostname", "region_code"]
    assert District.objects.filter(slug="belu").count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"slug": ""}, "slug"),
        ({"slug": "dua kata"}, "slug"),
        ({"hostname": "buruk host"}, "hostname"),
        ({"hostname": "localhost"}, "hostname"),
        ({"region_code": "53.99"}, "region_code"),
        ({"region_code": ""}, "region_code"),
        ({"accent": "merah"}, "accent"),
        ({"cloth": "sutra"}, "cloth"),
        ({"exit_url": "javascript:alert(1)"}, "exit_url"),
        ({"exit_url": "http://contoh.example/"}, "exit_url"),
        ({"exit_url": "https://belu.localhost/"}, "exit_url"),
        ({"level": "nasional", "region_code": ""}, "level"),
    ],
)
def test_an_error_stands_beside_its_field_and_nothing_is_lost(admin, change, field):
    sites = Site.objects.count()
    response = admin.post(reverse("kantor:add"), NEW | change)
    form = response.context["form"]
    assert (response.status_code, list(form.errors)) == (422, [field])
    assert form["office_name"].value() == NEW["office_name"]
    assert "Dinas Contoh Kabupaten Belu" in response.content.decode()
    assert (District.objects.count(), Site.objects.count()) == (1, sites)


def test_a_host_the_site_does_not_answer_is_refused_with_the_setting_that_is_missing(admin):
    away = "jateng.example.go.id"
    assert admin.get("/", headers={"host": away}).status_code == 400
    response = admin.post(reverse("kantor:add"), NEW | {"hostname": "Jateng.Example.go.id"})
    assert response.status_code == 422
    assert response.context["form"].errors == {"hostname": [f"{away} belum ada di ALLOWED_HOSTS."]}
    assert not Site.objects.filter(hostname=away).exists()


def test_an_office_may_be_renamed_but_not_moved(admin):
    lebak = make_district("lebak")
    address = reverse("kantor:edit", args=[lebak.pk])
    form = admin.get(address).context["form"]
    assert not {"slug", "level", "region_code", "hostname", "site"} & set(form.fields)
    admin.post(address, {**form.initial, "office_name": "DP3AP2KB Kabupaten Lebak", "slug": "x"})
    lebak.refresh_from_db()
    assert (lebak.office_name, lebak.slug) == ("DP3AP2KB Kabupaten Lebak", "lebak")


@pytest.mark.parametrize("role", ["editor", "moderator", "admin"])
@pytest.mark.parametrize("screen", ["index", "add", "edit"])
def test_a_district_opens_and_sees_no_office(client, role, screen):
    national()
    lebak = make_district("lebak")
    client.force_login(make_user(role, lebak))
    address = reverse(f"kantor:{screen}", args=[lebak.pk] if screen == "edit" else [])
    for method in (client.get, client.post):
        response = method(address, headers={"host": "lebak.localhost"})
        assert response.status_code in {302, 403, 404}
        assert "form" not in (response.context or {})
    assert District.objects.count() == 2


def test_the_list_of_offices_costs_the_same_at_one_and_three(admin, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert admin.get(reverse("kantor:index")).status_code == 200
        return len(captured)

    def queries_when_warm() -> int:
        queries()
        return queries()

    make_district("lebak")
    at_one = queries_when_warm()
    make_district("klaten")
    make_district("banjar")
    assert queries_when_warm() == at_one
