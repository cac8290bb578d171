from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ReviewWarning(models.Model):
    """That the editors were told of a review so many days ahead: told once."""

    page = models.ForeignKey("modules.ModulePage", models.CASCADE, related_name="+")
    due = models.DateField()
    days = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "due", "days"], name="review_warning_once")
        ]

    def __str__(self) -> str:
        return f"{self.page_id} {self.due} {self.days}"


class Withdrawal(models.Model):
    """A module was taken back at once, by one person, with a reason; or let out again by two."""

    page = models.ForeignKey("modules.ModulePage", models.CASCADE, related_name="withdrawals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.reason
