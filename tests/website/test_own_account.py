import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.users.models import UserProfile

from tests.factories.places import make_district, make_user
from tests.safeguards.factories import png

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/account/"


@pytest.fixture
def editor():
    return make_user("editor", make_district("lebak"), name="Sumarni")


@pytest.fixture
def client(editor):
    client = Client(SERVER_NAME="lebak.localhost")
    client.force_login(editor)
    return client


def sent(**more):
    return {"name-name": "Sumarni", "theme-theme": "system", "theme-contrast": "system"} | {
        "theme-density": "default",
        "theme-keyboard_shortcuts": "on",
        "locale-preferred_language": "en",
        "locale-current_time_zone": "",
        **more,
    }


def test_a_name_of_one_word_is_enough_and_is_kept(client, editor):
    page = client.get(ADDRESS)
    assert (page.context["panels_by_tab"] is not None, reverse("wagtailadmin_account")) == (
        True,
        ADDRESS,
    )
    assert 'name="name-name" value="Sumarni"' in page.content.decode()
    answer = client.post(ADDRESS, sent(**{"name-name": " Sumarni \u202eWati "}))

    assert answer.status_code == 302
    editor.refresh_from_db()
    assert editor.name == "Sumarni Wati"
    assert UserProfile.objects.get(user=editor).preferred_language == "en"


def test_a_name_that_is_refused_stays_in_the_form(client, editor):
    answer = client.post(ADDRESS, sent(**{"name-name": "3310050101900001"}))

    assert answer.status_code == 200
    assert 'value="3310050101900001"' in answer.content.decode()
    editor.refresh_from_db()
    assert editor.name == "Sumarni"


def test_no_picture_is_taken(client, editor):
    assert 'name="avatar-avatar"' not in client.get(ADDRESS).content.decode()
    picture = SimpleUploadedFile("a.png", png(40, 40), "image/png")
    client.post(ADDRESS, sent(**{"avatar-avatar": picture}))

    assert not UserProfile.objects.get(user=editor).avatar


def test_a_cadre_has_no_page_in_the_admin():
    cadre = make_user("kader", make_district("klaten"))
    client = Client(SERVER_NAME="klaten.localhost")
    client.force_login(cadre)

    assert client.get(ADDRESS).status_code in {302, 404}
