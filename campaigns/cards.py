"""The papers of help: a poster of the office's channels, and a sheet of cards for each village.

Everything printed here is the number of an office or a role, verified by two persons. The papers
are made when they are asked for, and made again when what they say has changed.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language, gettext, override

from districts.addresses import language_prefix
from districts.directory import kecamatan_of
from districts.models import District, Paper, Region, Term
from districts.paper import channel_lines, letterhead, paper_for, qr_svg, sizes
from districts.services.village_roles import VILLAGE_CODE_LENGTH, VOCABULARY, is_village

POSTER, CARD = "campaigns/poster_channels", "campaigns/card"
POSTER_KEY = "bantuan/poster"
NUMBERED = ("phone", "whatsapp")
# What a card of 105 × 74 mm holds in letters that people read without glasses.
MOST_URGENT, MOST_NEAR, MOST_ROLES = 3, 3, 7
MOST_ON_A_POSTER = 8


@dataclass(frozen=True)
class Village:
    """A desa or kelurahan as its card names it."""

    code: str
    name: str
    kecamatan: str
    kecamatan_code: str


def villages_of(district: District, code: str) -> list[Village]:
    """The village of this code, or all villages of this kecamatan, today's only, by name.

    Empty for whatever is no kecamatan or village of the district. One query.
    """
    if (
        not district.region_id
        or not code.startswith(f"{district.region_id}.")
        or len(code) > VILLAGE_CODE_LENGTH
    ):
        return []
    today = Region.objects.filter(
        level=Region.Level.DESA, valid_until__isnull=True, parent__valid_until__isnull=True
    )
    found = today.filter(code=code) if is_village(code) else today.filter(parent=code)
    return [_village(region) for region in found.select_related("parent").order_by("name", "code")]


def card_key(code: str, language: str) -> str:
    """The key under which the cards of a village or kecamatan are kept."""
    return f"kartu/{code}{_in(language)}"


def card_paper(district: District, villages: list[Village], code: str, language: str) -> Paper:
    """The sheet of cards of a village, or of all villages of a kecamatan."""
    address = help_address(district, language)
    with override(language):
        roles = [term.label for term in Term.objects.of(VOCABULARY)]
        data = _common(district, language, address) | {
            "title": _card_title(villages, code),
            "words": {
                "danger": gettext("In danger now?"),
                "others": gettext("To talk and to ask"),
                "village": gettext("In the village"),
                "newest": gettext("The newest numbers:"),
            },
            "villages": [_card(district, village, roles, language) for village in villages],
        }
    return paper_for(
        district,
        key=card_key(code, language),
        layout=CARD,
        data=data,
        pictures={"qr": qr_svg(address)},
    )


def poster_paper(district: District, language: str) -> Paper:
    """The poster of the channels that serve the whole district."""
    address = help_address(district, language)
    lines = channel_lines(district, language=language)
    urgent = [line for line in lines if line["urgent"]][:4]
    others = [line for line in lines if not line["urgent"]]
    with override(language):
        data = _common(district, language, address) | {
            "title": gettext("Whom can I call in %(place)s?") % {"place": district.short_name}
            if not district.is_national
            else gettext("Whom can I call?"),
            "words": {
                "danger": gettext("In danger now?"),
                "others": gettext("To talk and to ask"),
                "more": gettext("All offices, kecamatan by kecamatan:"),
                "calm": gettext("You may call for yourself or for somebody else."),
                "none": gettext("The numbers of this office are still being checked."),
            },
            "urgent": urgent,
            "others": others[:MOST_ON_A_POSTER],
        }
    return paper_for(
        district,
        key=f"{POSTER_KEY}{_in(language)}",
        layout=POSTER,
        data=data,
        pictures={"qr": qr_svg(address)},
    )


def shelf_context(request: HttpRequest, district: District | None) -> dict[str, Any]:
    """What `/bantuan/kartu/` shows: the poster, and the villages of `?kec=` with their sizes.

    `unknown_kecamatan` is set for a code that is none of this district's.
    """
    places = kecamatan_of(district)
    language = get_language() or ""
    code = request.GET.get("kec", "").strip()[: VILLAGE_CODE_LENGTH + 1]
    chosen = places.get(code)
    villages = villages_of(district, chosen.code) if chosen else []
    poster = f"{POSTER_KEY}{_in(language)}"
    keys = {village.code: card_key(village.code, language) for village in villages}
    if chosen:
        keys[chosen.code] = card_key(chosen.code, language)
    made = sizes(district, [poster, *keys.values()]) if district is not None else {}
    return {
        "kecamatan": chosen,
        "kecamatan_choices": list(places.values()),
        "unknown_kecamatan": bool(code) and chosen is None,
        "villages": [
            {"code": village.code, "name": village.name, "size": made.get(keys[village.code], 0)}
            for village in villages
        ],
        "kecamatan_size": made.get(keys.get(code, ""), 0),
        "poster_size": made.get(poster, 0),
    }


def help_address(district: District, language: str) -> str:
    """The full address of the district's help page."""
    return f"{district.site.root_url}{language_prefix(language)}/bantuan/"


def _common(district: District, language: str, address: str) -> dict[str, Any]:
    return {
        "language": language,
        "head": letterhead(district),
        "address": address.partition("://")[2].rstrip("/"),
    }


def _card(district: District, village: Village, roles: list[str], language: str) -> dict[str, Any]:
    lines = [
        line
        for line in channel_lines(district, desa=village.code, language=language)
        if line["kind"] in NUMBERED
    ]
    own = [line for line in lines if line["region"] == village.code][:MOST_ROLES]
    wider = [line for line in lines if line["region"] != village.code]
    urgent = [line for line in wider if line["urgent"]][:MOST_URGENT]
    named = {line["label"] for line in own}
    return {
        "name": village.name,
        "kecamatan": gettext("Kecamatan %(name)s") % {"name": village.kecamatan},
        "urgent": urgent,
        "near": [line for line in wider if line not in urgent][:MOST_NEAR],
        "contacts": own,
        "blank": [role for role in roles if role not in named][: MOST_ROLES - len(own)],
    }


def _village(region: Region) -> Village:
    name = region.name
    if not name.startswith(("Desa ", "Kelurahan ")):
        name = f"{'Kelurahan' if region.is_kelurahan else 'Desa'} {name}"
    kecamatan = region.parent.name.removeprefix("Kecamatan ")
    return Village(region.code, name, kecamatan, region.parent_id)


def _card_title(villages: list[Village], code: str) -> str:
    first = villages[0]
    if is_village(code):
        return gettext("Whom can I call in %(place)s?") % {"place": first.name}
    return gettext("Whom can I call in Kecamatan %(name)s? A card for every village") % {
        "name": first.kecamatan
    }


def _in(language: str) -> str:
    """What tells papers of another language apart."""
    return f".{language}" if language_prefix(language) else ""
