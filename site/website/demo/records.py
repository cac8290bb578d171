"""The demo's records that are not pages: organisations, channels, vocabularies, people."""

from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password

from districts.models import (
    Channel,
    Commitment,
    CommitmentStep,
    District,
    KlaLevel,
    Organisation,
    Region,
)
from districts.services.organisations import succeed
from website.demo.texts import read_data

KINDS = {
    "ministry": "lembaga_nasional",
    "state_body": "lembaga_nasional",
    "agency": "dinas",
    "court": "penegak_hukum",
    "police": "kepolisian",
    "uptd_ppa": "uptd_ppa",
    "p2tp2a": "p2tp2a",
    "puspaga": "puspaga",
    "social_service": "lembaga_nasional",
    "pkk_regency": "pkk",
    "pkk_subdistrict": "pkk",
    "pkk_village": "pkk",
    "school": "sekolah",
    "childrens_forum": "anak",
    "customary": "adat",
    "faith": "agama",
    "business": "usaha",
    "media": "media",
    "community": "masyarakat",
}
PKK_LEVELS = {
    "pkk_regency": "kabupaten",
    "pkk_subdistrict": "kecamatan",
    "pkk_village": "desa",
}
CHANNEL_KINDS = {"visit": "address", "online": "web"}


def _date(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def load_organisations(districts: dict[str, District]) -> dict[str, Organisation]:
    """Create what is missing; return all by the ids of the data file."""
    entries = read_data("organisations")["organisations"]
    made: dict[str, Organisation] = {}
    for entry in entries:
        made[entry["id"]], _new = Organisation.objects.get_or_create(
            district=districts[entry["district"]],
            kind=KINDS[entry["type"]],
            name=entry["name"],
            region=_region(entry["region"]),
            defaults={
                "pkk_level": PKK_LEVELS.get(entry["type"], ""),
                "npsn": entry.get("npsn") or "",
                "active_from": _date(entry.get("active_from")),
                "active_until": _date(entry.get("active_to")),
                "note": entry.get("note") or "",
            },
        )
    for entry in entries:
        if entry.get("parent"):
            Organisation.objects.filter(pk=made[entry["id"]].pk).update(
                parent=made[entry["parent"]]
            )
        if entry.get("predecessor"):
            succeed(
                predecessor=made[entry["predecessor"]],
                successor=made[entry["id"]],
                since=_date(entry["active_from"]),
            )
    return made


def load_channels(districts: dict[str, District], organisations: dict[str, Organisation]) -> None:
    for entry in read_data("channels")["channels"]:
        Channel.objects.get_or_create(
            district=districts[entry["district"]],
            organisation=organisations[entry["organisation"]],
            label=entry["name"],
            defaults=_channel_fields(entry),
        )


def _channel_fields(entry: dict[str, Any]) -> dict[str, Any]:
    verified = entry["status"] == "verified"
    return {
        "region": _region(entry["region"])
        if entry["scope"] in {"subdistrict", "village"}
        else None,
        "kind": CHANNEL_KINDS.get(entry["kind"], entry["kind"]),
        "value": (entry.get("e164") or entry.get("value") or "") if verified else "",
        "display": entry.get("display") or "",
        "issues": entry.get("issues") or [],
        "label_en": entry.get("name_en") or "",
        "audience": entry.get("description") or "",
        "audience_en": entry.get("description_en") or "",
        "is_emergency": bool(entry.get("emergency")),
        # Hours made up for the demo are never told as an office's own.
        "hours": {} if entry.get("hours_example") else _hours(entry.get("hours")),
        "timezone": entry["timezone"],
        "cost": entry.get("cost") or "",
        "cost_en": entry.get("cost_en") or "",
        "confidentiality": entry.get("confidentiality") or "",
        "confidentiality_en": entry.get("confidentiality_en") or "",
        "note": entry.get("note") or "",
        "source": entry.get("source") or "",
        "position": entry.get("order") or 100,
        "active": bool(entry.get("active")) and entry["status"] != "inactive",
        "last_verified": entry.get("last_verified") if verified else None,
        "review_due": entry.get("review_due"),
    }


def _hours(rows: Any) -> dict[str, Any]:
    if not rows or isinstance(rows, dict):
        return dict(rows or {})
    days: dict[str, list[list[str]]] = {}
    for row in rows:
        for day in row["days"]:
            days.setdefault(str(day), []).append([row["open"], row["close"]])
    return {"days": days}


def _region(code: str | None) -> Region | None:
    return Region.objects.get(pk=code) if code else None


def load_kla(districts: dict[str, District]) -> None:
    for entry in read_data("districts")["districts"]:
        for row in entry["kla"]["history"]:
            KlaLevel.objects.get_or_create(
                district=districts[entry["slug"]],
                year=row["year"],
                defaults={
                    "level": row["level"].lower(),
                    "score": row.get("score"),
                    "source": row.get("source") or "",
                },
            )


def load_commitments(
    districts: dict[str, District], organisations: dict[str, Organisation]
) -> None:
    """Create the commitments that are missing, each with the steps it has taken."""
    for entry in read_data("commitments")["commitments"]:
        district = districts[entry["district"]]
        steps = sorted(entry["steps"], key=lambda step: _date(step["day"]))
        if Commitment.objects.filter(district=district, number=entry["number"]).exists():
            continue
        since = None
        for before, step in zip([None, *steps], steps, strict=False):
            if before is None or before["status"] != step["status"]:
                since = _date(step["day"])
        commitment = Commitment.objects.create(
            district=district,
            number=entry["number"],
            measure=entry["measure"],
            description=entry.get("description") or "",
            owner=organisations[entry["owner"]],
            indicator=entry.get("indicator") or "",
            issue_codes=entry.get("issues") or [],
            due=_date(entry["due"]),
            status=steps[-1]["status"],
            status_since=since,
            is_published=bool(entry.get("published")),
        )
        for step in steps:
            CommitmentStep.objects.create(
                district=district,
                commitment=commitment,
                status=step["status"],
                day=_date(step["day"]),
                note=step.get("note") or "",
            )


def load_people(
    districts: dict[str, District], organisations: dict[str, Organisation], password: str
) -> list[tuple[str, str, str]]:
    """Create the demo's people; return (e-mail, role, district) of each."""
    from districts.models import Membership
    from districts.services.permissions import sync_groups

    User = get_user_model()
    # Hashing is slow on purpose; one demo password needs it once.
    hashed = make_password(password)
    listed = []
    for entry in read_data("accounts")["accounts"]:
        role = entry["role"]
        if role == "monev_provinsi":
            # A province has people only once it has an office of its own.
            continue
        user = User.objects.filter(email=entry["email"]).first()
        if user is None:
            user = User.objects.create(
                email=entry["email"],
                password=hashed,
                name=f"{entry['first_name']} {entry['last_name']}",
                is_superuser=role == "admin_nasional",
                is_staff=role == "admin_nasional",
            )
            Membership.objects.create(
                user=user,
                district=districts[entry["district"]],
                role={"admin_nasional": "admin", "monev_nasional": "monev"}.get(role, role),
                organisation=organisations.get(entry["organisation"] or ""),
                region=_region(entry["region"]),
            )
            sync_groups(user)
        listed.append((entry["email"], role, entry["district"]))
    return listed
