"""The choices of the admin's list filters, narrowed to people and things of one's own.

Wagtail fills them from whole tables and has no hook for it: every site, every user who ever owned
or edited a page, the ten tags used most. All its filter sets build their form in one method; that
one is wrapped, and so is the one that gives the picture chooser its tags.
"""

from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Manager, QuerySet
from django.http import HttpRequest
from wagtail.admin.filters import PopularTagsFilter, WagtailFilterSet
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.views.chooser import ImageChooseViewMixin
from wagtail.models import Collection, Page, Site

from districts.admin_gate.scope import Scope, scope_of
from districts.admin_gate.tags import LONGEST_LIST, tags_in_use
from districts.scoping import DistrictRecord

_build_form_class = WagtailFilterSet.get_form_class
_fill_picture_chooser = ImageChooseViewMixin.get_context_data


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
        return rows.filter(pk__in=scope.collection_ids)
    if model in (get_image_model(), get_document_model()):
        return scope.files(rows)
    if issubclass(model, DistrictRecord):
        return scope.records(rows)
    return rows


def _choices(original: Any, request: HttpRequest, _told: Any = None) -> QuerySet | None:
    """The rows for this request; a filter that Wagtail adds later is told of none."""
    rows = original(request) if callable(original) else original
    if isinstance(rows, Manager):
        rows = rows.all()
    return rows if rows is None else narrowed(scope_of(request), rows)


def get_form_class(self: WagtailFilterSet):
    request = self.request
    if request is not None and hasattr(request, "user"):
        for chosen in self.filters.values():
            if getattr(chosen, "queryset", None) is not None:
                chosen.queryset = partial(_choices, chosen.queryset, request)
            if isinstance(chosen, PopularTagsFilter):
                names = [tag.name for tag in _tags(request)]
                chosen.extra["choices"] = [(name, name) for name in names]
    return _build_form_class(self)


def get_context_data(self: ImageChooseViewMixin, **kwargs):
    context = _fill_picture_chooser(self, **kwargs)
    if "popular_tags" in context:
        context["popular_tags"] = _tags(self.request)
    return context


def _tags(request: HttpRequest) -> QuerySet:
    return tags_in_use(scope_of(request)).order_by("name")[:LONGEST_LIST]


WagtailFilterSet.get_form_class = get_form_class
ImageChooseViewMixin.get_context_data = get_context_data
