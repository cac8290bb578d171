"""Tags are shared by all who use the same model; a district is shown the ones it uses itself."""

from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse
from taggit.models import ItemBase, Tag
from wagtail.models import Page

from districts.admin_gate.scope import Scope

LONGEST_LIST = 10
LONGEST_TERM = 100


def tags_in_use(scope: Scope) -> QuerySet:
    """The tags on pages, pictures and documents of the scope."""
    found: set[int] = set()
    for through in _through_models():
        rows = through._base_manager.all()
        if any(field.name == "content_object" for field in through._meta.concrete_fields):
            target = through._meta.get_field("content_object").related_model
            own = _own(scope, target)
            if own is not None:
                found |= set(rows.filter(content_object__in=own).values_list("tag_id", flat=True))
            continue
        for number in rows.values_list("content_type_id", flat=True).distinct():
            own = _own_of_type(scope, number)
            if own is not None:
                ids = own.values_list("pk", flat=True)
                found |= set(
                    rows.filter(content_type_id=number, object_id__in=ids).values_list(
                        "tag_id", flat=True
                    )
                )
    return Tag.objects.filter(pk__in=found)


def autocomplete(request: HttpRequest, scope: Scope) -> JsonResponse:
    """Stands in for Wagtail's view, which offers the tags of everybody."""
    term = request.GET.get("term", "")[:LONGEST_TERM]
    names = (
        tags_in_use(scope)
        .filter(name__istartswith=term)
        .order_by("name")
        .values_list("name", flat=True)
        if term
        else ()
    )
    return JsonResponse(list(names[:LONGEST_LIST]), safe=False)


def _through_models() -> list[type[ItemBase]]:
    from django.apps import apps

    return [
        model
        for model in apps.get_models()
        if issubclass(model, ItemBase) and model._meta.get_field("tag").related_model is Tag
    ]


def _own(scope: Scope, model) -> QuerySet | None:
    if issubclass(model, Page):
        return scope.pages(model._base_manager.all())
    if any(field.name == "collection" for field in model._meta.concrete_fields):
        return scope.files(model._base_manager.all())
    return None


def _own_of_type(scope: Scope, content_type_id: int) -> QuerySet | None:
    from django.contrib.contenttypes.models import ContentType

    model = ContentType.objects.get_for_id(content_type_id).model_class()
    return _own(scope, model) if model is not None else None
