"""Rules: may this person's scope open this address, with these arguments?

A rule looks at the request, the scope and the arguments of the address and says yes or no. "No"
is the same answer for an object of another district and for one that does not exist.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, Revision, Task, TaskState, UploadedFile, WorkflowState

from districts.admin_gate.scope import Scope, as_id
from districts.scoping import DistrictRecord

Rule = Callable[[HttpRequest, Scope, dict[str, Any]], bool]


def open_to_staff(request: HttpRequest, scope: Scope, kwargs: dict) -> bool:
    """For addresses that name no object."""
    return not kwargs


def every(*rules: Rule) -> Rule:
    return lambda request, scope, kwargs: all(rule(request, scope, kwargs) for rule in rules)


def page(name: str = "page_id", *, or_tree_root: bool = False) -> Rule:
    """The argument `name` is a page of one's own."""
    return lambda request, scope, kwargs: scope.has_page(kwargs[name], or_tree_root=or_tree_root)


def sent_pages(*names: str, or_tree_root: bool = False) -> Rule:
    """Whatever the query or the form sends under these names is a page of one's own."""

    def rule(request: HttpRequest, scope: Scope, kwargs: dict) -> bool:
        return all(
            scope.has_page(value, or_tree_root=or_tree_root) for value in _sent(request, names)
        )

    return rule


def asked_pages(*names: str) -> Rule:
    """A query that names pages, as ids that may be given several times and joined by commas."""

    def rule(request: HttpRequest, scope: Scope, kwargs: dict) -> bool:
        values = [v for sent in _sent(request, names) for v in sent.split(",") if v]
        return bool(values) and all(scope.has_page(value) for value in values)

    return rule


def file(kind: str, name: str) -> Rule:
    """The argument `name` is a picture or document of one's own."""
    return lambda request, scope, kwargs: _has_files(scope, kind, [kwargs[name]])


def asked_files(kind: str) -> Rule:
    """The query names pictures or documents of one's own, at least one."""

    def rule(request: HttpRequest, scope: Scope, kwargs: dict) -> bool:
        values = request.GET.getlist("id")
        return bool(values) and _has_files(scope, kind, values)

    return rule


def own_upload(request: HttpRequest, scope: Scope, kwargs: dict) -> bool:
    """A file that this person uploaded a moment ago and that is not yet a picture or document."""
    number = as_id(kwargs["uploaded_file_id"])
    return UploadedFile.objects.filter(pk=number, uploaded_by_user=request.user).exists()


def revisions(*names: str, of: str = "page_id") -> Rule:
    """Each named revision is one of that page, or a word such as `live`."""

    def rule(request: HttpRequest, scope: Scope, kwargs: dict) -> bool:
        numbers = {
            kwargs[name] for name in names if kwargs[name] not in {"live", "latest", "earliest"}
        }
        found = Revision.page_revisions.filter(
            object_id=str(kwargs[of]), pk__in=[as_id(number) for number in numbers]
        )
        return found.count() == len(numbers)

    return rule


def task_state(request: HttpRequest, scope: Scope, kwargs: dict) -> bool:
    """The task is or was a step in a workflow of that page."""
    return TaskState.objects.filter(
        pk=as_id(kwargs["task_state_id"]), workflow_state__in=_workflow_states(kwargs)
    ).exists()


def task(request: HttpRequest, scope: Scope, kwargs: dict) -> bool:
    return Task.objects.filter(
        pk=as_id(kwargs["task_id"]), task_states__workflow_state__in=_workflow_states(kwargs)
    ).exists()


def workflow_state(request: HttpRequest, scope: Scope, kwargs: dict) -> bool:
    return _workflow_states(kwargs).filter(pk=as_id(kwargs["workflow_state_id"])).exists()


def record(model: type[Model], name: str = "pk") -> Rule:
    """The argument `name` is the key of a record of one's own district.

    An address of the same screen without it (a list, a form for a new one) is open to staff.
    """

    def rule(request: HttpRequest, scope: Scope, kwargs: dict) -> bool:
        if set(kwargs) - {name}:
            return False
        return name not in kwargs or _found(scope.records(_all(model)), kwargs[name])

    return rule


