"""Ways to reach help, verified unless told otherwise."""

from datetime import date

from wagtail.models import Locale, Page, Site

from districts.models import Channel, District, Organisation
from districts.services.permissions import ensure_groups
from tests.factories.places import DISTRICTS, make_regions

ALWAYS = {"always": True}
OFFICE_HOURS = {"days": {str(day): [["08:00", "16:00"]] for day in range(1, 6)}}


def make_channel(district: District, **fields) -> Channel:
    """A verified phone of the UPTD PPA; `region` narrows it to a kecamatan or village."""
    organisation = fields.pop("organisation", None)
    if organisation is None:
        organisation, _created = Organisation.objects.get_or_create(
            district=district, kind=Organisation.Kind.UPTD_PPA, name=f"UPTD PPA {district}"
        )
    number = Channel.objects.count() + 1
    return Channel.objects.create(
        **{
            "district": district,
            "organisation": organisation,
            "kind": Channel.Kind.PHONE,
            "label": f"Saluran {number}",
            "value": f"+6227199900{number:02d}",
            "display": f"(0271) 99900{number:02d}",
            "timezone": district.timezone,
            "last_verified": date(2026, 11, 1),
            "review_due": date(2027, 5, 1),
        }
        | fields
    )


def make_placeholder(district: District, **fields) -> Channel:
    """A channel that nobody has confirmed: no number, no digits."""
    return make_channel(
        district,
        **{
            "value": "",
            "display": "nomor menunggu konfirmasi dinas",
            "last_verified": None,
            "review_due": None,
        }
        | fields,
    )


def make_emergency(district: District, **fields) -> Channel:
    """A short number for danger, day and night."""
    return make_channel(
        district,
        **{
            "label": "Polisi 110",
            "value": "110",
            "display": "110",
            "is_emergency": True,
            "hours": ALWAYS,
        }
        | fields,
    )


def make_office(slug: str, *, groups: bool = False) -> District:
    """A district without pages: enough for channels, and fifty times faster than a whole one.

    `groups` lets its people into the admin.
    """
    if slug == "nasional":
        place, level, zone = ("", "Nasional"), District.Level.NASIONAL, "Asia/Jakarta"
    elif slug == "jateng":
        place, level, zone = ("33", "Jawa Tengah"), District.Level.PROVINSI, "Asia/Jakarta"
    else:
        code, name, zone, _cloth = DISTRICTS[slug]
        place, level = (make_regions(code, name).pk, name), District.Level.KABUPATEN
    hostname = "localhost" if slug == "nasional" else f"{slug}.localhost"
    Site.objects.filter(hostname=hostname).delete()
    site = Site.objects.create(hostname=hostname, root_page=_tree_root())
    district = District.objects.create(
        site=site,
        slug=slug,
        level=level,
        region_id=place[0] or None,
        short_name=place[1],
        office_name=f"Dinas {place[1]}",
        timezone=zone,
    )
    if groups:
        ensure_groups(district)
    return district


def _tree_root() -> Page:
    """Wagtail's root; a test with real transactions leaves a database without one."""
    locale, _created = Locale.objects.get_or_create(language_code="id")
    root = Page.get_first_root_node()
    return root or Page.add_root(instance=Page(title="Root", slug="root", locale=locale))
