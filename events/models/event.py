from uuid import uuid4

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from districts.models.district import TIMEZONES
from districts.scoping import DistrictQuerySet, DistrictRecord
from districts.term_fields import TermCodesField

# The longest meeting: a training of two weeks. Lists look so far back for what still goes on.
LONGEST_DAYS = 14
MOST_SEATS = 5_000


class EventState(models.TextChoices):
    PROPOSED = "usulan", _("Proposed")
    CHANGES = "perlu_diubah", _("To be changed")
    APPROVED = "disetujui", _("Approved")
    PUBLISHED = "terbit", _("Published")
    CANCELLED = "dibatalkan", _("Cancelled")


# It takes place as far as anybody knows.
STANDING = (EventState.APPROVED, EventState.PUBLISHED)


class EventQuerySet(DistrictQuerySet):
    def public(self) -> "EventQuerySet":
        """What everybody may read of, cancelled ones included: a cancellation has to be told."""
        return self.filter(
            published_at__isnull=False, state__in=(EventState.PUBLISHED, EventState.CANCELLED)
        )


class Event(DistrictRecord):
    """A session, or a series of them; its dates are rows of `Occurrence`.

    `starts_at` is the first start (UTC), `minutes` how long one lasts, `timezone` the zone whose
    wall clock the rule follows. `rrule` is an RFC 5545 rule without its name, "" for a single date.
    `key` comes from the form: sent twice, it is one event. Events of one `chain` were one series
    before its future was changed. `guarded` says that the public learns kind, kecamatan and
    date alone. `version` rises with every change, for forms; `sequence` and `modified_at` are what
    calendars of others compare, and only grow.
    """

    key = models.UUIDField()
    uid = models.CharField(max_length=100, unique=True)
    chain = models.UUIDField(default=uuid4, db_index=True)
    slug = models.SlugField(max_length=80)
    state = models.CharField(
        _("state"), max_length=12, choices=EventState.choices, default=EventState.PROPOSED
    )
    kind = models.CharField(_("kind"), max_length=60)
    title = models.CharField(_("title"), max_length=160)
    summary = models.TextField(_("what it is about"), max_length=2_000, blank=True)
    organiser = models.ForeignKey(
        "districts.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organiser or group"),
    )
    audience_codes = TermCodesField(_("for whom"), vocabulary="audience")
    issue_codes = TermCodesField(_("about what"), vocabulary="issue_area")
    indicator_codes = TermCodesField(_("KLA indicators"), vocabulary="kla_indicator")
    region = models.ForeignKey(
        "districts.Region", models.PROTECT, null=True, blank=True, verbose_name=_("where")
    )
    venue = models.CharField(_("place"), max_length=160, blank=True)
    # Only members read it; the public page of a guarded event has neither.
    address = models.CharField(_("how to get there"), max_length=300, blank=True)
    is_home = models.BooleanField(_("in somebody's home"), default=False)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    materials = models.CharField(_("what is needed"), max_length=300, blank=True)
    starts_at = models.DateTimeField(_("starts"))
    minutes = models.PositiveIntegerField(_("minutes"))
    timezone = models.CharField(_("time zone"), max_length=40, choices=TIMEZONES)
    rrule = models.CharField(_("repeats"), max_length=300, blank=True)
    guarded = models.BooleanField(default=False)
    is_national = models.BooleanField(_("also in the national calendar"), default=False)
    seats = models.PositiveIntegerField(_("places"), null=True, blank=True)
    takes_registrations = models.BooleanField(_("people can register"), default=False)
    # The request of somebody without an account that this event answers.
    request_key = models.UUIDField(null=True, blank=True, db_index=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="proposed_events"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Nobody had to approve it: the member and the kind are trusted by the office's setting.
    is_trusted = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    sequence = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    modified_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    # What stood while its proposer's change waits for approval; see `events.services.returning`.
    stood = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    cancel_note = models.CharField(_("why it is cancelled"), max_length=200, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.UniqueConstraint(fields=["district", "key"], name="event_once"),
            models.UniqueConstraint(fields=["district", "slug"], name="event_slug_once"),
            models.CheckConstraint(
                name="event_approved_by_another",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="event_state_known", condition=Q(state__in=EventState.values)
            ),
            models.CheckConstraint(
                name="event_lasts_some_time",
                condition=Q(minutes__gte=1, minutes__lte=LONGEST_DAYS * 24 * 60),
            ),
            models.CheckConstraint(
                name="event_published_says_when",
                condition=~Q(state="terbit") | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="event_cancelled_says_when",
                condition=Q(state="dibatalkan", cancelled_at__isnull=False)
                | (~Q(state="dibatalkan") & Q(cancelled_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["district", "state", "starts_at"], name="event_by_state"),
            models.Index(fields=["proposed_by", "-created_at"], name="event_of_whom"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def zone_suffix(self) -> str:
        return dict(TIMEZONES)[self.timezone]

    @property
    def is_public(self) -> bool:
        return self.published_at is not None and self.state in (
            EventState.PUBLISHED,
            EventState.CANCELLED,
        )
