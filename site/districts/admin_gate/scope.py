"""What of the page tree, the files and the records belongs to the districts a person works for."""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from wagtail.models import Collection, Page

from districts.models import District, Role

STAFF_ROLES = (Role.EDITOR, Role.MODERATOR, Role.ADMIN)
# The root of Wagtail's tree: nobody's page, and the way down to everybody's.
TREE_ROOT_DEPTH = 1
LARGEST_ID = 2**63 - 1


def as_id(value: Any) -> int | None:
    """The number in an address or a form, or None for what can't be a primary key."""
    text = str(value)
    if not text.isascii() or not text.isdigit() or len(text) > 19:
        return None
    return int(text) if int(text) <= LARGEST_ID else None


@dataclass(frozen=True)
class Scope:
    """The districts of one person, as paths in the page tree and the collection tree.

    `everything` is the national office's superuser, whom nothing is hidden from.
    """

    everything: bool
    districts: tuple[District, ...]
    page_paths: tuple[str, ...]
    collection_ids: tuple[int, ...]

    @property
    def district_ids(self) -> list[int]:
        return [district.pk for district in self.districts]

    def works_for(self, district: District | None) -> bool:
        return self.everything or (district is not None and district.pk in self.district_ids)

    def pages(self, pages: QuerySet) -> QuerySet:
        """Those of the pages that stand in one of the trees."""
        if self.everything:
            return pages
        return pages.filter(_under("path", self.page_paths))

    def files(self, files: QuerySet) -> QuerySet:
        """Those of the pictures or documents that lie in one of the collections."""
        if self.everything:
            return files
        # By id: the search backends know `collection_id`, not what lies behind it.
        return files.filter(collection__in=self.collection_ids)

    def records(self, records: QuerySet) -> QuerySet:
        """Those of the records that carry one of the districts."""
        return records if self.everything else records.filter(district__in=self.district_ids)

    def people(self, users: QuerySet) -> QuerySet:
        """Those of the users who have or had a role in one of the districts."""
        if self.everything:
            return users
        return users.filter(
            pk__in=get_user_model()
            .objects.filter(memberships__district__in=self.district_ids)
            .values("pk")
        )

    def has_page(self, value: Any, *, or_tree_root: bool = False) -> bool:
        number = as_id(value)
        if number is None:
            return False
        pages = Page.objects.filter(pk=number)
        if or_tree_root and pages.filter(depth=TREE_ROOT_DEPTH).exists():
            return True
        return self.pages(pages).exists()

    def has_path(self, path: str) -> bool:
        return self.everything or path.startswith(self.page_paths or ("-",))


def _under(field: str, paths: tuple[str, ...]) -> Q:
    if not paths:
        return Q(pk__in=[])
    return reduce(or_, (Q(**{f"{field}__startswith": path}) for path in paths))


def scope_for(user: Any) -> Scope:
    """The scope of a user; three queries for staff of a district, one for others."""
    if not user.is_authenticated or not user.is_active:
        return Scope(False, (), (), ())
    if user.is_superuser:
        return Scope(True, (), (), ())
    districts = tuple(
        District.objects.filter(
            memberships__user=user,
            memberships__role__in=STAFF_ROLES,
            memberships__ended_at__isnull=True,
        )
        .select_related("site__root_page", "collection")
        .distinct()
    )
    if not districts:
        return Scope(False, (), (), ())
    keys = [district.site.root_page.translation_key for district in districts]
    roots = Page.objects.filter(translation_key__in=keys, depth=2)
    folders = tuple(district.collection.path for district in districts if district.collection)
    collections = Collection.objects.filter(_under("path", folders))
    return Scope(
        everything=False,
        districts=districts,
        page_paths=tuple(roots.values_list("path", flat=True)),
        collection_ids=tuple(collections.values_list("pk", flat=True)),
    )


def scope_of(request: HttpRequest) -> Scope:
    """The scope of the person who asks, read once per request and person."""
    kept = getattr(request, "_admin_scope", None)
    if kept is None or kept[0] != request.user.pk:
        kept = request._admin_scope = (request.user.pk, scope_for(request.user))
    return kept[1]
