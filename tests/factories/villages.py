"""Roles of a village, and a district with a contact in one of its villages."""

from districts.models import Channel, District, Region, Term, Vocabulary
from tests.factories.channels import make_channel

ROLES = {
    "patbm": ("Penggerak PATBM", "Community volunteer (PATBM)"),
    "kader-pkk": ("Kader PKK", "PKK cadre"),
    "bidan-desa": ("Bidan desa", "Village midwife"),
}


def make_roles() -> list[Term]:
    """The vocabulary of roles in a village."""
    vocabulary, _created = Vocabulary.objects.get_or_create(
        code="village_role", version="1", defaults={"name": "Peran di desa"}
    )
    return [
        Term.objects.get_or_create(
            vocabulary=vocabulary,
            code=code,
            defaults={"label_id": label, "label_en": english, "position": position},
        )[0]
        for position, (code, (label, english)) in enumerate(ROLES.items())
    ]


def make_contact(district: District, village: Region | str, role: str, **fields) -> Channel:
    """A verified contact of a village, named by role."""
    label, english = ROLES[role]
    region = village if isinstance(village, Region) else Region.objects.get(pk=village)
    return make_channel(district, region=region, label=label, label_en=english, **fields)
