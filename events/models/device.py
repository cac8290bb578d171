from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from districts.scoping import DistrictQuerySet, DistrictRecord


class DeviceQuerySet(DistrictQuerySet):
    def active(self) -> "DeviceQuerySet":
        return self.filter(revoked_at__isnull=True)


class Device(DistrictRecord):
    """A telephone or computer that a member sends facts from, also days later.

    Only the token's digest is kept. It does what its member may do, and where `events` names any,
    at these alone. A revoked one stays, so that what it told can be traced.
    """

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    label = models.CharField(_("what you call it"), max_length=60)
    token_digest = models.CharField(max_length=64, unique=True)
    events = models.ManyToManyField("events.Event", blank=True, related_name="+")
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("device")
        verbose_name_plural = _("devices")

    def __str__(self) -> str:
        return str(self.pk)
