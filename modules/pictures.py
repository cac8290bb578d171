"""The code of three pictures by which two sheets of one person find each other.

Whoever answers picks it; it says nothing of them, and stands nowhere else.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Name in a code → what it is called; the drawings are symbols of `modules/pictures.svg`.
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
LENGTH = 3


def is_pair_code(text: str) -> bool:
    """Three different pictures joined by hyphens, in the order they were picked."""
    names = text.split("-")
    return len(names) == LENGTH == len(set(names)) and all(name in PICTURES for name in names)
