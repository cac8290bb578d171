"""The choices of the admin's list filters, narrowed to people and things of one's own.

Wagtail fills them from whole tables: every site, every user who ever owned or edited a page. All
its filter sets build their form in one method; that one is wrapped.
"""

from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Manager, QuerySet
from django.http import HttpRequest
from wagtail.admin.filters import WagtailFilterSet
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, Page, Site

from districts.admin_gate.scope import Scope, scope_of
from districts.scoping import DistrictRecord

_build_form_class = WagtailFilterSet.get_form_class


def narrowed(scope: Scope, rows: QuerySet) -> QuerySet:
    """The rows a person may choose from; shared reference data stays whole."""
    model = rows.model
    if scope.everything:
        return rows
    if issubclass(model, get_user_model()):
        return scope.people(rows)
    if issubclass(model, Page):
        return scope.pages(rows)
    if issubclass(model, Site):
        return rows.filter(district__in=scope.district_ids)
    if issubclass(model, Collection):
        return rows.filter(path__in=scope.collection_paths)
    if model in (get_image_model(), get_document_model()):
        return scope.files(rows)
    if issubclass(model, DistrictRecord):
        return scope.records(rows)
    return rows


def _choices(original: Any, request: HttpRequest) -> QuerySet | None:
    rows = original(request) if callable(original) else original
    if isinstance(rows, Manager):
        rows = rows.all()
    return rows if rows is None else narrowed(scope_of(request), rows)


def get_form_class(self: WagtailFilterSet):
    request = self.request
    if request is not None and hasattr(request, "user"):
        for chosen in self.filters.values():
            if getattr(chosen, "queryset", None) is not None:
                chosen.queryset = partial(_choices, chosen.queryset)
    return _build_form_class(self)


WagtailFilterSet.get_form_class = get_form_class
