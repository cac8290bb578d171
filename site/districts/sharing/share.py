"""What a page says about itself to those it is sent to: addresses, words, picture."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from urllib.parse import quote

import segno
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from districts.sharing.codes import code_of
from districts.sharing.pictures import neutral_picture, picture_address, picture_of

# Open Graph wants a territory with the language.
LOCALES = {"id": "id_ID", "en": "en_GB"}
QUIET = 4
PATH = re.compile(r'd="([^"]+)"')


@dataclass(frozen=True)
class Alternate:
    """The same page in a language."""

    language_code: str
    url: str


@dataclass(frozen=True)
class Share:
    """A page's own addresses, all absolute, and the words that go with them.

    Discreet pages have neither a short address nor their own title or picture.
    """

    url: str
    title: str
    description: str
    site_name: str
    kind: str
    locale: str
    picture: str
    picture_alt: str
    alternates: tuple[Alternate, ...]
    short: str = ""
    offered: bool = False

    @property
    def text(self) -> str:
        """What is copied and sent."""
        return f"{self.title}\n{self.short}"

    @property
    def whatsapp(self) -> str:
        """Opens WhatsApp with the text; the reader chooses to whom."""
        return f"https://wa.me/?text={quote(self.text, safe='')}"

    @property
    def shown(self) -> str:
        """The short address as it is typed, or the page's own."""
        return (self.short or self.url).partition("://")[2]

    @property
    def qr(self) -> "Squares":
        return qr_squares(scanned(self.short))


@dataclass(frozen=True)
class Squares:
    """A QR code to draw: its width in squares, quiet zone and all, and the path of the dark ones.

    Inside the page it needs no request and is there when the page is printed.
    """

    width: int
    path: str


def share_of(
    page: Any, *, district: Any, path: str, translations: Iterable[Any], query: str = ""
) -> Share | None:
    """The share of a page of this office; `path` is its address, `query` what else is its own.

    None where the project has no short addresses (`districts.sharing.urls`).
    """
    if not _has_short_addresses():
        return None
    root = district.site.root_url
    language = page.locale.language_code
    discreet = page.is_discreet
    name = f"{settings.WAGTAIL_SITE_NAME} {district.short_name}"
    picture = neutral_picture(district) if discreet else picture_of(page, district)
    url = f"{root}{path}{query}"
    others = [Alternate(other.language_code, root + other.url) for other in translations]
    return Share(
        url=url,
        title=name if discreet else page.shared_title,
        description=_("Information and contacts of the office.")
        if discreet
        else page.search_description,
        site_name=name,
        kind="website" if discreet else page.open_graph_type,
        locale=LOCALES.get(language, ""),
        picture=root + picture_address(0 if discreet else page.pk, picture),
        picture_alt=" – ".join(filter(None, [picture["title"], picture["office"]])),
        alternates=(Alternate(language, url), *others) if others else (),
        short="" if discreet else root + short_path(page.pk),
        offered=page.offers_sharing and not discreet,
    )


@lru_cache(maxsize=4_096)
def short_path(number: int) -> str:
    """The short address of a page, the same in every language."""
    return reverse("short_address", args=[code_of(number)])


def scanned(short: str) -> str:
    """The short address as a code to scan holds it: capitals take half the squares."""
    return short.upper()


@cache
def _has_short_addresses() -> bool:
    try:
        return bool(short_path(1))
    except NoReverseMatch:
        return False


@lru_cache(maxsize=4_096)
def qr_squares(text: str) -> Squares:
    code = segno.make(text, error="m", micro=False)
    drawing = code.svg_inline(border=QUIET, omitsize=True, svgclass=None, lineclass=None)
    return Squares(code.symbol_size(border=QUIET)[0], PATH.search(drawing)[1])
