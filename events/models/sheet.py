"""Sheets on their way in and out: kept privately for a day, then gone."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from districts.scoping import DistrictRecord
from safeguards.files import private_storage


class SheetUpload(DistrictRecord):
    """An attendance sheet that was handed in and is looked at before anything of it is written.

    `refused` says why rows were not recorded, by their number; it names nobody.
    """

    key = models.UUIDField(unique=True)
    occurrence = models.ForeignKey("events.Occurrence", models.CASCADE, related_name="+")
    file = models.FileField(storage=private_storage, upload_to="impor/", max_length=200)
    refused = models.JSONField(default=dict, blank=True)
    recorded = models.PositiveIntegerField(null=True, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("imported sheet")
        verbose_name_plural = _("imported sheets")

    def __str__(self) -> str:
        return str(self.pk)


class SheetExport(DistrictRecord):
    """A long list that is written in the background for whoever asked.

    `what` names the list, `asked` holds its filters, `kind` is xlsx or csv. Without `occurrence` it
    is a list of the whole office.
    """

    class State(models.TextChoices):
        WAITING = "menunggu", _("Waiting")
        RUNNING = "berjalan", _("Being written")
        DONE = "selesai", _("Finished")
        FAILED = "gagal", _("Failed")

    # The list of one date, which is narrowed in a way of its own.
    ATTENDANCE = "hadir"

    key = models.UUIDField(default=uuid4, unique=True)
    what = models.CharField(max_length=20, default=ATTENDANCE, db_default=ATTENDANCE)
    occurrence = models.ForeignKey(
        "events.Occurrence", models.CASCADE, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=4)
    asked = models.JSONField(default=dict, blank=True)
    language_code = models.CharField(max_length=12)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    written = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    file = models.FileField(
        storage=private_storage, upload_to="unduhan/", max_length=200, blank=True
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("exported sheet")
        verbose_name_plural = _("exported sheets")

    def __str__(self) -> str:
        return str(self.pk)
