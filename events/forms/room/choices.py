"""What a planner can choose from: organisers, whom to invite, pages that belong to a session."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from districts.models import District, Organisation

MOST_LISTED = 200
MOST_PAGES = 100
# Types of pages that a session may be about, where a project says nothing else.
PAGE_TYPES = ("modules.modulepage", "campaigns.campaignpage")
# Schools and small groups are too many for a list: members are offered their own.
_MANY = Q(kind=Organisation.Kind.SEKOLAH) | Q(
    kind=Organisation.Kind.PKK,
    pkk_level__in=[
        Organisation.PkkLevel.DESA,
        Organisation.PkkLevel.RW,
        Organisation.PkkLevel.RT,
        Organisation.PkkLevel.DASAWISMA,
    ],
)


def offices(district: District, today: date) -> list[Organisation]:
    """The district's agencies, services and bodies, by name; not its schools and small groups."""
    rows = Organisation.objects.for_district(district).active_on(today).exclude(_MANY)
    return list(rows.order_by("name")[:MOST_LISTED])


def organiser_choices(
    own: Iterable[Organisation], listed: Iterable[Organisation]
) -> list[tuple[Any, Any]]:
    """The member's own organisations first, then the offices."""
    own = list(dict.fromkeys(own))
    known = {one.pk for one in own}
    choices: list[tuple[Any, Any]] = [("", _("Nobody in particular"))]
    if own:
        choices.append((_("Yours"), [(one.pk, one.name) for one in own]))
    rest = [(one.pk, one.name) for one in listed if one.pk not in known]
    if rest:
        choices.append((_("Others of the district"), rest))
    return choices


def named(district: District | int, names: Iterable[str]) -> dict[str, Organisation]:
    """{name in small letters: organisation} of what the directory holds, in one query."""
    wanted = {name.lower() for name in names if name}
    if not wanted:
        return {}
    found = Q()
    for name in wanted:
        found |= Q(name__iexact=name)
    rows = Organisation.objects.for_district(district).filter(found).order_by("-pk")
    return {one.name.lower(): one for one in rows}


def pages_of(district: District) -> QuerySet:
    """Published pages of the office's tree that a session may be about."""
    wanted = Q(pk__in=[])
    for name in getattr(settings, "EVENTS_PAGE_TYPES", PAGE_TYPES):
        app, _dot, model = name.lower().partition(".")
        wanted |= Q(content_type__app_label=app, content_type__model=model)
    root = district.site.root_page
    return Page.objects.live().descendant_of(root).filter(wanted).order_by("title")


def page_choices(district: District) -> list[tuple[int, str]]:
    return list(pages_of(district).values_list("pk", "title")[:MOST_PAGES])
