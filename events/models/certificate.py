"""Certificates of adults who came to a session; what is printed, and whether it still holds."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from districts.scoping import DistrictQuerySet, DistrictRecord


class CertificateQuerySet(DistrictQuerySet):
    def standing(self) -> "CertificateQuerySet":
        return self.filter(revoked_at__isnull=True)


class Certificate(DistrictRecord):
    """One for a person and an event, with the words it was printed with.

    The serial follows from `key` and our own secret (`events.serials`), so that it is printed again
    without being kept; only its digest is, which is what a verification is looked up by.
    `minutes` is how long the dates lasted at which the person was there.
    """

    key = models.UUIDField(default=uuid4, unique=True)
    serial_digest = models.CharField(max_length=64, unique=True)
    event = models.ForeignKey("events.Event", models.PROTECT, related_name="certificates")
    participant = models.ForeignKey(
        "events.Participant", models.CASCADE, related_name="certificates"
    )
    name = models.CharField(_("name"), max_length=120)
    title = models.CharField(_("event"), max_length=200)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    minutes = models.PositiveIntegerField(_("minutes"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            models.UniqueConstraint(fields=["event", "participant"], name="certificate_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
