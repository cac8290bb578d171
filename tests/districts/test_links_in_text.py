"""A number to call stands in a help channel, and in no text of a single editor."""

import json

import pytest
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext
from wagtail.rich_text import RichText

from tests.factories.places import make_district, make_user, national

pytestmark = pytest.mark.django_db
ASKED = {"allow_external_link": "true", "allow_email_link": "true", "allow_phone_link": "true"}


@pytest.fixture
def lebak():
    national()
    return make_district("lebak")


def shown(html: str) -> str:
    return Template("{% load lindungi %}{% rich text %}").render(Context({"text": RichText(html)}))


@pytest.mark.parametrize("href", ["tel:129", "TEL:+6281200001111"])
def test_a_number_stored_as_a_link_before_is_shown_as_words(href):
    here = '<a href="/bantuan/">ini</a>'
    said = f'<p>Hubungi <a rel="x" href="{href}">SAPA <b>129</b></a> atau {here}</p>'
    assert shown(said) == f"<p>Hubungi <a>SAPA <b>129</b></a> atau {here}</p>"


def test_words_about_numbers_stay_as_they_are():
    assert shown("<p>href=tel:129 dan tel: 129</p>") == "<p>href=tel:129 dan tel: 129</p>"


@pytest.mark.parametrize("role", ["editor", "superuser"])
def test_no_kind_of_link_is_a_number(lebak, role):
    client = Client(headers={"host": "lebak.localhost"})
    client.force_login(make_user(role, None if role == "superuser" else lebak))
    phone = reverse("wagtailadmin_choose_page_phone_link")
    kinds = [
        reverse(f"wagtailadmin_choose_page{name}")
        for name in ("", "_external_link", "_email_link", "_anchor_link")
    ]
    for kind in kinds:
        dialog = json.loads(client.get(kind, ASKED).content)["html"]
        assert phone not in dialog
        assert [other for other in kinds[1:3] if other != kind and other not in dialog] == []
        assert gettext("Internal link") in dialog
        assert (
            gettext(
                "A telephone number is no link here: lead to the help page, where two persons "
                "checked each number."
            )
            in dialog
        )
    sent = {"phone-link-chooser-phone_number": "129", "phone-link-chooser-link_text": "SAPA"}
    for answer in (client.get(phone, ASKED), client.post(phone, sent)):
        assert answer.status_code == 404


def test_where_only_pages_are_chosen_nothing_is_said_of_links(lebak):
    client = Client(headers={"host": "lebak.localhost"})
    client.force_login(make_user("superuser"))
    dialog = json.loads(client.get(reverse("wagtailadmin_choose_page")).content)["html"]
    assert "link-types" not in dialog
