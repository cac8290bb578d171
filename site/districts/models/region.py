from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

# Not \d, which takes the digits of every script, and not $, which allows a line's end after it.
REGION_CODE = r"^[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?\Z"


class RegionQuerySet(models.QuerySet):
    def kecamatan_of(self, code: str) -> "RegionQuerySet":
        """The kecamatan of a kabupaten/kota, by name, those of today only."""
        return self.filter(
            level=Region.Level.KECAMATAN, parent_id=code, valid_until__isnull=True
        ).order_by("name")


class Region(models.Model):
    """A node of the Kemendagri tree `PP.KK.CC.DDDD`; the code is text and is the key.

    A code that moved keeps its row with `valid_until` and points at its successor.
    """

    class Level(models.TextChoices):
        PROVINSI = "provinsi", _("Province")
        KABUPATEN = "kabupaten", _("Regency or city")
        KECAMATAN = "kecamatan", _("Sub-district (kecamatan)")
        DESA = "desa", _("Village (desa or kelurahan)")

    code = models.CharField(
        _("code"), max_length=13, primary_key=True, validators=[RegexValidator(REGION_CODE)]
    )
    name = models.CharField(_("name"), max_length=120)
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors"
    )

    objects = RegionQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        constraints = [
            models.CheckConstraint(
                name="region_only_provinces_have_no_parent",
                condition=models.Q(level="provinsi", parent__isnull=True)
                | (~models.Q(level="provinsi") & models.Q(parent__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_kelurahan(self) -> bool:
        """In the fourth block 1xxx is a kelurahan; 2xxx and 3xxx are desa."""
        return len(self.code) == 13 and self.code[9] == "1"

    @property
    def kecamatan_code(self) -> str | None:
        return self.code[:8] if len(self.code) >= 8 else None
