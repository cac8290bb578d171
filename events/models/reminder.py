from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from districts.scoping import DistrictRecord
from safeguards.models import OwedMail


class Reminder(OwedMail, DistrictRecord):
    """A mail that is owed about one date, to whoever registered or proposed it.

    A row is made once for (date, whom, what); only the clock sends it, after it took the row.
    """

    class What(models.TextChoices):
        SOON = "sebelum", _("the session is near")
        MOVED = "dipindah", _("the date was moved")
        CANCELLED = "dibatalkan", _("the session was cancelled")
        PROMOTED = "naik", _("a place became free")
        REGISTERED = "terdaftar", _("the registration was received")
        REMOVED = "dilepas", _("the office cancelled the registration")

    occurrence = models.ForeignKey("events.Occurrence", models.CASCADE, related_name="reminders")
    registration = models.ForeignKey(
        "events.Registration", models.CASCADE, null=True, blank=True, related_name="reminders"
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    what = models.CharField(max_length=10, choices=What.choices)
    # Which of several of one kind: the number of the change it tells.
    round = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(
                fields=["occurrence", "registration", "what", "round"],
                condition=Q(registration__isnull=False),
                name="reminder_once_a_registration",
            ),
            models.UniqueConstraint(
                fields=["occurrence", "member", "what", "round"],
                condition=Q(member__isnull=False),
                name="reminder_once_a_member",
            ),
            models.CheckConstraint(
                name="reminder_for_somebody",
                condition=Q(registration__isnull=False, member__isnull=True)
                | Q(registration__isnull=True, member__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="reminder_due")]

    def __str__(self) -> str:
        return f"{self.what} {self.pk}"
