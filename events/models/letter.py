from django.db import models
from django.utils.translation import gettext_lazy as _

from districts.scoping import DistrictRecord


class LetterCount(DistrictRecord):
    """The last number of an office's letters in a year; the row is the lock."""

    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("count of letters")
        verbose_name_plural = _("counts of letters")
        constraints = [
            models.UniqueConstraint(fields=["district", "year"], name="letter_count_once")
        ]

    def __str__(self) -> str:
        return f"{self.district_id} {self.year}: {self.last}"


class Letter(DistrictRecord):
    """A paper that has a number; the number stays used whatever becomes of the session.

    `reference` is the number as it was printed, after the office's format of that day.
    """

    class Kind(models.TextChoices):
        INVITATION = "undangan", _("Invitation")
        DUTY = "surat-tugas", _("Letter of duty")
        MINUTES = "berita-acara", _("Official record")

    class Urgency(models.TextChoices):
        """As every letter of an office says it (Permendagri 1/2023)."""

        ORDINARY = "biasa", _("Ordinary")
        IMPORTANT = "penting", _("Important")
        URGENT = "segera", _("Urgent")
        AT_ONCE = "amat-segera", _("Very urgent")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.INVITATION)
    event = models.ForeignKey(
        "events.Event", models.SET_NULL, null=True, blank=True, related_name="letters"
    )
    occurrence = models.ForeignKey(
        "events.Occurrence", models.SET_NULL, null=True, blank=True, related_name="letters"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"))
    reference = models.CharField(_("number of the letter"), max_length=200)
    classification = models.CharField(_("classification"), max_length=40, blank=True)
    unit = models.CharField(_("code of the unit"), max_length=40, blank=True)
    agenda = models.CharField(_("agenda"), max_length=500, blank=True)
    urgency = models.CharField(
        _("urgency"), max_length=12, choices=Urgency.choices, default="biasa", db_default="biasa"
    )
    day = models.DateField(_("date of the letter"))
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-year", "-number"]
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            models.UniqueConstraint(
                fields=["district", "year", "number"], name="letter_number_once"
            )
        ]

    def __str__(self) -> str:
        return self.reference
