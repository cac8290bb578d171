from django.db import models
from django.utils.translation import gettext_lazy as _

from districts.scoping import DistrictRecord


class FeedEntry(DistrictRecord):
    """An event as the public feeds tell it: its VEVENTs as text, written when it changes.

    `body` holds the series with its overrides, `flat` one VEVENT a date for readers that expand
    nothing. A feed is these rows one after another, so that it costs no more than reading them.
    """

    event = models.OneToOneField("events.Event", models.CASCADE, related_name="feed_entry")
    is_national = models.BooleanField(default=False)
    facets = models.CharField(max_length=600, blank=True)
    timezone = models.CharField(max_length=40)
    last_day = models.DateField()
    body = models.TextField()
    flat = models.TextField()
    modified_at = models.DateTimeField()

    class Meta:
        ordering = ["event"]
        verbose_name = _("feed entry")
        verbose_name_plural = _("feed entries")
        indexes = [
            models.Index(fields=["district", "event"], name="feed_entry_of_district"),
            models.Index(
                fields=["event"],
                condition=models.Q(is_national=True),
                name="feed_entry_national",
            ),
        ]

    def __str__(self) -> str:
        return str(self.event_id)
