"""Numbers, days and laws spelled out in Indonesian, as official papers write them."""

import re
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language

from districts.regulations import Law

SMALL = (
    *("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"),
    *("sepuluh", "sebelas"),
)
# What a letter writes out in full; any other kind is cited as the office wrote it.
LAWS = {"UU": "Undang-Undang", "PP": "Peraturan Pemerintah", "Perpres": "Peraturan Presiden"}
CITED = re.compile(r"(.+?) (\d{1,4})/(\d{4})")


def number_in_words(number: int) -> str:
    """ "dua ribu dua puluh enam"; from 0 to 9,999."""
    if number < 12:
        return SMALL[number]
    if number < 20:
        return f"{SMALL[number - 10]} belas"
    if number < 100:
        return _joined(f"{SMALL[number // 10]} puluh", number % 10)
    if number < 1_000:
        hundred = "seratus" if number < 200 else f"{SMALL[number // 100]} ratus"
        return _joined(hundred, number % 100)
    thousand = "seribu" if number < 2_000 else f"{SMALL[number // 1_000]} ribu"
    return _joined(thousand, number % 1_000)


def day_in_words(day: date) -> str:
    """ "Kamis tanggal dua belas bulan Maret tahun dua ribu dua puluh enam (12-03-2026)"."""
    if (get_language() or "id").split("-")[0] != "id":
        return date_format(day, "l, j F Y")
    # A form of words of Indonesian law, which has no translation.
    return (
        f"{date_format(day, 'l')} tanggal {number_in_words(day.day)} bulan {date_format(day, 'F')} "
        f"tahun {number_in_words(day.year)} ({day:%d-%m-%Y})"
    )


def law_in_words(law: Law) -> str:
    """ "Undang-Undang Nomor 35 Tahun 2014 tentang …", and what became of it where it is revoked."""
    found = CITED.fullmatch(law.number)
    number = law.number
    if found:
        number = f"{LAWS.get(found[1], found[1])} Nomor {found[2]} Tahun {found[3]}"
    said = f"{number} tentang {law.title}"
    return said if law.in_force else f"{said} ({law.status_text})"


def _joined(large: str, rest: int) -> str:
    return f"{large} {number_in_words(rest)}" if rest else large
