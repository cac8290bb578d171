"""The columns of an attendance sheet: what is written is what can be read again.

Their names are Indonesian whatever language the page is in: they belong to the file.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.attendance import ages
from events.models import Status, Way

YES, NO = "ya", "tidak"


@dataclass(frozen=True)
class Column:
    """`is_read` marks what an import takes; the others are told only."""

    name: str
    width: int
    is_read: bool
    meaning: Any


COLUMNS = (
    Column("nama", 30, True, gettext_lazy("Full name as the person writes it. Needed.")),
    Column("l/p", 6, True, gettext_lazy("L for male, P for female. Needed.")),
    Column("kelompok umur", 18, True, gettext_lazy("Age group. Needed. One of: %(ages)s.")),
    Column("lembaga", 28, True, gettext_lazy("Organisation, school or village group, if any.")),
    Column("jabatan", 20, True, gettext_lazy("Function in the organisation, if any.")),
    Column("wilayah", 22, True, gettext_lazy("Village or kecamatan: its name or its code.")),
    Column("telepon", 18, True, gettext_lazy("Telephone number of an adult, if they like.")),
    Column(
        "disabilitas",
        12,
        True,
        gettext_lazy("“ya” or “tidak”, only if the person agrees that this is written down."),
    ),
    Column(
        "disabilitas disetujui",
        12,
        True,
        gettext_lazy("“ya” if the person agreed that the column before is written down."),
    ),
    Column(
        "persetujuan wali",
        24,
        True,
        gettext_lazy("Of a child: where the guardian's signed consent lies, never their name."),
    ),
    Column("status", 14, True, gettext_lazy("One of: %(statuses)s. Empty means that they came.")),
    Column("kegiatan", 36, False, gettext_lazy("The session. Not read by an import.")),
    Column("tanggal", 14, False, gettext_lazy("The day of the session. Not read by an import.")),
    Column(
        "cara",
        18,
        False,
        gettext_lazy("How it was written down: %(ways)s. Not read by an import."),
    ),
    Column(
        "dicatat",
        18,
        False,
        gettext_lazy("When it was written down, in the time of the session. Not read."),
    ),
    Column(
        "kunci",
        38,
        True,
        gettext_lazy("Our key of the person, so that an import knows them again. Leave it as is."),
    ),
)
READ = tuple(column.name for column in COLUMNS if column.is_read)
NAMES = tuple(column.name for column in COLUMNS)
WIDTHS = tuple(column.width for column in COLUMNS)
NEEDED = ("nama", "l/p", "kelompok umur")
# What our file of faulty rows adds.
ADDED = ("baris", "kesalahan")
DATES = "dd/mm/yyyy"
# As the file is told, whatever the reader's language.
STATUS_WORDS = {
    Status.PRESENT: "hadir",
    Status.LATE: "terlambat",
    Status.EXCUSED: "izin",
    Status.ILL: "sakit",
    Status.ABSENT: "tidak hadir",
}
WAY_WORDS = {
    Way.ROLL_CALL: "panggil",
    Way.SELF: "mandiri",
    Way.SCAN: "pindai",
    Way.IMPORT: "impor",
    Way.PAPER: "kertas",
}


def explanations() -> list[tuple[str, str]]:
    """(column, what stands in it) for the second sheet."""
    words = {
        "ages": ", ".join(ages.age_groups()),
        "statuses": ", ".join(STATUS_WORDS.values()),
        "ways": ", ".join(WAY_WORDS.values()),
    }
    return [
        *((column.name, str(column.meaning) % words) for column in COLUMNS),
        ("", _("Do not write NIK or NISN anywhere. Rows that hold one are refused.")),
    ]
