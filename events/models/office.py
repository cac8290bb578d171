"""What an office decides about its calendar."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from districts.scoping import DistrictRecord


class CalendarSettings(DistrictRecord):
    """One row a district; without a row the defaults hold."""

    trusts_members = models.BooleanField(
        _("PKK meetings, posyandu and class sessions of confirmed members need no approval"),
        default=True,
    )
    publishes_guarded = models.BooleanField(
        _("such sessions stand in the public calendar, with kind, kecamatan and date alone"),
        default=False,
    )
    remind_days = models.PositiveSmallIntegerField(
        _("days before a session on which people are reminded"), default=2
    )
    registration_days = models.PositiveSmallIntegerField(
        _("days after a session on which registrations are deleted"), default=30
    )
    names_minors = models.BooleanField(
        _("children may be written down by name where a guardian's consent is recorded"),
        default=False,
    )
    corrects_days = models.PositiveSmallIntegerField(
        _("days after a session on which its attendance is closed"), default=30
    )
    # An office closes its books; attendance up to this day stays as it is.
    closed_until = models.DateField(_("attendance is closed up to this day"), null=True, blank=True)
    person_days = models.PositiveSmallIntegerField(
        _("days after their last session on which people are forgotten"), default=365
    )

    class Meta:
        verbose_name = _("calendar settings")
        verbose_name_plural = _("calendar settings")
        constraints = [models.UniqueConstraint(fields=["district"], name="calendar_settings_once")]

    def __str__(self) -> str:
        return str(self.district_id)


class LocalDay(DistrictRecord):
    """A day that the office wants people warned of, or a correction of a national holiday."""

    day = models.DateField(_("day"))
    label = models.CharField(_("what day it is"), max_length=120)
    # An ordinary day although the national list says otherwise.
    is_ordinary = models.BooleanField(_("no holiday here"), default=False)

    class Meta:
        ordering = ["day"]
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        constraints = [models.UniqueConstraint(fields=["district", "day"], name="local_day_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.label}"
