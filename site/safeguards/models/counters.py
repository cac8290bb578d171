from django.db import models


class RateWindow(models.Model):
    """How often one key acted within one window of time; the key is stored as an HMAC alone."""

    scope = models.CharField(max_length=64)
    key_digest = models.CharField(max_length=64)
    window_start = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "key_digest", "window_start", "expires_at"],
                name="safeguards_rate_window",
            )
        ]

    def __str__(self) -> str:
        return f"{self.scope}: {self.count}"


class Generation(models.Model):
    """The one row whose number is part of every page-cache key."""

    number = models.PositiveBigIntegerField(default=1)
    reason = models.CharField(max_length=100, blank=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="safeguards_one_generation")
        ]

    def __str__(self) -> str:
        return str(self.number)


class TickRun(models.Model):
    """When a periodic job ran last, and who holds it now: the lock between concurrent clocks."""

    name = models.CharField(max_length=100, primary_key=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name
