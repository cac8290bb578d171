"""What is kept for a while of two people who were put together, so that it can be undone."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from districts.scoping import DistrictRecord
from events.models.attendance import Participant, Status, Telling, Way

# So long a merge can be undone; afterwards nobody remembers who was who.
UNDO_DAYS = 30


class PersonMerge(DistrictRecord):
    """`other` was taken for `into`; `kept_until` is how long `into` was kept before."""

    into = models.ForeignKey(Participant, models.CASCADE, related_name="taken_in")
    other = models.OneToOneField(Participant, models.CASCADE, related_name="merge")
    merged_at = models.DateTimeField()
    kept_until = models.DateField()

    class Meta:
        ordering = ["-merged_at", "-pk"]
        verbose_name = _("merge of two people")
        verbose_name_plural = _("merges of two people")

    def __str__(self) -> str:
        return f"{self.other_id} → {self.into_id}"


class MergedAttendance(Telling):
    """What held about one of the two at one date, as it stood when they were put together."""

    merge = models.ForeignKey(PersonMerge, models.CASCADE, related_name="rows")
    occurrence = models.ForeignKey("events.Occurrence", models.CASCADE, related_name="+")
    of_other = models.BooleanField()
    status = models.CharField(_("status"), max_length=12, choices=Status.choices)
    way = models.CharField(_("how"), max_length=8, choices=Way.choices)
    rank = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("attendance before a merge")
        verbose_name_plural = _("attendances before merges")
        constraints = [
            models.UniqueConstraint(
                fields=["merge", "occurrence", "of_other"], name="merged_attendance_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.merge_id} {self.occurrence_id}"
