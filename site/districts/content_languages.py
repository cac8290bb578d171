"""Languages a material can be in, each by the name its speakers give it."""

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language_info

# What Django has no name for, and Indonesia's own, which it names in English or not at all.
OWN_NAMES = {
    "id": "Bahasa Indonesia",
    "ace": "Bahsa Acèh",
    "ban": "Basa Bali",
    "bjn": "Bahasa Banjar",
    "btx": "Cakap Karo",
    "bug": "Basa Ugi",
    "jv": "Basa Jawa",
    "mad": "Basa Madhurâ",
    "min": "Baso Minangkabau",
    "sas": "Base Sasak",
    "su": "Basa Sunda",
    "tet": "Tetun",
}

# Languages of the regions in which titles and a few words are shown, and no page of its own: no
# address begins with them. By their English name; what they lack is not shown.
REGIONAL = {"jv": "Javanese", "su": "Sundanese", "bjn": "Banjar", "tet": "Tetun"}


def tell_django() -> None:
    """Let Django name the languages of the regions, as it names those it knows."""
    for code, name in REGIONAL.items():
        told = {"bidi": False, "code": code, "name": name, "name_local": OWN_NAMES[code]}
        LANG_INFO.setdefault(code, told)


def language_label(code: str) -> str:
    """The language's own name; the bare code where we know none."""
    if code in OWN_NAMES:
        return OWN_NAMES[code]
    try:
        return get_language_info(code)["name_local"]
    except KeyError:
        return code
