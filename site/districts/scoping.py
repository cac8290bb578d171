"""Which office a request or a record belongs to, and querysets that never leave it."""

from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from wagtail.models import Page, Site

# The root of every office's tree stands here; above it is only Wagtail's own root.
OFFICE_DEPTH = 2
# The code of a district begins with that of its province.
PROVINCE_DIGITS = 2


class DistrictQuerySet(models.QuerySet):
    """The base of every record that is not a page: read it through one of these two."""

    def for_district(self, district: Any) -> "DistrictQuerySet":
        """Rows of this district only."""
        return self.filter(district=district)

    def for_member(self, user: Any) -> "DistrictQuerySet":
        """Rows of the districts in which the user holds an active membership.

        The national office's superusers see all rows.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_superuser:
            return self.all()
        return self.filter(
            district__memberships__user=user, district__memberships__ended_at__isnull=True
        ).distinct()


class DistrictRecord(models.Model):
    """A record with a mandatory district."""

    district = models.ForeignKey("districts.District", models.PROTECT, related_name="+")

    objects = DistrictQuerySet.as_manager()

    class Meta:
        abstract = True


def district_for_request(request: HttpRequest) -> Any:
    """Return the District that answers this request, or None on a site that has no office."""
    if not hasattr(request, "district"):
        from districts.models import District

        site = Site.find_for_request(request)
        request.district = (
            District.objects.filter(site=site).select_related("site__root_page").first()
            if site
            else None
        )
    return request.district


def office_of_page(page: Page) -> Any:
    """The District in whose tree, of whatever language, the page stands; None for nobody's."""
    from districts.models import District

    root = Page.objects.filter(path=page.path[: OFFICE_DEPTH * Page.steplen])
    return (
        District.objects.filter(site__root_page__translation_key__in=root.values("translation_key"))
        .select_related("site__root_page")
        .first()
    )


def offices_above(district: Any) -> Q:
    """Rows of the nation's office and, where the district is in one, of its province's."""
    from districts.models import District

    above = Q(district__level=District.Level.NASIONAL)
    if district is not None and district.region_id:
        province = district.region_id[:PROVINCE_DIGITS]
        above |= Q(district__level=District.Level.PROVINSI, district__region=province)
    return above


def held_at(at: Any, office: Any, roles: Collection[str], *, user: Any) -> models.QuerySet:
    """The memberships by which the user held one of the roles in the office at that moment.

    `at` and `user` may be expressions of an outer query.
    """
    from districts.models import Membership

    return Membership.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=at),
        user=user,
        district=office,
        role__in=roles,
        created_at__lte=at,
    )
