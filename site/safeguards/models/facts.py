from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class Fact(models.Model):
    """Something recorded in the field, told once under a UUID that the client made.

    ``body`` and ``response`` are emptied by retention and by erasure; ``body_hash`` stays, so
    that the same key never means something else later.
    """

    class State(models.TextChoices):
        CREATED = "created", _("recorded")
        QUARANTINED = "quarantined", _("waiting for somebody to look at it")
        DROPPED = "dropped", _("put away by somebody who looked at it")

    kind = models.CharField(max_length=64)
    key = models.UUIDField()
    # Every index is one more page that each check-in has to wait for.
    site = models.ForeignKey(
        "wagtailcore.Site", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.CREATED)
    reason = models.CharField(max_length=255, blank=True)
    body_hash = models.CharField(max_length=64)
    body = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    response = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    client_time = models.DateTimeField(null=True, blank=True)
    server_time = models.DateTimeField(db_index=True)
    skew_seconds = models.BigIntegerField(null=True, blank=True)
    skewed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "site", "key"], name="safeguards_fact_once")
        ]
        indexes = [
            models.Index(
                fields=["site", "server_time"],
                condition=models.Q(state="quarantined"),
                name="safeguards_fact_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class FactSubject(models.Model):
    """A person a fact is about, as a keyed digest: enough to find the fact when they ask."""

    # The unique constraint begins with it.
    fact = models.ForeignKey(
        Fact, on_delete=models.CASCADE, related_name="subjects", db_index=False
    )
    digest = models.CharField(max_length=64, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fact", "digest"], name="safeguards_fact_subject")
        ]

    def __str__(self) -> str:
        return self.digest[:8]
