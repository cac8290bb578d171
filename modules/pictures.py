"""Small pictures, symbols of `modules/pictures.svg`, each by its name in codes and on cards.

By three of them two sheets of one person find each other: whoever answers picks the code; it says
nothing of them, and stands nowhere else.
"""

import re
from functools import cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Name in a code → what it is called.
PICTURES = {
    "awan": _("Cloud"),
    "bola": _("Ball"),
    "bunga": _("Flower"),
    "daun": _("Leaf"),
    "ikan": _("Fish"),
    "kapal": _("Boat"),
    "kunci": _("Key"),
    "layang": _("Kite"),
    # Without a context it would be the day.
    "matahari": pgettext_lazy("picture", "Sun"),
    "payung": _("Umbrella"),
    "rumah": _("House"),
    "sepeda": _("Bicycle"),
}
# What can stand on a card to sort.
CARD_PICTURES = dict(
    sorted(
        (
            PICTURES
            | {
                "buku": _("Book"),
                "gelas": _("Glass"),
                "hati": _("Heart"),
                "jam": _("Clock"),
                "tangan": pgettext_lazy("picture", "Hand"),
            }
        ).items()
    )
)
LENGTH = 3
SYMBOLS = Path(__file__).parent / "static" / "modules" / "pictures.svg"
SYMBOL = re.compile(r'<symbol id="(\w+)" viewBox="([\d ]+)">(.*?)</symbol>', re.DOTALL)


def is_pair_code(text: str) -> bool:
    """Three different pictures joined by hyphens, in the order they were picked."""
    names = text.split("-")
    return len(names) == LENGTH == len(set(names)) and all(name in PICTURES for name in names)


@cache
def drawn_for_paper() -> dict[str, bytes]:
    """Each picture as a drawing of its own, black on white."""
    frame = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="{}" fill="#fff" stroke="#000" '
        'stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{}</svg>'
    )
    found = SYMBOL.findall(SYMBOLS.read_text())
    return {name: frame.format(box, drawn).encode() for name, box, drawn in found}
