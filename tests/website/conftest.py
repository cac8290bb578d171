import pytest
from django.test import Client

from tests.factories.places import make_district, make_user


@pytest.fixture
def klaten(db):
    return make_district("klaten")


@pytest.fixture
def lebak(db):
    return make_district("lebak")


@pytest.fixture
def admin(lebak):
    return make_user("admin", lebak)


@pytest.fixture
def office(admin):
    """The browser of Lebak's administrator, signed in."""
    client = Client(SERVER_NAME="lebak.localhost")
    client.force_login(admin)
    return client


@pytest.fixture
def visit():
    """`visit("klaten", "/bantuan/")`: the answer an anonymous visitor gets on that host."""
    client = Client()

    def get(host: str, path: str = "/", **headers):
        name = f"{host}.localhost" if host else "localhost"
        return client.get(path, headers={"host": name, **headers})

    return get
