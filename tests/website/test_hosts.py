import pytest
from django.test import Client

from tests.factories.places import national


def test_each_host_answers_with_its_own_office(visit, klaten, lebak):
    assert klaten.office_name in visit("klaten").content.decode()
    assert lebak.office_name not in visit("klaten").content.decode()


def test_an_unknown_host_is_not_found_and_shows_no_district(visit, klaten):
    response = visit("tidak-ada")

    assert response.status_code == 404
    assert klaten.short_name not in response.content.decode()


def test_a_host_that_is_not_allowed_is_a_bad_request(klaten):
    response = Client().get("/", headers={"host": "example.com"})

    assert response.status_code == 400


@pytest.mark.django_db
def test_the_loopback_address_is_the_national_host():
    office = national()

    assert office.office_name in Client().get("/", headers={"host": "127.0.0.1"}).content.decode()


def test_a_port_changes_nothing(klaten):
    response = Client().get("/", headers={"host": "klaten.localhost:8123"})

    assert response.status_code == 200


def test_healthz_answers_under_any_host(db):
    response = Client().get("/healthz", headers={"host": "example.com"})

    assert (response.status_code, response.content) == (200, b"ok")


def test_healthz_refuses_to_be_written_to(db):
    response = Client().post("/healthz")

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
