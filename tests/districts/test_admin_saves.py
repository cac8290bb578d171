"""A form of the admin that was not kept says so by its status, and shows what was typed."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from campaigns.models import CampaignIndexPage
from tests.districts.test_page_saves import address, form_of, titled
from tests.factories.pages import below
from tests.factories.places import make_district, national
from tests.factories.planning import client_of, text_of

pytestmark = pytest.mark.django_db
SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def klaten():
    national()
    return make_district("klaten")


@pytest.fixture
def moderator(klaten):
    return client_of("moderator", klaten)


def picture() -> bytes:
    body = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(body, "PNG")
    return body.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("foto.png", b"not a picture"),
        ("foto.svg", SCRIPT),
        ("foto.png", SCRIPT),
        ("foto.png", b""),
        ("foto.png", picture()[:60]),
    ],
)
def test_a_picture_that_is_none_is_a_fault(klaten, moderator, name, content):
    sent = {"title": "Foto balai", "collection": klaten.collection_id, "tags": ""}
    file = SimpleUploadedFile(name, content, content_type="image/png")
    answer = moderator.post(reverse("wagtailimages:add"), {**sent, "file": file})

    assert (answer.status_code, get_image_model().objects.count()) == (422, 0)
    assert "Foto balai" in text_of(answer)
    good = SimpleUploadedFile("foto.png", picture(), content_type="image/png")
    kept = moderator.post(reverse("wagtailimages:add"), {**sent, "file": good})
    assert (kept.status_code, get_image_model().objects.get().title) == (302, "Foto balai")


def test_a_document_with_another_content_is_a_fault(klaten, moderator):
    file = SimpleUploadedFile("edaran.pdf", b"MZ\x90\x00", content_type="application/pdf")
    sent = {"title": "Edaran", "collection": klaten.collection_id, "tags": "", "file": file}
    answer = moderator.post(reverse("wagtaildocs:add"), sent)

    assert (answer.status_code, get_document_model().objects.count()) == (422, 0)
    assert "Edaran" in text_of(answer)


def test_a_page_with_a_fault_is_not_kept_and_keeps_what_was_typed(klaten, moderator):
    text = below(klaten, CampaignIndexPage)
    text.save_revision()
    form = form_of(moderator.get(address(text)))
    answer = moderator.post(address(text), titled(form, "", slug="tetap"))

    assert (answer.status_code, text.revisions.count()) == (422, 1)
    assert 'value="tetap"' in text_of(answer)


def test_what_only_looks_and_what_is_kept_stay_as_they_were(klaten, moderator):
    text = below(klaten, CampaignIndexPage)
    text.save_revision()
    assert moderator.get(address(text)).status_code == 200
    form = form_of(moderator.get(address(text)))
    assert moderator.post(address(text), titled(form, "Judul")).status_code == 302
