"""Languages a material can be in, each by the name its speakers give it."""

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


def language_label(code: str) -> str:
    """The language's own name; the bare code where we know none."""
    if code in OWN_NAMES:
        return OWN_NAMES[code]
    try:
        return get_language_info(code)["name_local"]
    except KeyError:
        return code
