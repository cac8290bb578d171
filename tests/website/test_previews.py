import pytest
from django.test import Client
from django.urls import reverse

from campaigns.blocks import BODY_BLOCKS
from tests.factories.pages import make_campaign
from tests.factories.places import make_user

HOST = {"host": "klaten.localhost"}


@pytest.fixture
def editor(klaten):
    client = Client()
    client.force_login(make_user("editor", klaten))
    return client


def test_a_draft_can_be_looked_at_before_anybody_reads_it(editor, klaten):
    page = make_campaign(klaten, title="Terbit", slug="a")
    page.title = "Konsep baru"
    page.save_revision()

    response = editor.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]), headers=HOST)

    assert "Konsep baru" in response.content.decode()


@pytest.mark.parametrize("name", [name for name, _block in BODY_BLOCKS])
def test_each_block_shows_an_example_in_our_own_look(editor, name):
    from campaigns.models import CampaignPage

    block = CampaignPage._meta.get_field("body").stream_block.child_blocks[name]
    response = editor.get(
        reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix}, headers=HOST
    )

    assert response.status_code == 200
    assert "campaigns/campaigns.css" in response.content.decode()
    assert response["X-Frame-Options"] == "SAMEORIGIN"
