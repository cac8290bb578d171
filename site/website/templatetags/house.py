"""What stands around every page, drawn once for the same words.

Safety bar, head and foot are the same on thousands of pages; what they say follows from the values
below alone, so they are kept by these values and never by a request.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


class Office(NamedTuple):
    """What head and foot say of an office; see base.html."""

    short_name: str
    office_name: str
    level: str
    accent: str
    cloth: str
    letterhead_lines: tuple[str, ...]


class Link(NamedTuple):
    """An entry of the menu, or the same page in another language."""

    id: int | None
    url: str
    title: str
    language_code: str


@register.simple_tag(takes_context=True)
def house_safety(context: dict[str, Any]) -> SafeString:
    """The safety bar: help and the quick exit."""
    told = context.get("print_channel", "")
    told = told() if callable(told) else told
    return _drawn("safeguards/safety_bar.html", context.get("prefix", ""), get_language(), told)


@register.simple_tag(takes_context=True)
def house_head(context: dict[str, Any]) -> SafeString:
    """Mark, name, navigation, other languages."""
    return _drawn(
        "website/partials/head.html",
        context.get("prefix", ""),
        get_language(),
        "",
        _office(context),
        _links(context.get("menu")),
        _links(context.get("translations")),
        getattr(context.get("page"), "pk", None),
    )


@register.simple_tag(takes_context=True)
def house_foot(context: dict[str, Any]) -> SafeString:
    """Who runs the site, where they are, what is not recorded."""
    return _drawn(
        "website/partials/foot.html",
        context.get("prefix", ""),
        get_language(),
        "",
        _office(context),
    )


def _office(context: dict[str, Any]) -> Office | None:
    district = context.get("district")
    if not district:
        return None
    values = (getattr(district, name, "") for name in Office._fields[:-1])
    return Office(*values, tuple(getattr(district, "letterhead_lines", ())))


def _links(rows: Iterable[Any] | None) -> tuple[Link, ...]:
    """From pages' links, or from mappings of views that are no page."""
    return tuple(
        Link(
            _of(row, "id"),
            _of(row, "url"),
            str(_of(row, "title") or ""),
            _of(row, "language_code") or "",
        )
        for row in rows or ()
    )


def _of(row: Any, name: str) -> Any:
    return row.get(name) if isinstance(row, dict) else getattr(row, name, None)


@lru_cache(maxsize=4_096)
def _drawn(
    name: str,
    prefix: str,
    _language: str | None,
    print_channel: str,
    district: Office | None = None,
    menu: tuple[Link, ...] = (),
    translations: tuple[Link, ...] = (),
    current: int | None = None,
) -> SafeString:
    return render_to_string(
        name,
        {
            "prefix": prefix,
            "print_channel": print_channel,
            "district": district,
            "menu": menu,
            "translations": translations,
            "current": current,
        },
    )
