"""What a page says to those it is sent to, drawn once for the same words."""

from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from districts.sharing.share import Share

register = template.Library()


@register.simple_tag
def share_head(share: Share | None) -> SafeString | str:
    """For the head: canonical address, languages, Open Graph; nothing without a share."""
    return _drawn("districts/partials/share_head.html", share, get_language()) if share else ""


@register.simple_tag
def share_end(share: Share | None, page: Any) -> SafeString | str:
    """For the end of the page: ways to send it on, and on paper its address and its date."""
    if not share:
        return ""
    changed = page.last_published_at
    day = timezone.localdate(changed) if changed else None
    return _drawn("districts/partials/share.html", share, get_language(), day)


@lru_cache(maxsize=1_024)
def _drawn(name: str, share: Share, language: str | None, changed: date | None = None):
    return render_to_string(name, {"share": share, "changed": changed})
