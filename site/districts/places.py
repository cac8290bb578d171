"""A district's places as the choices of one select, village under kecamatan."""

from typing import Any

from django.utils.translation import gettext as _

from districts.models import District, Region


def place_choices(district: District, *, empty: Any) -> list[tuple]:
    """Every kecamatan with its villages, in one query; ``empty`` names the first, empty choice."""
    choices: list[tuple] = [("", empty)]
    if not district.region_id:
        return choices
    groups: dict[str, tuple[str, list]] = {}
    regions = Region.objects.filter(
        code__startswith=f"{district.region_id}.",
        level__in=(Region.Level.KECAMATAN, Region.Level.DESA),
        valid_until__isnull=True,
    ).order_by("code")
    for region in regions:
        if region.level == Region.Level.KECAMATAN:
            whole = _("All of %(name)s") % {"name": region.name}
            groups[region.code] = (region.name, [(region.code, whole)])
        elif region.kecamatan_code in groups:
            groups[region.kecamatan_code][1].append((region.code, region.name))
    return [*choices, *groups.values()]
