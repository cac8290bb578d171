"""Two editors have the same page open: the second is asked, and neither loses a word."""

import re

import pytest
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import (
    nested_form_data,
    querydict_from_html,
    rich_text,
    streamfield,
)

from campaigns.models import CampaignIndexPage
from tests.factories.pages import below
from tests.factories.places import make_district, national
from tests.factories.planning import client_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def klaten():
    national()
    return make_district("klaten")


@pytest.fixture
def text(klaten) -> Page:
    return below(klaten, CampaignIndexPage)


@pytest.fixture
def editors(klaten):
    return [client_of("moderator", klaten) for _one in (1, 2)]


def address(text: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[text.pk])


def form_of(answer):
    """What a browser would send of the page's form; a script draws the blocks of its text."""
    form = querydict_from_html(text_of(answer), form_id="page-edit-form").copy()
    form.update(nested_form_data({"body": streamfield([("paragraph", rich_text("<p>Isi</p>"))])}))
    return form


def titled(form, title: str, **more):
    sent = form.copy()
    sent["title"] = title
    sent["body-0-value"] = rich_text(f"<p>{title} panjang</p>")
    for name, value in more.items():
        sent[name] = value
    return sent


def title_of(text: Page) -> str:
    return Page.objects.get(pk=text.pk).get_latest_revision_as_object().title


def test_a_stale_save_is_refused_and_shows_the_way_to_both_versions(text, editors):
    first, second = editors
    text.save_revision()
    mine, theirs = (form_of(one.get(address(text))) for one in editors)
    opened = text.get_latest_revision()
    assert second.post(address(text), titled(theirs, "Judul mereka")).status_code == 302
    number = text.revisions.count()

    stale = first.post(address(text), titled(mine, "Judul saya"))

    assert (stale.status_code, title_of(text)) == (409, "Judul mereka")
    assert text.revisions.count() == number
    told = text_of(stale)
    both = reverse("wagtailadmin_pages:revisions_compare", args=[text.pk, opened.pk, "latest"])
    assert f'href="{both}"' in told
    compared = text_of(first.get(both))
    assert "Judul mereka" in re.sub(r"</?span[^>]*>", "", compared)
    # What was typed is in the form still, and is kept once it is sent again.
    again = form_of(stale)
    assert (again["title"], "Judul saya panjang" in told) == ("Judul saya", True)
    assert first.post(address(text), again).status_code == 302
    assert title_of(text) == "Judul saya"


def test_whoever_would_publish_is_asked_too(text, editors):
    first, second = editors
    text.save_revision().publish()
    mine, theirs = (form_of(one.get(address(text))) for one in editors)
    publish = {"action-publish": "action-publish"}
    assert second.post(address(text), titled(theirs, "Judul mereka")).status_code == 302
    assert first.post(address(text), titled(mine, "Judul saya", **publish)).status_code == 409
    text.refresh_from_db()
    assert (text.title, title_of(text)) == ("Kampanye", "Judul mereka")


def test_a_form_opened_before_there_was_any_version_goes_over_none(text, editors):
    first, second = editors
    assert text.latest_revision_id is None
    mine, theirs = (form_of(one.get(address(text))) for one in editors)
    assert "loaded_revision_id" not in mine
    assert second.post(address(text), titled(theirs, "Judul mereka")).status_code == 302
    stale = first.post(address(text), titled(mine, "Judul saya"))
    assert (stale.status_code, title_of(text)) == (409, "Judul mereka")
    both = reverse("wagtailadmin_pages:revisions_compare", args=[text.pk, "earliest", "latest"])
    assert f'href="{both}"' in text_of(stale)


@pytest.mark.parametrize("seen", ["", "x", "9" * 30, "٣", "999999"])
def test_a_form_that_names_no_version_of_this_page_saves_nothing(text, editors, seen):
    text.save_revision()
    mine = form_of(editors[0].get(address(text)))
    for name in ("loaded_revision_id", "overwrite_revision_id"):
        sent = titled(mine, "Judul saya", **{"loaded_revision_id": "", name: seen})
        assert editors[0].post(address(text), sent).status_code == 409
    assert text.revisions.count() == 1


def test_a_version_that_was_saved_over_by_itself_is_another_one(text, editors):
    """Wagtail's own saving keeps the number of a version, and changes when it was made."""
    first, second = editors
    text.save_revision()
    mine, theirs = (form_of(one.get(address(text))) for one in editors)
    json = {"Accept": "application/json"}
    saved = second.post(address(text), titled(theirs, "Satu"), headers=json).json()
    own = {"overwrite_revision_id": str(saved["revision_id"])}
    assert first.post(address(text), titled(mine, "Judul saya")).status_code == 409
    # Whoever saved it goes on in the same form.
    assert second.post(address(text), titled(theirs, "Dua", **own)).status_code == 302
    assert title_of(text) == "Dua"
