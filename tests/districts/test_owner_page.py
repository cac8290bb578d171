"""What the owner of a number sees behind the one-time link."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext

from districts.models import Organisation
from districts.services import channels
from tests.factories.channels import make_channel, make_office, make_placeholder
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db

NAMES = ("number or address", "as people read it", "label", "organisation")


@pytest.fixture
def klaten():
    return make_office("klaten")


@pytest.fixture
def ask(klaten):
    """`ask(channel, **fields)`: propose as an editor, and open a colleague's link as the owner."""

    def ask(channel=None, **fields):
        change = channels.propose_change(
            district=klaten, actor=make_member("editor", klaten), channel=channel, fields=fields
        )
        token = channels.issue_owner_link(change=change, actor=make_member("admin", klaten))
        owner = Client(headers={"host": "klaten.localhost"})
        address = reverse("channel_owner", args=[token])
        return owner, address, BeautifulSoup(owner.get(address).content, "html.parser").main

    return ask


def rows(page) -> dict[str, list[str]]:
    """{field: [what stands now, what is proposed]}, or [what is proposed]."""
    names = {gettext(name).lower(): name for name in NAMES}
    return {
        names[term.text.lower()]: [dd.text.partition(": ")[2] or dd.text for dd in _answers(term)]
        for term in page.find_all("dt")
    }


def _answers(term):
    for sibling in term.find_next_siblings():
        if sibling.name != "dd":
            return
        yield sibling


def test_an_edited_number_stands_below_the_one_readers_have(klaten, ask):
    channel = make_channel(klaten, label="UPTD", value="+622719990011", display="0271 9990011")
    owner, address, page = ask(channel, value="0271 555 0199", label="UPTD PPA", source="rapat")

    assert page.find("h1").text == gettext("Is this change right?")
    assert page.find("h2").text == "UPTD"
    assert rows(page) == {
        "number or address": ["+622719990011", "+622715550199"],
        "as people read it": ["0271 9990011", "0271 555 0199"],
        "label": ["UPTD", "UPTD PPA"],
    }
    said = BeautifulSoup(owner.post(address, {"answer": "no"}).content, "html.parser").find("h1")
    assert said.text == gettext("Thank you. The help pages stay as they are; the office is told.")


def test_another_organisation_or_hours_are_seen_beside_the_number_that_stays(klaten, ask):
    channel = make_channel(klaten, label="UPTD", value="+622719990011", display="0271 9990011")
    other = Organisation.objects.create(district=klaten, name="Yayasan Lain", kind="faith")
    _owner, _address, page = ask(channel, organisation=other)

    assert "0271 9990011" in page.text
    assert rows(page) == {"organisation": [channel.organisation.name, "Yayasan Lain"]}


def test_a_first_number_has_none_to_stand_beside(klaten, ask):
    placeholder = make_placeholder(klaten, label="Puspaga")
    _owner, _address, page = ask(placeholder, value="0271 555 0199")

    assert page.find("h1").text == gettext("Is this number right?")
    assert page.find("h2").text == "Puspaga"
    assert "0271 555 0199" in page.text
    assert rows(page) == {}


def test_confirming_a_number_unchanged_asks_about_the_number(klaten, ask):
    channel = make_channel(
        klaten, value="+622719990011", display="0271 9990011", last_verified=None
    )
    _owner, _address, page = ask(channel, source="buku telepon")

    assert page.find("h1").text == gettext("Is this number right?")
    assert "0271 9990011" in page.text
    assert rows(page) == {}
