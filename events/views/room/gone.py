"""A date that another editor took out while somebody wrote about it: their words are shown."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from districts.workspace import show
from events.lines import changes_since
from events.models import Event
from events.views.room.access import DateGone


def words_kept(form_of: Callable[[HttpRequest, Event], forms.Form]) -> Callable:
    """For a view of one date: 409 with what was typed into this form, instead of a bare 404."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except DateGone as gone:
                form = form_of(request, gone.event)
                context = {
                    "district": request.district,
                    "event": gone.event,
                    "latest": changes_since(gone.event, 0),
                    "typed": [(field.label, said(field)) for field in form.visible_fields()],
                }
                return show(request, "events/room/date_gone.html", context, status=409)

        return kept

    return decorate


def said(field: forms.BoundField) -> str:
    """What was typed or chosen, in words; "" for nothing."""
    given = field.value()
    chosen = {str(one) for one in given} if isinstance(given, list | tuple) else {str(given or "")}
    choices = getattr(field.field, "choices", None)
    if choices is None:
        return "" if given in (None, False) else ", ".join(sorted(chosen))
    return ", ".join(str(label) for code, label in choices if code and str(code) in chosen)
