"""Names of members in lists that stay open to work with: shown once the second factor is given.

The lists themselves hold no secret, and a cadre who has only her password still plans, reports and
finds her sessions by them.
"""

from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context

from districts.workspace import kept_out

register = template.Library()
_ASKED = "_kept_from_names"


@register.simple_tag(takes_context=True)
def member_name(context: Context, member: Any) -> str:
    """The name of a member; "" for nobody, and where the reader may see no names but their own."""
    if member is None:
        return ""
    request = context.request
    return str(member) if member == request.user or _kept_from(request) is None else ""


@register.simple_tag(takes_context=True)
def names_behind(context: Context) -> str:
    """Where the second factor is given that names stand behind; "" where they are shown."""
    return _kept_from(context.request) or ""


def _kept_from(request: HttpRequest) -> str | None:
    # Asked once a page, however many names stand on it.
    if not hasattr(request, _ASKED):
        answer = kept_out(request)
        setattr(request, _ASKED, None if answer is None else answer.get("Location", ""))
    return getattr(request, _ASKED)
