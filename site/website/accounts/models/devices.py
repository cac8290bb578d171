from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from districts.scoping import DistrictQuerySet, DistrictRecord

# A device that nobody signed in from for so long is forgotten.
FORGOTTEN_AFTER = timedelta(days=180)


class SignInDevices(DistrictQuerySet):
    def working(self, now: datetime | None = None) -> "SignInDevices":
        """Devices whose PIN still opens; a locked one does, later."""
        since = (now or timezone.now()) - FORGOTTEN_AFTER
        return self.filter(revoked_at__isnull=True, used_on__gte=timezone.localdate(since))


class SignInDevice(DistrictRecord):
    """A phone or computer on which a member of one office signs in with a PIN.

    The device proves itself by a token in its cookie, of which only the digest is kept; the PIN is
    hashed like a password. Several members may share a device: each has a row with its digest.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="sign_in_devices"
    )
    token_digest = models.CharField(max_length=64, db_index=True)
    pin = models.CharField(max_length=128)
    # What kind of device it said to be, "Android, Chrome"; nothing finer.
    label = models.CharField(_("device"), max_length=40)
    created_at = models.DateTimeField(auto_now_add=True)
    used_on = models.DateField(_("last used"), default=timezone.localdate)
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = SignInDevices.as_manager()

    class Meta:
        ordering = ["-used_on", "-pk"]
        verbose_name = _("device to sign in from")
        verbose_name_plural = _("devices to sign in from")
        constraints = [
            models.UniqueConstraint(
                "token_digest",
                "user",
                condition=Q(revoked_at__isnull=True),
                name="one_pin_per_person_and_device",
            )
        ]

    def __str__(self) -> str:
        return self.label


class DeviceLink(DistrictRecord):
    """A one-time link that sets the PIN of the device it is opened on; its digest is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    token_digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("link for a device")
        verbose_name_plural = _("links for a device")

    def __str__(self) -> str:
        return f"{self.district} {self.expires_at:%Y-%m-%d}"
