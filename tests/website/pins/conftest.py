"""A teacher of a school in Lebak, their coordinator, and the phone on which they set a PIN."""

import pytest

from districts.models import Organisation
from tests.factories.pins import link_in, reset, set_up, signed_in
from tests.factories.places import make_district, make_user, national


@pytest.fixture
def lebak():
    national()
    return make_district("lebak")


@pytest.fixture
def school(lebak):
    return Organisation.objects.create(district=lebak, name="SDN 1", kind="sekolah")


@pytest.fixture
def teacher(lebak, school):
    return make_user("guru", lebak, organisation=school, name="Budi Santoso")


@pytest.fixture
def coordinator(lebak, school):
    return make_user("koordinator", lebak, organisation=school)


@pytest.fixture
def her_phone(coordinator, teacher):
    """The teacher's phone after the link; signed out."""
    client, answer = set_up(link_in(reset(signed_in(coordinator), teacher)))
    assert answer["Location"] == "/ruang/"
    assert client.get("/ruang/").status_code == 200
    client.post("/masuk/selesai/")
    client.get("/masuk/pin/")
    return client
