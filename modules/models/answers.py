from django.db import models
from django.utils.translation import gettext_lazy as _

from modules.models.runs import ClassRun, Participant


class Submission(models.Model):
    """One attempt at one question in a run; the first scored attempt is the one that counts.

    `answer` is what `modules.items` says for the kind. Free text is never among it.
    """

    run = models.ForeignKey(ClassRun, models.CASCADE, related_name="submissions")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="submissions")
    key = models.UUIDField()
    item = models.UUIDField()
    attempt = models.PositiveSmallIntegerField(default=1)
    answer = models.JSONField()
    # None for what has no right answer and for what was skipped.
    is_right = models.BooleanField(null=True)
    points = models.FloatField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "key"], name="submission_once"),
            models.UniqueConstraint(
                fields=["participant", "item", "attempt"], name="submission_attempt_once"
            ),
        ]
        indexes = [models.Index(fields=["run", "item"], name="submission_of_item")]

    def __str__(self) -> str:
        return f"{self.item} {self.attempt}"


class Phase(models.TextChoices):
    BEFORE = "sebelum", _("before")
    AFTER = "sesudah", _("after")


class SurveyAnswer(models.Model):
    """One sheet of the survey; it knows neither a participant nor a minute.

    `pair_code` names three pictures that whoever answered picked, "" where none were. `sitting` is
    how often the run had ended before: 0, then 1 after it was opened again.
    """

    run = models.ForeignKey(ClassRun, models.CASCADE, related_name="survey_answers")
    series = models.UUIDField(db_index=True)
    key = models.UUIDField()
    phase = models.CharField(max_length=8, choices=Phase.choices)
    order = models.CharField(max_length=1, default="A")
    pair_code = models.CharField(max_length=60, blank=True)
    # Item → number of the choice, or 1–5.
    answers = models.JSONField()
    day = models.DateField()
    sitting = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "key"], name="survey_answer_once")]

    def __str__(self) -> str:
        return f"{self.phase} {self.day}"


class Tally(models.Model):
    """Hands or paper answers, counted for one question. A correction is a new row.

    Of several for one (run, phase, item) the one with the highest (sequence, key) is true, in
    whatever order they arrive.
    """

    class Source(models.TextChoices):
        HANDS = "tangan", _("hands")
        PAPER = "kertas", _("paper")

    QUIZ = "kuis"

    run = models.ForeignKey(ClassRun, models.CASCADE, related_name="tallies")
    key = models.UUIDField()
    phase = models.CharField(max_length=8)
    item = models.UUIDField()
    source = models.CharField(max_length=6, choices=Source.choices)
    # Number of the choice (from "0"), or "1"–"5", → how many.
    counts = models.JSONField()
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "key"], name="tally_once")]
        indexes = [models.Index(fields=["run", "phase", "item"], name="tally_of_item")]

    def __str__(self) -> str:
        return f"{self.item} {self.sequence}"
