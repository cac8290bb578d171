"""The picture that stands beside a link: the page's title on the cloth of its office, no photo."""

import hashlib
import json
from functools import lru_cache
from typing import Any

from django.urls import reverse

from districts.paper.press import layout_digest

LAYOUT = "districts/og"
WIDTH, HEIGHT = 1200, 630
# Points of the layout are pixels of the picture.
PPI = 72
# A title longer than this is cut; the smallest letters of the layout hold it.
LONGEST_TITLE = 220


def picture_of(page: Any, district: Any) -> dict[str, Any]:
    """What the picture of a page is drawn from."""
    title = page.shared_title
    if len(title) > LONGEST_TITLE:
        title = title[: LONGEST_TITLE - 1].rstrip() + "…"
    return _dressed(district, title, page.locale.language_code) | {"office": district.office_name}


def neutral_picture(district: Any) -> dict[str, Any]:
    """The picture of pages that tell nobody what they are about: the office's name alone."""
    return _dressed(district, district.office_name, district.default_language) | {"office": ""}


def _dressed(district: Any, title: str, language: str) -> dict[str, Any]:
    return {
        "title": title,
        "language": language,
        "head": {
            "cloth": district.cloth,
            "accent": district.accent,
            "short_name": "" if district.is_national else district.short_name,
        },
    }


def picture_address(number: int, data: dict[str, Any]) -> str:
    """The path of a page's picture; it changes with what is drawn, so that it can be kept."""
    return _path(number, digest_of(data))


@lru_cache(maxsize=4_096)
def _path(number: int, digest: str) -> str:
    return reverse("share_picture", args=[number, digest])


def digest_of(data: dict[str, Any]) -> str:
    drawn = json.dumps([layout_digest(LAYOUT), data], sort_keys=True)
    return hashlib.sha256(drawn.encode()).hexdigest()[:16]
