"""A file that the admin refuses: its reason is read where the file was chosen."""

import json
import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from tests.factories.pages import make_campaign, make_story
from tests.factories.places import make_user

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

NOT_ALLOWED = "Jenis berkas tidak diizinkan"
# Each wears the name of a picture or a paper.
REFUSED = {
    "images": {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": b"<html>bukan foto</html>"},
    "docs": {"name": "surat.pdf", "mimeType": "application/pdf", "buffer": b"bukan surat"},
}


def nothing_stored() -> bool:
    return not (get_image_model().objects.exists() or get_document_model().objects.exists())


@pytest.fixture
def desk(klaten, browser, sign_in):
    """`desk(path)`: the admin's page, as an editor of Klaten at a table."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="id-ID")

    def desk(path: str):
        page = context.new_page()
        sign_in(page, make_user("editor", klaten), path)
        return page

    yield desk
    context.close()


@pytest.mark.parametrize("kind", sorted(REFUSED))
def test_many_at_once(desk, kind):
    page = desk(reverse(f"wagtail{kind}:add_multiple"))
    page.locator("#fileupload").set_input_files(REFUSED[kind])
    row = page.locator("#upload-list > li")
    expect(row.locator(".error_messages")).to_have_text(NOT_ALLOWED)
    expect(row.locator(".error_messages")).to_be_visible()
    expect(row.locator(".server-error")).to_be_hidden()
    assert nothing_stored()


def test_another_kind_is_told_before_it_is_sent(desk):
    page = desk(reverse("wagtailimages:add_multiple"))
    page.locator("#fileupload").set_input_files(REFUSED["docs"])
    said = page.locator("#upload-list > li .error_messages")
    expect(said).to_have_text(re.compile("^Format gambar tidak didukung"))


def test_in_the_chooser_of_a_page(desk, klaten):
    picture = {"type": "image", "value": {"image": None, "alt": "", "caption": ""}}
    story = make_story(make_campaign(klaten), body=json.dumps([picture]))
    page = desk(reverse("wagtailadmin_pages:edit", args=[story.pk]))
    page.locator("[data-chooser-action-choose]:visible").first.click()
    page.locator(".modal [role=tab]").nth(1).click()
    page.locator(".modal input[type=file]").set_input_files(REFUSED["images"])
    page.locator(".modal input[name$=-title]").fill("Foto")
    page.locator(".modal #tab-upload button[type=submit]").click()
    said = page.locator(".modal .error-message")
    expect(said).to_contain_text(NOT_ALLOWED)
    expect(said).to_be_visible()
    assert nothing_stored()
