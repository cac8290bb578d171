"""Commitments of an office with the step they began with."""

from datetime import date

from districts.models import Commitment, CommitmentStep, District, Organisation

BEGAN = date(2026, 1, 5)


def make_owner(district: District, name: str = "Dinas Pendidikan", **fields) -> Organisation:
    made, _created = Organisation.objects.get_or_create(
        district=district, kind=Organisation.Kind.DINAS, name=name, defaults=fields
    )
    return made


def make_commitment(district: District, number: str = "1.1", **fields) -> Commitment:
    """Published and under way since 5 January 2026, due at the end of 2027."""
    commitment = Commitment.objects.create(
        **{
            "district": district,
            "number": number,
            "measure": f"Kegiatan {number}",
            "owner": fields.pop("owner", None) or make_owner(district),
            "due": date(2027, 12, 31),
            "status": "berjalan",
            "status_since": BEGAN,
            "is_published": True,
        }
        | fields
    )
    CommitmentStep.objects.create(
        district=district,
        commitment=commitment,
        status=commitment.status,
        day=commitment.status_since,
    )
    return commitment
