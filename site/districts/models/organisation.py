from datetime import date

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from districts.scoping import DistrictQuerySet, DistrictRecord


class OrganisationQuerySet(DistrictQuerySet):
    def active_on(self, day: date) -> "OrganisationQuerySet":
        """Those that exist on this day; a successor's first day is its predecessor's last."""
        return self.exclude(active_from__gt=day).exclude(active_until__lte=day)


class Organisation(DistrictRecord):
    """A school, agency, PKK group, police unit, service or community body of a district."""

    class Kind(models.TextChoices):
        SEKOLAH = "sekolah", _("School")
        PKK = "pkk", _("PKK")
        DINAS = "dinas", _("Government agency")
        KEPOLISIAN = "kepolisian", _("Police unit")
        UPTD_PPA = "uptd_ppa", "UPTD PPA"
        P2TP2A = "p2tp2a", "P2TP2A"
        PUSPAGA = "puspaga", "Puspaga"
        PEMERINTAH_DESA = "pemerintah_desa", _("Village or kecamatan office")
        PENEGAK_HUKUM = "penegak_hukum", _("Court or prosecutor")
        KESEHATAN = "kesehatan", _("Health service")
        AGAMA = "agama", _("Faith body")
        ADAT = "adat", _("Adat body")
        ANAK = "anak", _("Children's forum")
        USAHA = "usaha", _("Business")
        MEDIA = "media", _("Media")
        MASYARAKAT = "masyarakat", _("Community organisation")
        LEMBAGA_NASIONAL = "lembaga_nasional", _("National institution")

    class PkkLevel(models.TextChoices):
        PUSAT = "pusat", _("National")
        PROVINSI = "provinsi", _("Province")
        KABUPATEN = "kabupaten", _("Regency or city")
        KECAMATAN = "kecamatan", _("Kecamatan")
        DESA = "desa", _("Village")
        RW = "rw", "RW"
        RT = "rt", "RT"
        DASAWISMA = "dasawisma", "Dasawisma"

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    pkk_level = models.CharField(
        _("PKK level"), max_length=10, choices=PkkLevel.choices, blank=True
    )
    npsn = models.CharField(
        "NPSN",
        max_length=8,
        blank=True,
        validators=[RegexValidator(r"^[0-9A-Z]{8}\Z", _("An NPSN has 8 characters."))],
    )
    region = models.ForeignKey(
        "districts.Region", models.PROTECT, null=True, blank=True, verbose_name=_("region")
    )
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="units")
    active_from = models.DateField(_("active from"), null=True, blank=True)
    active_until = models.DateField(_("active until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.UniqueConstraint(
                "district",
                "kind",
                "name",
                Coalesce("region", Value("")),
                name="organisation_once_a_place",
            ),
            models.UniqueConstraint(
                fields=["npsn"], condition=~models.Q(npsn=""), name="organisation_npsn_once"
            ),
            models.CheckConstraint(
                name="organisation_ends_after_it_begins",
                condition=models.Q(active_until__gte=models.F("active_from"))
                | models.Q(active_until__isnull=True)
                | models.Q(active_from__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Succession(models.Model):
    """One organisation takes over from another (P2TP2A became UPTD PPA)."""

    predecessor = models.ForeignKey(Organisation, models.CASCADE, related_name="successions")
    successor = models.ForeignKey(Organisation, models.CASCADE, related_name="preceded_by")
    since = models.DateField(_("since"))
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
            models.CheckConstraint(
                name="succession_never_of_itself",
                condition=~models.Q(predecessor=models.F("successor")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"
