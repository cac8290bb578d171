"""Offices with their real page trees, and people with a role in them."""

from django.contrib.auth import get_user_model

from districts.models import District, Membership, Region, Role
from districts.services.founding import found_district
from districts.services.permissions import sync_groups
from tests.factories.replay import replayed

PASSWORD = "kata-sandi-panjang"
# slug → Kemendagri code, name, time zone, cloth; two kecamatan each are enough for most tests.
DISTRICTS = {
    "klaten": ("33.10", "Klaten", "Asia/Jakarta", "lurik"),
    "lebak": ("36.02", "Lebak", "Asia/Jakarta", "baduy"),
    "ppu": ("64.09", "Penajam Paser Utara", "Asia/Makassar", "manik"),
    "belu": ("53.04", "Belu", "Asia/Makassar", "tenun"),
    "banjar": ("63.03", "Banjar", "Asia/Makassar", "sasirangan"),
}
KECAMATAN = ("01", "05")


def make_regions(code: str, name: str) -> Region:
    """The kabupaten of this code with its province, two kecamatan and a village in each."""
    province, _created = Region.objects.get_or_create(
        code=code[:2], defaults={"name": f"Provinsi {code[:2]}", "level": Region.Level.PROVINSI}
    )
    region, _created = Region.objects.get_or_create(
        code=code,
        defaults={"name": f"KAB. {name.upper()}", "level": "kabupaten", "parent": province},
    )
    for number in KECAMATAN:
        kecamatan, _created = Region.objects.get_or_create(
            code=f"{code}.{number}",
            defaults={"name": f"Kecamatan {number}", "level": "kecamatan", "parent": region},
        )
        Region.objects.get_or_create(
            code=f"{code}.{number}.2001",
            defaults={"name": f"Desa {number}", "level": "desa", "parent": kecamatan},
        )
    return region


def national() -> District:
    """The national office at `localhost`; made once per test."""
    existing = District.objects.filter(level=District.Level.NASIONAL).first()
    if existing is None:
        replayed("nasional", _found_national)
    return existing or District.objects.get(level=District.Level.NASIONAL)


def _found_national() -> None:
    found_district(
        slug="nasional",
        hostname="localhost",
        level=District.Level.NASIONAL,
        short_name="Nasional",
        office_name="Kantor Nasional",
    )


def make_district(slug: str = "lebak", /, **fields) -> District:
    """An office of a kabupaten at `<slug>.localhost`, without placeholder channels."""
    if fields:
        return _found(slug, **fields)
    replayed(slug, lambda: str(_found(slug)))
    return District.objects.get(slug=slug)


def _found(slug: str, /, **fields) -> District:
    code, name, zone, cloth = DISTRICTS.get(slug, ("99.01", slug.title(), "Asia/Jakarta", "polos"))
    if "region_code" not in fields:
        fields["region_code"] = make_regions(code, name).code
    return found_district(
        **{
            "slug": slug,
            "hostname": f"{slug}.localhost",
            "short_name": name,
            "office_name": f"Dinas PPPA Kabupaten {name}",
            "timezone": zone,
            "cloth": cloth,
            "placeholders": False,
        }
        | fields
    )


def make_user(role: str, district: District | None = None, *, email: str = "", **fields):
    """A person with this role in this district; `superuser` for the national administrator.

    The password is `PASSWORD`. `organisation` and `region` go into the membership.
    """
    users = get_user_model().objects
    if role == "superuser":
        return users.create_superuser(email or "admin@contoh.invalid", PASSWORD, name="Admin")
    number = users.count()
    user = users.create_user(
        email or f"{role}{number}.{district.slug}@contoh.invalid",
        PASSWORD,
        name=fields.pop("name", f"{role.title()} {district.short_name}"),
    )
    Membership.objects.create(user=user, district=district, role=Role(role), **fields)
    sync_groups(user)
    return user
