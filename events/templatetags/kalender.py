"""Parts of the calendar that follow from a few values alone, drawn once for the same values."""

from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from events.month_grid import Shown, month_of
from safeguards import generation

register = template.Library()


@register.simple_tag
def drawn(name: str, **values: Any) -> SafeString:
    """The template of this name with these values, which are hashable and all that it says.

    What it asks besides (labels of terms, names of offices) ends with the generation.
    """
    return _drawn(name, get_language(), generation.current(), tuple(values.items()))


@register.simple_tag
def month_table(shown: Shown, base: str, query: str, linked: bool = False) -> SafeString:
    """A month as a table. `base` is the calendar's path, `query` the filters that links keep."""
    return _month_table(shown, base, query, linked, get_language())


@lru_cache(maxsize=1_024)
def _month_table(
    shown: Shown, base: str, query: str, linked: bool, _language: str | None
) -> SafeString:
    month = month_of(shown, base=base, query=query)
    context = {"month": month, "base": base, "query": query, "linked": linked}
    return render_to_string("events/partials/month_table.html", context)


@lru_cache(maxsize=4_096)
def _drawn(
    name: str, _language: str | None, _generation: int, values: tuple[tuple[str, Any], ...]
) -> SafeString:
    return render_to_string(name, dict(values))