def site_setting(model: type[Model]) -> Rule:
    """This setting and no other, of a host of one's own; without a key, of one's own anyhow."""

    def rule(request: HttpRequest, scope: Scope, kwargs: dict) -> bool:
        sites = {str(district.site_id) for district in scope.districts}
        named = (kwargs["app_name"], kwargs["model_name"])
        return named == _label(model) and ("pk" not in kwargs or str(kwargs["pk"]) in sites)

    return rule


def typed_object(request: HttpRequest, scope: Scope, kwargs: dict) -> bool:
    """An object named by app, model and key: a page or a record of one's own."""
    from django.apps import apps

    try:
        model = apps.get_model(kwargs["app_label"], kwargs["model_name"])
    except LookupError:
        return False
    return has_object(scope, model, kwargs["object_id"])


def has_object(scope: Scope, model: type[Model], key: Any) -> bool:
    """Whether the object belongs to the scope; False for kinds that belong to no district."""
    if issubclass(model, Page):
        return scope.has_page(key)
    if model in (get_image_model(), get_document_model()):
        return _found(scope.files(_all(model)), key)
    if issubclass(model, DistrictRecord):
        return _found(scope.records(_all(model)), key)
    return False


def bulk(request: HttpRequest, scope: Scope, kwargs: dict) -> bool:
    """A bulk action: every object ticked and every destination is one's own.

    "All" is understood for pictures and documents (their lists are one's own) and, for pages, only
    below a page of one's own.
    """
    kinds = {
        ("wagtailcore", "page"): Page,
        _label(get_image_model()): get_image_model(),
        _label(get_document_model()): get_document_model(),
    }
    model = kinds.get((kwargs["app_label"].lower(), kwargs["model_name"].lower()))
    if model is None or (
        model is Page and kwargs["action"] not in {"move", "publish", "unpublish", "delete"}
    ):
        return False
    values = request.GET.getlist("id")
    is_page = model is Page
    if "all" in values:
        if is_page:
            below = request.GET.getlist("childOf")
            if len(below) != 1 or not scope.has_page(below[0]):
                return False
        values = [value for value in values if value != "all"]
    elif not values:
        return False
    if is_page and not sent_pages("chooser", "childOf")(request, scope, kwargs):
        return False
    return all(has_object(scope, model, value) for value in values)


def explorer_api(request: HttpRequest, scope: Scope, kwargs: dict) -> bool:
    """The explorer menu's questions, and no other: the children of a page of one's own."""
    known = {"child_of", "for_explorer", "fields", "order", "limit", "offset", "has_children"}
    if set(request.GET) - known or not request.GET.get("for_explorer"):
        return False
    children_of = request.GET.getlist("child_of")
    return len(children_of) == 1 and scope.has_page(children_of[0], or_tree_root=True)


def _workflow_states(kwargs: dict) -> QuerySet:
    return (
        WorkflowState.objects.filter(object_id=str(kwargs["page_id"]))
        .exclude(base_content_type__isnull=True)
        .filter(base_content_type__app_label="wagtailcore", base_content_type__model="page")
    )


def _sent(request: HttpRequest, names: Iterable[str]) -> list[str]:
    return [
        value
        for name in names
        for source in (request.GET, request.POST)
        for value in source.getlist(name)
        if value
    ]


def _has_files(scope: Scope, kind: str, values: list) -> bool:
    model = get_image_model() if kind == "image" else get_document_model()
    return all(_found(scope.files(_all(model)), value) for value in values)


def _all(model: type[Model]) -> QuerySet:
    return model._base_manager.all()


def _found(rows: QuerySet, key: Any) -> bool:
    key = unquote(str(key))
    if as_id(key) is None and rows.model._meta.pk.get_internal_type().endswith("AutoField"):
        return False
    try:
        return rows.filter(pk=key).exists()
    except (ValueError, ValidationError):
        return False


def _label(model: type[Model]) -> tuple[str, str]:
    return model._meta.app_label, model._meta.model_name
