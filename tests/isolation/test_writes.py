"""What a member sends by hand with another district's numbers in it is refused, nothing written."""

import json
from io import BytesIO
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.models import Page, PageLogEntry
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from campaigns.models import CampaignPage
from tests.isolation.watch import watching
from tests.isolation.world import png

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(world) -> Client:
    client = Client(SERVER_NAME=world.own.host)
    client.force_login(world.own.users["moderator"])
    return client


def refused(client: Client, address: str, data: dict | None = None) -> None:
    with watching() as seen:
        answer = client.post(address, data or {})
    assert answer.status_code == 404
    assert seen.domain_writes() == set()


def test_a_page_is_not_copied_below_anothers(world, moderator):
    page, target = world.own.things["live_page"], world.foreign.things["live_page"]
    refused(
        moderator,
        reverse("wagtailadmin_pages:copy", args=[page.pk]),
        {"new_title": "Salinan", "new_slug": "salinan", "new_parent_page": target.get_parent().pk},
    )


def test_a_page_is_not_moved_below_anothers(world, moderator):
    page, target = world.own.things["live_page"], world.foreign.things["live_page"]
    refused(
        moderator,
        reverse("wagtailadmin_pages:move", args=[page.pk]),
        {"new_parent_page": target.get_parent().pk},
    )
    refused(
        moderator,
        reverse("wagtailadmin_pages:move_confirm", args=[page.pk, target.get_parent().pk]),
    )


def test_many_pages_are_not_moved_below_anothers(world, moderator):
    page, target = world.own.things["live_page"], world.foreign.things["live_page"]
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    refused(moderator, f"{address}?id={page.pk}", {"chooser": target.get_parent().pk})


@pytest.mark.parametrize("action", ["delete", "publish", "unpublish", "move"])
def test_one_foreign_page_among_my_own_stops_the_whole_action(world, moderator, action):
    own, foreign = world.own.things["live_page"], world.foreign.things["live_page"]
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    query = urlencode({"id": [own.pk, foreign.pk]}, doseq=True)
    assert moderator.get(f"{address}?{query}").status_code == 404
    refused(moderator, f"{address}?{query}")
    refused(moderator, f"{address}?id=all")
    refused(moderator, f"{address}?id=all&childOf={foreign.get_parent().pk}")


def test_a_picture_does_not_go_into_anothers_collection(world, moderator):
    collection = world.foreign.things["collection"]
    answer = moderator.post(
        reverse("wagtailimages:add"),
        {
            "title": "Gambar",
            "collection": collection.pk,
            "file": SimpleUploadedFile("gambar.png", BytesIO(png()).read(), "image/png"),
        },
    )
    assert answer.status_code in {200, 302}
    assert get_image_model().objects.filter(collection=collection).count() == 1


def _edited(page: CampaignPage, body: list) -> dict:
    latest = page.get_latest_revision()
    return nested_form_data(
        {
            "loaded_revision_id": latest.pk if latest else "",
            "loaded_revision_created_at": latest.created_at.isoformat() if latest else "",
            "title": page.title,
            "slug": page.slug,
            "search_description": "Ringkasan",
            "illustration": "",
            "slogan": "",
            "period_start": "",
            "period_end": "",
            "partners": "",
            "tags": "",
            "body": streamfield(body),
        }
    )


def _picture(number: int) -> tuple:
    return ("image", {"image": number, "alt": "Keterangan", "caption": ""})


def test_a_text_does_not_show_anothers_picture(world, moderator):
    page = world.own.things["live_page"]
    before = page.revisions.count()
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    moderator.post(address, _edited(page, [_picture(world.foreign.things["image"].pk)]))
    assert page.revisions.count() == before
    moderator.post(address, _edited(page, [_picture(world.own.things["image"].pk)]))
    assert page.revisions.count() == before + 1


def test_a_text_does_not_link_to_anothers_draft(world, moderator):
    page = world.own.things["live_page"]
    before = page.revisions.count()
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    for target in ("draft", "live_page"):
        link = f'<p><a linktype="page" id="{world.foreign.things[target].pk}">baca</a></p>'
        moderator.post(address, _edited(page, [("paragraph", rich_text(link))]))
    assert page.revisions.count() == before
    national = world.nation.site.root_page
    link = f'<p><a linktype="page" id="{national.pk}">baca</a></p>'
    moderator.post(address, _edited(page, [("paragraph", rich_text(link))]))
    assert page.revisions.count() == before + 1


def test_the_history_of_the_other_did_not_grow(world):
    pages = Page.objects.filter(path__startswith=world.foreign.district.site.root_page.path)
    mine = [user.pk for user in world.own.users.values()]
    assert PageLogEntry.objects.filter(page__in=pages, user__in=mine).count() == 0


def test_an_editing_session_of_anothers_page_is_not_opened(world, moderator):
    page = world.foreign.things["page"]
    refused(
        moderator,
        reverse("wagtailadmin_editing_sessions:ping", args=["campaigns", "newspage", page.pk, 1]),
    )


def test_the_admin_api_takes_no_action(world, moderator):
    page = world.foreign.things["page"]
    with watching() as seen:
        answer = moderator.post(
            reverse("wagtailadmin_api:pages:action", args=[page.pk, "delete"]),
            json.dumps({}),
            content_type="application/json",
        )
    assert answer.status_code == 404
    assert seen.domain_writes() == set()
