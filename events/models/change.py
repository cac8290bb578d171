from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from districts.scoping import DistrictRecord


class EventChange(DistrictRecord):
    """One entry of an event's log: who did what, and which values it changed.

    `values` is {field: [before, after]} as text; names of speakers are never among them.
    """

    class Verb(models.TextChoices):
        PROPOSED = "diusulkan", _("proposed")
        RETURNED = "dikembalikan", _("sent back to be changed")
        EDITED = "diubah", _("changed")
        APPROVED = "disetujui", _("approved")
        PUBLISHED = "diterbitkan", _("published")
        HIDDEN = "disembunyikan", _("taken out of the public calendar")
        CANCELLED = "dibatalkan", _("cancelled")
        DATE_CANCELLED = "tanggal_dibatalkan", _("one date cancelled")
        DATE_RESTORED = "tanggal_dipulihkan", _("one date takes place after all")
        DATE_MOVED = "tanggal_dipindah", _("one date moved")
        DATE_ADDED = "tanggal_ditambah", _("one date added")
        DATE_REMOVED = "tanggal_dihapus", _("one date removed")
        SPLIT = "dipisah", _("changed from one date on")

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="changes")
    verb = models.CharField(_("what"), max_length=20, choices=Verb.choices)
    day = models.DateField(_("date"), null=True, blank=True)
    values = models.JSONField(default=dict, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("change of an event")
        verbose_name_plural = _("changes of events")

    def __str__(self) -> str:
        return f"{self.event_id}: {self.get_verb_display()}"
