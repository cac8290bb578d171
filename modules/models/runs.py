from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from districts.scoping import DistrictRecord
from modules.models.groups import Headcount


class ClassRun(DistrictRecord):
    """One session in which a facilitator teaches a module to a group, in one of three modes.

    `step` counts through the agenda of the edition (`modules.agenda`): 0 is the waiting room.
    `pulse` grows with every change that a screen has to show. Runs of one `series` are parts of one
    course: the survey before stands in the first, the one after in the last.
    """

    class Mode(models.TextChoices):
        PHONES = "ponsel", _("A phone each")
        DEVICE = "satu", _("One device, hands are counted")
        PAPER = "kertas", _("Paper, tallied afterwards")

    class State(models.TextChoices):
        PLANNED = "rencana", _("planned")
        OPEN = "buka", _("running")
        CLOSED = "tutup", _("ended")

    key = models.UUIDField()
    series = models.UUIDField(default=uuid4, db_index=True)
    edition = models.ForeignKey("modules.Edition", models.PROTECT, related_name="runs")
    facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="class_runs"
    )
    group = models.ForeignKey(
        "modules.Group", models.SET_NULL, null=True, blank=True, related_name="runs"
    )
    group_label = models.CharField(max_length=60, blank=True)
    mode = models.CharField(_("mode"), max_length=6, choices=Mode.choices)
    # Indexes of the lessons of the edition that this run teaches.
    lessons = models.JSONField(default=list)
    asks_before = models.BooleanField(default=True)
    asks_after = models.BooleanField(default=True)
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.PLANNED)
    code = models.CharField(max_length=6, blank=True)
    locked = models.BooleanField(default=False)
    step = models.PositiveSmallIntegerField(default=0)
    step_began_at = models.DateTimeField(null=True, blank=True)
    pulse = models.PositiveIntegerField(default=0)
    planned_for = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # When it was opened again last, and when its figures could be read before; see `modules.late`.
    reopened_at = models.DateTimeField(null=True, blank=True)
    first_ended_at = models.DateTimeField(null=True, blank=True)
    earlier_ends = models.JSONField(default=list, db_default=[])
    # Only the version before reads it.
    sheets_then = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("class run")
        verbose_name_plural = _("class runs")
        constraints = [
            models.UniqueConstraint(fields=["district", "key"], name="class_run_once"),
            models.UniqueConstraint(
                fields=["code"], condition=~Q(code=""), name="class_run_code_once"
            ),
            models.CheckConstraint(
                name="class_run_open_has_a_code",
                condition=~Q(state="buka") | ~Q(code=""),
            ),
        ]
        indexes = [models.Index(fields=["facilitator", "-created_at"], name="class_run_of_whom")]

    def __str__(self) -> str:
        return f"{self.pk} {self.get_state_display()}"


class RunCount(Headcount):
    """The group as it was on the day: copied, so that the group may change later."""

    run = models.ForeignKey(ClassRun, models.CASCADE, related_name="counts")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "sex", "age_group", "with_disability"],
                name="run_count_once_a_cell",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sex} {self.age_group}: {self.number}"


class Participant(models.Model):
    """A device that joined a run under two random words; words and token go a day after the end."""

    run = models.ForeignKey(ClassRun, models.CASCADE, related_name="participants")
    key = models.UUIDField()
    nickname = models.CharField(max_length=40, blank=True)
    token_digest = models.CharField(max_length=64, blank=True)
    joined_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    # That the survey was answered, never by whom: the answers hold no participant.
    before_at = models.DateTimeField(null=True, blank=True)
    after_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "key"], name="participant_once"),
            models.UniqueConstraint(
                fields=["run", "nickname"], condition=~Q(nickname=""), name="participant_nickname"
            ),
        ]
        indexes = [
            models.Index(
                fields=["token_digest"], condition=~Q(token_digest=""), name="participant_token"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
