"""What a session came to: the report of one date, what follows from it, its photos and scans."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from districts.scoping import DistrictRecord
from safeguards.files import private_storage

LONGEST_MINUTES = 20_000
LONGEST_TEXT = 4_000
# No sum of ten digits looks like somebody's number.
MOST_COST = 9_000_000_000


class ReportState(models.TextChoices):
    DRAFT = "draf", _("Draft")
    SENT = "terkirim", _("Sent")
    RETURNED = "dikembalikan", _("Sent back")
    ACCEPTED = "diterima", _("Accepted by the office")


# Whoever reports may still change it.
OPEN_STATES = (ReportState.DRAFT, ReportState.RETURNED)


class SessionReport(DistrictRecord):
    """The report of one date; `minutes` is as it was typed, `minutes_html` what is shown of it.

    A report is told by facts that may arrive in any order: the words of the newest by
    (`told_at`, `told_key`) stand, and it is sent once `send_at`, the newest moment at which
    somebody sent it, is after `returned_at`. `version` rises with every change, for forms.
    """

    # Dates that something hangs on are kept: events.services.dates asks `reports.exists()`.
    occurrence = models.ForeignKey("events.Occurrence", models.PROTECT, related_name="reports")
    state = models.CharField(
        _("state"), max_length=12, choices=ReportState.choices, default=ReportState.DRAFT
    )
    minutes = models.TextField(_("minutes of the meeting"), max_length=LONGEST_MINUTES, blank=True)
    minutes_html = models.TextField(blank=True)
    results = models.TextField(_("results"), max_length=LONGEST_TEXT, blank=True)
    challenges = models.TextField(_("challenges"), max_length=LONGEST_TEXT, blank=True)
    solutions = models.TextField(_("solutions"), max_length=LONGEST_TEXT, blank=True)
    # Whole rupiah.
    cost = models.PositiveBigIntegerField(_("cost"), null=True, blank=True)
    cost_source = models.CharField(_("paid from"), max_length=120, blank=True)
    # {name of events.models.CHAPTERS: text, "laws": [code]}; None where nobody was asked, and the
    # office's outline holds.
    chapters = models.JSONField(null=True, blank=True)
    commitments = models.ManyToManyField("districts.Commitment", related_name="+", blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    told_at = models.DateTimeField(null=True, blank=True)
    told_key = models.UUIDField(null=True, blank=True)
    send_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    returned_at = models.DateTimeField(null=True, blank=True)
    return_note = models.CharField(_("what is to be changed"), max_length=500, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    # How many came, as it was known when the office accepted the report; the public reads it.
    people = models.PositiveIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    modified_at = models.DateTimeField()

    class Meta:
        ordering = ["-occurrence__start", "-pk"]
        verbose_name = _("session report")
        verbose_name_plural = _("session reports")
        constraints = [
            models.UniqueConstraint(fields=["occurrence"], name="report_once"),
            models.CheckConstraint(
                name="report_state_known", condition=Q(state__in=ReportState.values)
            ),
            models.CheckConstraint(
                name="report_accepted_by_another",
                condition=Q(decided_by__isnull=True)
                | Q(sent_by__isnull=True)
                | ~Q(decided_by=F("sent_by")),
            ),
            models.CheckConstraint(
                name="report_accepted_says_when",
                condition=~Q(state="diterima") | Q(accepted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="report_returned_says_why",
                condition=~Q(state="dikembalikan") | ~Q(return_note=""),
            ),
        ]
        indexes = [models.Index(fields=["district", "state"], name="report_by_state")]

    def __str__(self) -> str:
        return f"{self.occurrence_id}: {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class FollowUp(DistrictRecord):
    """What has to be done after a session, by which office or function, until when."""

    report = models.ForeignKey(SessionReport, models.CASCADE, related_name="follow_ups")
    what = models.CharField(_("what is to be done"), max_length=300)
    owner = models.CharField(_("who does it"), max_length=120, blank=True)
    due = models.DateField(_("until when"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")

    def __str__(self) -> str:
        return self.what


class ReportFile(DistrictRecord):
    """A photo of a session or the scan of a paper of it, made anew from its pixels alone.

    `preview` is small; `blurred` is what stands for it wherever a child's face could be seen.
    `key` follows from the form and the content: sent twice, it is one file.
    """

    class Kind(models.TextChoices):
        PHOTO = "foto", _("Photo")
        SCAN = "pindaian", _("Scan of a paper")

    report = models.ForeignKey(SessionReport, models.CASCADE, related_name="files")
    key = models.UUIDField(default=uuid4, unique=True)
    kind = models.CharField(_("what it is"), max_length=8, choices=Kind.choices)
    photo = models.FileField(storage=private_storage, upload_to="laporan/", max_length=200)
    preview = models.FileField(storage=private_storage, upload_to="laporan/", max_length=200)
    blurred = models.FileField(storage=private_storage, upload_to="laporan/", max_length=200)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    caption = models.CharField(_("what is seen"), max_length=200, blank=True)
    shows_child_face = models.BooleanField(_("a child's face can be recognised"), default=False)
    consent_reference = models.CharField(
        _("where the consent of the guardian is kept"), max_length=120, blank=True
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("file of a report")
        verbose_name_plural = _("files of reports")
        constraints = [
            models.CheckConstraint(
                name="report_file_face_has_consent",
                condition=Q(shows_child_face=False) | ~Q(consent_reference=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.key}"

    @property
    def shown(self):
        """The small picture that pages and papers may show."""
        return self.blurred if self.shows_child_face else self.preview
