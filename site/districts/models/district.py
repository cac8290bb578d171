from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Collection, Site

TIMEZONES = [
    ("Asia/Jakarta", "WIB"),
    ("Asia/Makassar", "WITA"),
    ("Asia/Jayapura", "WIT"),
]


class District(models.Model):
    """An office with a host and a page tree of its own: a district's, a province's or the nation's.

    Everything that differs from office to office is a field here, never an `if` in code.
    """

    class Level(models.TextChoices):
        NASIONAL = "nasional", _("National")
        PROVINSI = "provinsi", _("Province")
        KABUPATEN = "kabupaten", _("Regency or city")

    class Cloth(models.TextChoices):
        LURIK = "lurik", _("Lurik stripes")
        BADUY = "baduy", _("White and indigo grid")
        MANIK = "manik", _("Beadwork zigzag")
        TENUN = "tenun", _("Tenun diamonds")
        SASIRANGAN = "sasirangan", _("Sasirangan waves")
        POLOS = "polos", _("Plain")

    site = models.OneToOneField(Site, models.PROTECT, related_name="district")
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    region = models.ForeignKey(
        "districts.Region",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("region"),
        help_text=_("Empty for the national office."),
    )
    slug = models.SlugField(_("short name in addresses"), unique=True)
    short_name = models.CharField(_("short name"), max_length=60)
    office_name = models.CharField(_("name of the office"), max_length=200)
    timezone = models.CharField(
        _("time zone"), max_length=40, choices=TIMEZONES, default=TIMEZONES[0][0]
    )
    languages = models.JSONField(_("content languages"), default=list, blank=True)
    cloth = models.CharField(_("cloth"), max_length=20, choices=Cloth.choices, default=Cloth.POLOS)
    accent = models.CharField(
        _("accent colour"),
        max_length=7,
        default="#1f5a5e",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}\Z")],
    )
    letterhead = models.TextField(_("letterhead"), blank=True, help_text=_("One line per line."))
    signatory = models.CharField(
        _("signatory"), max_length=120, blank=True, help_text=_("An office, not a person's name.")
    )
    number_format = models.CharField(_("number format of letters"), max_length=120, blank=True)
    kla_target = models.CharField(_("KLA target"), max_length=20, blank=True)
    collection = models.ForeignKey(
        Collection, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        ordering = ["level", "short_name"]
        verbose_name = _("district")
        verbose_name_plural = _("districts")
        constraints = [
            models.UniqueConstraint(
                fields=["level"],
                condition=models.Q(level="nasional"),
                name="district_one_national_office",
            ),
            models.CheckConstraint(
                name="district_has_a_region_unless_national",
                condition=models.Q(level="nasional", region__isnull=True)
                | (~models.Q(level="nasional") & models.Q(region__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.short_name

    @property
    def is_national(self) -> bool:
        return self.level == self.Level.NASIONAL

    @property
    def timezone_suffix(self) -> str:
        return dict(TIMEZONES)[self.timezone]

    @property
    def letterhead_lines(self) -> list[str]:
        return [line for line in self.letterhead.splitlines() if line.strip()]

    @property
    def default_language(self) -> str:
        return settings.LANGUAGE_CODE.split("-")[0]


class KlaLevel(models.Model):
    """One year's Kabupaten Layak Anak level of a district, with its source."""

    class Level(models.TextChoices):
        PRATAMA = "pratama", "Pratama"
        MADYA = "madya", "Madya"
        NINDYA = "nindya", "Nindya"
        UTAMA = "utama", "Utama"
        KLA = "kla", "KLA"

    district = models.ForeignKey(District, models.CASCADE, related_name="kla_levels")
    year = models.PositiveSmallIntegerField(_("year"))
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        ordering = ["-year"]
        verbose_name = _("KLA level")
        verbose_name_plural = _("KLA levels")
        constraints = [
            models.UniqueConstraint(fields=["district", "year"], name="kla_one_level_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.district} {self.year}: {self.get_level_display()}"
