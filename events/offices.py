"""The offices of an installation as the national calendar names them."""

from dataclasses import dataclass

from wagtail.models import Page

from districts.models import District
from districts.pages import ROOT_DEPTH
from safeguards import generation


@dataclass(frozen=True)
class Office:
    """`home` is the address of its host, without a slash at the end."""

    pk: int
    name: str
    home: str
    is_national: bool


def offices() -> dict[int, Office]:
    """By primary key, in order of their names; remembered."""
    return generation.remembered("calendar offices", _read)


def _read() -> dict[int, Office]:
    rows = District.objects.select_related("site").order_by("short_name")
    return {
        row.pk: Office(row.pk, row.short_name, row.site.root_url, row.is_national) for row in rows
    }


def homes_by_root() -> dict[str, str]:
    """Tree path of every home page → the address of its host; remembered."""
    return generation.remembered("calendar homes", _read_homes)


def _read_homes() -> dict[str, str]:
    rows = District.objects.select_related("site__root_page")
    homes = {row.site.root_page.translation_key: row.site.root_url for row in rows}
    roots = Page.objects.filter(depth=ROOT_DEPTH).values_list("path", "translation_key")
    return {path: homes[key] for path, key in roots if key in homes}
