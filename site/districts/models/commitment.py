from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from districts.scoping import DistrictRecord


class CommitmentStatus(models.TextChoices):
    PLANNED = "direncanakan", _("Planned")
    RUNNING = "berjalan", _("Under way")
    DONE = "selesai", _("Done")
    DELAYED = "tertunda", _("Delayed")
    STOPPED = "dihentikan", _("Stopped")


class Commitment(DistrictRecord):
    """A measure of the district's action plan (RAD): who owes it, until when, how far it is.

    `status` repeats the newest step, so that a list is one query; a service keeps both.
    """

    number = models.CharField(_("number"), max_length=20, help_text=_("As in the plan, e.g. 2.3"))
    measure = models.CharField(_("measure"), max_length=300)
    description = models.TextField(_("what readers should know"), blank=True)
    owner = models.ForeignKey(
        "districts.Organisation", models.PROTECT, related_name="+", verbose_name=_("owner")
    )
    indicator = models.CharField(_("how it is measured"), max_length=300, blank=True)
    issue_codes = models.JSONField(_("issue areas"), default=list, blank=True)
    due = models.DateField(_("due"))
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=CommitmentStatus.choices,
        default=CommitmentStatus.PLANNED,
    )
    status_since = models.DateField(_("since"))
    is_published = models.BooleanField(_("readers see it"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["due", "number"]
        verbose_name = _("RAD commitment")
        verbose_name_plural = _("RAD commitments")
        constraints = [
            models.UniqueConstraint(fields=["district", "number"], name="commitment_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.measure}"


class CommitmentStep(DistrictRecord):
    """One entry of a commitment's history; never changed, a correction is a new one."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="steps")
    status = models.CharField(_("status"), max_length=12, choices=CommitmentStatus.choices)
    day = models.DateField(_("day"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-day", "-pk"]
        verbose_name = _("step of a commitment")
        verbose_name_plural = _("steps of commitments")

    def __str__(self) -> str:
        return f"{self.day}: {self.get_status_display()}"
