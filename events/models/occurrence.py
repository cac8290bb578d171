from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from districts.scoping import DistrictQuerySet, DistrictRecord


class OccurrenceQuerySet(DistrictQuerySet):
    def shown(self) -> "OccurrenceQuerySet":
        return self.filter(is_public=True)


class Occurrence(DistrictRecord):
    """One date of an event, on which registration, attendance and report hang.

    `recurrence_id` is the start (UTC) that the rule gave it, RFC 5545 section 3.8.4.4; a moved date
    keeps it. `day` and `last_day` are computed in the event's own zone. `is_extra` dates were
    added one by one. `is_public`, `is_national` and `facets` repeat the event, so that a month is
    read from this table alone; `facets` is `|jenis:rakor|kec:53.04.01|sasaran:guru|tema:KtA|`.
    """

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="occurrences")
    key = models.UUIDField(default=uuid4, unique=True)
    recurrence_id = models.DateTimeField()
    original_day = models.DateField()
    start = models.DateTimeField(_("starts"))
    end = models.DateTimeField(_("ends"))
    day = models.DateField(_("day"))
    last_day = models.DateField(_("last day"))
    is_extra = models.BooleanField(default=False)
    is_cancelled = models.BooleanField(_("cancelled"), default=False)
    # What is different on this date; "" is as in the event.
    title = models.CharField(_("title"), max_length=160, blank=True)
    venue = models.CharField(_("place"), max_length=160, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    is_public = models.BooleanField(default=False)
    is_national = models.BooleanField(default=False)
    facets = models.CharField(max_length=600, blank=True)
    # Called off because the rule had it no more; it comes back where the rule has it again.
    was_left_over = models.BooleanField(default=False)
    seats = models.PositiveIntegerField(_("places"), null=True, blank=True)
    taken = models.PositiveIntegerField(_("taken places"), default=0)

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        ordering = ["start", "pk"]
        verbose_name = _("date of an event")
        verbose_name_plural = _("dates of events")
        constraints = [
            models.UniqueConstraint(fields=["event", "recurrence_id"], name="occurrence_once"),
            models.CheckConstraint(
                name="occurrence_ends_after_it_starts", condition=Q(end__gt=F("start"))
            ),
            models.CheckConstraint(
                name="occurrence_never_overbooked",
                condition=Q(seats__isnull=True) | Q(taken__lte=F("seats")),
            ),
        ]
        indexes = [
            models.Index(fields=["district", "day", "start"], name="occurrence_day"),
            # Of two indexes that serve alike SQLite takes the later one.
            models.Index(
                fields=["district", "day", "start"],
                condition=Q(is_public=True),
                name="occurrence_public_day",
            ),
            models.Index(
                fields=["day", "start"],
                condition=Q(is_public=True, is_national=True),
                name="occurrence_national_day",
            ),
            # Few last longer than a day; a month has to find those that began before it.
            models.Index(
                fields=["district", "last_day"],
                condition=Q(is_public=True, last_day__gt=F("day")),
                name="occurrence_running",
            ),
            models.Index(
                fields=["last_day"],
                condition=Q(is_public=True, is_national=True, last_day__gt=F("day")),
                name="occurrence_running_nation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.day}"

    @property
    def is_moved(self) -> bool:
        return self.start != self.recurrence_id

    @property
    def was_called_off(self) -> bool:
        """Whether the session was cancelled before this date began."""
        gone = self.event.cancelled_at
        return gone is not None and gone < self.start

    @property
    def is_changed(self) -> bool:
        """Whether it needs an override in a feed."""
        return bool(self.is_cancelled or self.changed_at)


class CalendarDay(DistrictRecord):
    """How many public sessions a day of the calendar has, so that a month is 42 rows to read.

    The national calendar's rows are those of the national office.
    """

    day = models.DateField()
    number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("day of the calendar")
        verbose_name_plural = _("days of the calendar")
        constraints = [
            models.UniqueConstraint(fields=["district", "day"], name="calendar_day_once")
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.number}"
