"""Makes the file of a material for the district that reads it."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

import districts
from campaigns.library import audience_labels, paper_key
from campaigns.licences import licence_named
from campaigns.models import MaterialPage
from campaigns.paper_text import body_nodes, picture_name
from districts.models import District, Paper
from districts.pages import address_of
from districts.paper import channel_lines, chosen_channels, letterhead, paper_for, qr_svg
from districts.paper.flow import plain

ART = Path(districts.__file__).parent / "static" / "districts" / "art"
# Enough for an office, a night and a nation; more would be read by nobody from across a room.
MOST_CHANNELS = {"poster": 6, "leaflet": 7, "cards": 5, "sheet": 4, "slides": 6}
PICTURE = "width-1200|format-jpeg"


def paper_of(page: MaterialPage, district: District) -> Paper:
    """The page's PDF in the district's cloth and with its verified numbers, made if need be.

    Raises `PaperFault`.
    """
    language = page.locale.language_code
    with override(language):
        return paper_for(
            district,
            key=paper_key(page.pk),
            layout=f"campaigns/{page.layout}",
            data=material_data(page, district),
            pictures=pictures_of(page, district),
        )


def material_data(page: MaterialPage, district: District) -> dict[str, Any]:
    """All that a layout says, as plain data, in the language that is active."""
    labels = audience_labels()
    root = district.site.root_url
    linked = {pk: f"{root}{path}" for pk, path in page.family.linked.items()}
    language = page.locale.language_code
    nodes = body_nodes(page.body, linked)
    return {
        "language": (page.content_language or language).partition("-")[0],
        "title": plain(page.title),
        "summary": plain(page.search_description),
        "size": page.paper_size,
        "head": letterhead(district),
        "address": page_url(page, district).partition("://")[2],
        "audience": ", ".join(labels[code] for code in page.audience_codes if code in labels),
        "drawing": page.illustration,
        "nodes": nodes,
        "channels": chosen_channels(
            channel_lines(district, language=language), MOST_CHANNELS[page.layout]
        ),
        "words": _words(licence_named(page.licence).name),
    }


def pictures_of(page: MaterialPage, district: District) -> dict[str, bytes]:
    """The code to scan, the drawings and the photographs that the layout places by name."""
    found = {"qr": qr_svg(page_url(page, district))}
    drawings = {page.illustration}
    for block in page.body:
        if block.block_type == "cards":
            drawings |= {card.get("drawing") for card in block.value["items"]}
        elif block.block_type == "image" and block.value.get("image") is not None:
            image = block.value["image"]
            with image.get_rendition(PICTURE).file.open("rb") as file:
                found[picture_name(image)] = file.read()
    return found | {name: _drawing(name) for name in sorted(filter(None, drawings))}


@cache
def _drawing(name: str) -> bytes:
    return (ART / f"{name}.svg").read_bytes()


def page_url(page: MaterialPage, district: District) -> str:
    return f"{district.site.root_url}{address_of(page.url_path, page.locale.language_code)}"


def _words(licence: str) -> Mapping[str, str]:
    return {
        "call": _("Whom can I call?"),
        "scan": _("This sheet and more"),
        "do": _("What helps"),
        "dont": _("What to avoid"),
        "cut": _("Cut along the dashed lines."),
        "audience": pgettext("audience", "For:"),
        "licence": _("May be copied and handed on: %(licence)s") % {"licence": licence},
    }
