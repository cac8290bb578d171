"""Villages and kecamatan of an office in one line, as people write them: "Gondang, Kebonarum"."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from districts.models import District, Region
from safeguards import generation
from safeguards.facts import Refused

# What may stand before a name, whatever language the page is in.
_WORDS = {
    Region.Level.KECAMATAN: ("kecamatan ", "kec. ", "kec "),
    Region.Level.DESA: ("desa ", "kelurahan ", "kel. "),
}
# Codes of a kabupaten or kota; above it there are too many villages to offer.
_OF_A_DISTRICT = len("33.10")
_SHOWN = 3


@dataclass(frozen=True)
class Places:
    """`labels` say each code in a line that is understood again, `named` has the codes of a name
    in small letters, `levels` of which kind a code is."""

    labels: Mapping[str, str]
    named: Mapping[str, tuple[str, ...]]
    levels: Mapping[str, str]
    offers: tuple[str, ...] = ()

    def code_of(self, text: str) -> str:
        """The code of what is written, "" for nothing; raises Refused."""
        text = " ".join(text.split())
        if not text or text in self.labels:
            return text
        name, _comma, where = (part.strip() for part in text.casefold().partition(","))
        found = self._called(name) or self._called(text.casefold())
        if where:
            above = tuple(f"{code}." for code in self._called(where))
            found = [code for code in found if code.startswith(above)]
        if len(found) == 1:
            return found[0]
        if not found:
            raise Refused(_("We know no village or kecamatan of this name here."))
        some = {"places": "; ".join(self.labels[code] for code in found[:_SHOWN])}
        raise Refused(_("Several places have this name. Which one: %(places)s?") % some)

    def _called(self, name: str) -> list[str]:
        if name in self.named:
            return list(self.named[name])
        for level, words in _WORDS.items():
            for word in words:
                if name.startswith(word):
                    codes = self.named.get(name.removeprefix(word).strip(), ())
                    if found := [code for code in codes if self.levels[code] == level]:
                        return found
        return []


def places_of(district: District) -> Places:
    """Those of today; remembered, as they change only when somebody imports them."""
    region = district.region_id
    return generation.remembered(("places", region), lambda: _read(region))


def _read(region: str | None) -> Places:
    if not region:
        return Places({}, {}, {})
    rows = Region.objects.filter(
        Q(code=region) | Q(code__startswith=f"{region}."), valid_until__isnull=True
    )
    rows = list(rows.order_by("code").values_list("code", "name", "level", "parent__name"))
    labels, levels, named = {}, {}, defaultdict(list)
    for code, name, level, above in rows:
        levels[code] = level
        labels[code] = {
            Region.Level.KECAMATAN: f"Kec. {name}",
            Region.Level.DESA: f"{name}, Kec. {above}",
        }.get(level, name)
        named[name.casefold()].append(code)
    offers = [labels[code] for code in labels if levels[code] in _WORDS]
    return Places(
        labels,
        {name: tuple(codes) for name, codes in named.items()},
        levels,
        tuple(offers) if len(region) >= _OF_A_DISTRICT else (),
    )
