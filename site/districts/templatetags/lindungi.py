"""What campaign templates need: icons, drawings, addresses, and rich text without queries."""

import re
from datetime import date
from functools import cache, lru_cache
from typing import Any

from django import template
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info
from wagtail.models import Page
from wagtail.rich_text import RichText

from districts.pages import page_address

register = template.Library()

ICON = '<svg class="l-icon" viewBox="0 0 24 24" aria-hidden="true"><use href="{}#{}"/></svg>'
DRAWING = (
    '<svg class="l-drawing" viewBox="0 0 480 320" width="480" height="320" aria-hidden="true">'
    '<use href="{}#d"/></svg>'
)

PAGE_ANCHOR = re.compile(r'<a\b(?=[^>]*linktype="page")[^>]*\bid="(\d+)"[^>]*>')

# Texts that were stored before numbers to call left the editor.
CALL_ANCHOR = re.compile(r'<a\b[^>]*\bhref="tel:[^>]*>', re.IGNORECASE)

ASKS_DATABASE = re.compile(r"<embed\b|\blinktype=")


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """One symbol of the sprite; it takes the colour of the text and says nothing aloud."""
    return format_html(ICON, static("districts/icons.svg"), name)


@register.simple_tag
@cache
def drawing(name: str) -> SafeString:
    """A drawing of `districts/art/`; its line follows the text, its flat colour the style sheet."""
    return format_html(DRAWING, static(f"districts/art/{name}.svg"))


@register.simple_tag
def channel_card(channel: Any, *, urgent: bool = False) -> SafeString:
    """One channel as a list item; see `partials/channel.html`."""
    return _channel_card(channel, bool(urgent), get_language() or "")


@lru_cache(maxsize=4_096)
def _channel_card(channel: Any, urgent: bool, language: str) -> SafeString:
    """What a card says follows from the view alone, so the same view is drawn once."""
    return render_to_string(
        "districts/partials/channel.html", {"channel": channel, "urgent": urgent}
    )


@register.simple_tag
def date_line(day: date, *, until: date | None = None, time: str = "") -> SafeString:
    """A line with a day, or with a period; see `partials/date.html`."""
    return _drawn("date", get_language(), date=day, until=until, time=time)


@register.simple_tag
def file_facts(type: str, *, paper: str = "", size: int = 0) -> SafeString:
    """What a file is, in a few words; see `partials/file_facts.html`."""
    return _drawn("file_facts", get_language(), type=type, paper=paper, size=size)


@lru_cache(maxsize=4_096)
def _drawn(name: str, _language: str | None, **what: Any) -> SafeString:
    """A partial that says the same for the same values, drawn once."""
    return render_to_string(f"districts/partials/{name}.html", what)


@register.simple_tag(takes_context=True)
def rich(context: dict[str, Any], value: RichText) -> RichText | SafeString:
    """Rich text whose links to pages are taken from `linked_pages`, read by the page.

    Wagtail would ask the database once for each text with a link. A page that is gone or not public
    leaves its words without a link, and so does a telephone number.
    """
    source = value.source if isinstance(value, RichText) else value or ""
    if PAGE_ANCHOR.search(source):
        linked = context.get("linked_pages") or {}

        def anchor(match: re.Match[str]) -> str:
            url = linked.get(int(match[1]))
            return format_html('<a href="{}">', url) if url else "<a>"

        source = PAGE_ANCHOR.sub(anchor, source)
    source = CALL_ANCHOR.sub("<a>", source)
    # What a document or a picture in it leads to is in the database.
    return RichText(source) if ASKS_DATABASE.search(source) else _rich(source)


@lru_cache(maxsize=2_048)
def _rich(source: str) -> SafeString:
    return RichText(source).__html__()


@register.filter
def bytes_in_words(size: int) -> str:
    """Django's `filesizeformat`, which takes half a millisecond to say a number, said once."""
    return _bytes_in_words(size, get_language())


@lru_cache(maxsize=2048)
def _bytes_in_words(size: int, _language: str | None) -> str:
    return filesizeformat(size)


@register.filter
def address(page: Page) -> str:
    """The page's path on its own host, without a query."""
    return page_address(page)


@register.simple_tag
def language_name(code: str) -> str:
    """A language's name in that language."""
    return get_language_info(code)["name_local"]
