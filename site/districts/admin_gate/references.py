"""What a page may point at: things of one's own, and what the nation publishes.

The choosers show nothing else, but a form can be sent by hand with any number in it.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, Page

from districts.admin_gate.scope import Scope, scope_for
from districts.models import District


def references(page: Page) -> Iterator[tuple[type, Any]]:
    """The pages, pictures and documents that a page's own fields and its text point at."""
    kinds = (Page, get_image_model(), get_document_model())
    for field in page._meta.concrete_fields:
        if hasattr(field, "extract_references"):
            value = field.value_from_object(page)
            found = [(model, key) for model, key, *_path in field.extract_references(value)]
        elif field.many_to_one and field.name not in {"alias_of", "page_ptr"}:
            found = [(field.related_model, field.value_from_object(page))]
        else:
            continue
        for model, key in found:
            if key is not None and issubclass(model, kinds):
                yield model, key


def may_point_at(scope: Scope, model: type, key: Any) -> bool:
    """Whether the object is of the scope or of the national office."""
    nation = (
        District.objects.filter(level=District.Level.NASIONAL)
        .select_related("site__root_page", "collection")
        .first()
    )
    rows = model._base_manager.filter(pk=key)
    if issubclass(model, Page):
        if scope.pages(rows).exists():
            return True
        return nation is not None and any(
            rows.filter(live=True, path__startswith=path).exists() for path in _roots(nation)
        )
    if scope.files(rows).exists():
        return True
    shared = Collection.objects.filter(
        path__startswith=nation.collection.path if nation and nation.collection else "-"
    )
    return rows.filter(collection__in=shared).exists()


def _roots(district: District) -> list[str]:
    key = district.site.root_page.translation_key
    return list(Page.objects.filter(translation_key=key, depth=2).values_list("path", flat=True))


class OwnReferencesForm(WagtailAdminPageForm):
    """The form of a page in the admin; refuses what points into another district."""

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors or self.for_user is None:
            return
        scope = scope_for(self.for_user)
        if scope.everything:
            return
        if not all(may_point_at(scope, model, key) for model, key in references(self.instance)):
            self.add_error(
                None,
                _(
                    "A picture, document or page in this text does not exist or belongs to another"
                    " office. Please choose another one."
                ),
            )
