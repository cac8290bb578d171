from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from districts.scoping import DistrictQuerySet, DistrictRecord
from districts.term_fields import TermCodesField


class CommitmentStatus(models.TextChoices):
    PLANNED = "direncanakan", _("Planned")
    RUNNING = "berjalan", _("Under way")
    DELAYED = "tertunda", _("Delayed")
    DONE = "selesai", _("Done")
    STOPPED = "dihentikan", _("Stopped")


# Nothing is owed any more.
ENDED = (CommitmentStatus.DONE, CommitmentStatus.STOPPED)


class CommitmentQuerySet(DistrictQuerySet):
    def published(self) -> "CommitmentQuerySet":
        """What readers see."""
        return self.filter(is_published=True)

    def overdue(self, today: date) -> "CommitmentQuerySet":
        """Due before this day of the office's, and neither done nor stopped."""
        return self.filter(due__lt=today).exclude(status__in=ENDED)


class Commitment(DistrictRecord):
    """A measure of the district's action plan (RAD): who owes it, until when, how far it is.

    `status` and `status_since` repeat the newest steps, so that a list is one query;
    `services.commitments` keeps them. `version` rises with every change and every step: a form that
    was opened before is stale.
    """

    number = models.CharField(_("number"), max_length=20, help_text=_("As in the plan, e.g. 2.3"))
    measure = models.CharField(_("measure"), max_length=300)
    description = models.TextField(_("what readers should know"), blank=True)
    owner = models.ForeignKey(
        "districts.Organisation", models.PROTECT, related_name="+", verbose_name=_("owner")
    )
    indicator = models.CharField(_("how it is measured"), max_length=300, blank=True)
    issue_codes = TermCodesField(_("issue areas"), vocabulary="issue_area")
    due = models.DateField(_("due"))
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=CommitmentStatus.choices,
        default=CommitmentStatus.PLANNED,
    )
    status_since = models.DateField(_("since"))
    is_published = models.BooleanField(_("readers see it"), default=False)
    version = models.PositiveIntegerField(default=1, db_default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["due", "number"]
        verbose_name = _("RAD commitment")
        verbose_name_plural = _("RAD commitments")
        constraints = [
            models.UniqueConstraint(fields=["district", "number"], name="commitment_number_once"),
            models.CheckConstraint(
                name="commitment_status_known",
                condition=models.Q(status__in=CommitmentStatus.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.measure}"


class HistoryRewritten(RuntimeError):
    """Raised when somebody tries to change or delete what may only be added to."""


class StepQuerySet(DistrictQuerySet):
    def update(self, **kwargs):
        raise HistoryRewritten("A step is never changed; a correction is a new one.")

    def delete(self):
        raise HistoryRewritten("A step is never deleted; a correction is a new one.")

    def bulk_update(self, *args, **kwargs):
        raise HistoryRewritten("A step is never changed; a correction is a new one.")


class CommitmentStep(DistrictRecord):
    """One entry of a commitment's history; never changed, a correction is a new one.

    `due_before` and `due_after` say that the due date was moved, so that it can't move silently.
    `key` comes from the form: sent twice, it is one step.
    """

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="steps")
    status = models.CharField(_("status"), max_length=12, choices=CommitmentStatus.choices)
    day = models.DateField(_("day"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    due_before = models.DateField(null=True, blank=True)
    due_after = models.DateField(null=True, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    key = models.UUIDField(null=True, blank=True, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-pk"]
        verbose_name = _("step of a commitment")
        verbose_name_plural = _("steps of commitments")
        constraints = [
            models.CheckConstraint(
                name="commitment_step_status_known",
                condition=models.Q(status__in=CommitmentStatus.values),
            ),
            models.CheckConstraint(
                name="commitment_step_moves_from_and_to",
                condition=models.Q(due_before__isnull=True, due_after__isnull=True)
                | models.Q(due_before__isnull=False, due_after__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.get_status_display()}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise HistoryRewritten("A step is never changed; a correction is a new one.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise HistoryRewritten("A step is never deleted; a correction is a new one.")
