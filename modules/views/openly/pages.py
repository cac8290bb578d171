"""A module used without an account: run-sheet, screen and counts on the teacher's own device."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from districts.pages import page_address, surroundings
from modules.agenda import Kind, agenda_of
from modules.days import day_at
from modules.drawing import draw_step
from modules.editions import Frozen, freeze, thaw
from modules.finding import is_open, module_at
from modules.models import ModulePage
from modules.reading import fresh_until, gone
from safeguards.cacheable import mark_cacheable


@require_safe
def use(request: HttpRequest, slug: str) -> HttpResponse:
    """What a teacher needs today, and a place to count hands that stays on their device."""
    page = module_at(request, slug)
    if not is_open(page, request.district, day_at(request.district)):
        return gone(request, page)
    content = published(page)
    context = surroundings(request, title=_("Use it now: %(module)s") % {"module": page.title})
    context |= {
        "module": page,
        "address": page_address(page),
        "counted": [
            {"phase": phase, "heading": heading, "items": items}
            for phase, heading, items in _counted(content)
            if items
        ],
    }
    return _public(request, render(request, "modules/openly/use.html", context), page)


@require_safe
def screen(request: HttpRequest, slug: str, step: str = "") -> HttpResponse:
    """The lesson for a projector, step by step, by links alone."""
    page = module_at(request, slug)
    if not is_open(page, request.district, day_at(request.district)):
        return gone(request, page)
    content = published(page)
    points = agenda_of(
        content, lessons=list(range(len(content.lessons))), asks_before=False, asks_after=False
    )
    number = int(step or 0)
    if number >= len(points):
        raise Http404
    point = points[number]
    context = {
        "module": page,
        "address": page_address(page),
        "point": point,
        "is_waiting": point.kind == Kind.WAITING,
        "is_farewell": point.kind == Kind.FAREWELL,
        "parts": (
            draw_step(point.step, content, request, audience="projector") if point.step else []
        ),
        "last": len(points) - 1,
        "previous": number - 1 if number else None,
        "next": number + 1 if number + 1 < len(points) else None,
    }
    return _public(request, render(request, "modules/openly/screen.html", context), page)


def published(page: ModulePage) -> Frozen:
    """The module as its source is published now."""
    source = page.alias_of.specific if page.alias_of_id else page
    return thaw(0, freeze(source))


def _counted(content: Frozen) -> list[tuple]:
    survey = [item for item in content.survey if item.is_counted]
    quiz = [item for item in content.items.values() if item.is_counted]
    return [
        ("sebelum", _("Before the session"), survey),
        ("kuis", _("Questions of the session"), quiz),
        ("sesudah", _("After the session"), survey),
    ]


def _public(request: HttpRequest, response: HttpResponse, page: ModulePage) -> HttpResponse:
    """The same for everybody, until the module's last day has passed."""
    return mark_cacheable(response, fresh_until=fresh_until(page, request))
