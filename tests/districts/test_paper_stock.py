"""Papers are made once, made again when their data change, and removed when nobody asks."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from districts.models import Paper
from districts.paper import PaperFault, channel_lines, letterhead, paper_for, paper_response, sizes
from districts.paper.stock import forget_unasked
from safeguards import generation
from safeguards.ticks import registered
from tests.factories.channels import (
    ALWAYS,
    make_channel,
    make_emergency,
    make_office,
    make_placeholder,
)
from tests.papers import text_of

pytestmark = pytest.mark.django_db
LAYOUT = "campaigns/card"


@pytest.fixture
def lebak():
    return make_office("lebak")


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.PRIVATE_MEDIA_ROOT = tmp_path
    storage = Paper._meta.get_field("file").storage
    storage._location, before = str(tmp_path), storage._location
    storage.__dict__.pop("base_location", None)
    storage.__dict__.pop("location", None)
    yield
    storage._location = before


def files(tmp_path) -> list[str]:
    return sorted(path.name for path in tmp_path.rglob("*.pdf"))
