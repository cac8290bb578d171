"""Numbers of letters after an office's own format, such as `{klasifikasi}/{nomor}/{tahun}`."""

import re
from datetime import date

USUAL = "{nomor}/{bulan_romawi}/{tahun}"
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
TYPED = {"klasifikasi": "classification", "kode_unit": "unit"}


def asks_for(number_format: str) -> set[str]:
    """Which of "classification" and "unit" somebody has to type for this format."""
    named = set(PLACEHOLDER.findall(number_format or USUAL))
    return {field for word, field in TYPED.items() if word in named}


def reference(
    number_format: str, *, number: int, day: date, classification: str = "", unit: str = ""
) -> str:
    """The number as it is printed; a word of the format that we do not know becomes dots."""
    known = {
        "nomor": f"{number:03d}",
        "tahun": str(day.year),
        "bulan": f"{day.month:02d}",
        "bulan_romawi": ROMAN[day.month - 1],
        "klasifikasi": classification,
        "kode_unit": unit,
    }
    text = number_format or USUAL
    if "{nomor}" not in text:
        # A format without the running number would give two letters one name.
        text = f"{{nomor}}/{text}"
    return PLACEHOLDER.sub(lambda found: known.get(found[1], "…"), text)[:200]
