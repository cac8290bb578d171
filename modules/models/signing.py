from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from districts.scoping import DistrictRecord


class SignOff(DistrictRecord):
    """What an office has in writing of a specialist on one text of a module: added, never changed.

    The module is known by the translation key and language of its source, so that an alias, which
    has a key of its own, is the same module. `text_digest` is that of `modules.wording`; empty
    where only the version is known. `number` counts an office's entries on a module from 1, so that
    of two who write at once one is told of the other. `modules.standing` says which entry counts.
    """

    class Verdict(models.TextChoices):
        SIGNED = "setuju", _("May be used")
        OBJECTS = "keberatan", _("May not be used here")
        WITHDRAWN = "dicabut", _("Our entry is taken back")

    entry = models.UUIDField(unique=True, help_text="of the form, so that sent twice is once")
    module_key = models.UUIDField()
    language = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    verdict = models.CharField(_("judgement"), max_length=10, choices=Verdict.choices)
    key = models.UUIDField(help_text="of the specialist, for export and erasure")
    signed_name = models.CharField(_("name"), max_length=160, blank=True)
    signed_office = models.CharField(_("office"), max_length=160, blank=True)
    signed_role = models.CharField(_("field of work"), max_length=120, blank=True)
    day = models.DateField(_("day"))
    version = models.CharField(_("version"), max_length=20)
    text_digest = models.CharField(max_length=64, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        verbose_name = _("review by a specialist")
        verbose_name_plural = _("reviews by specialists")
        constraints = [
            models.UniqueConstraint(
                fields=["district", "module_key", "language", "number"], name="sign_off_number_once"
            ),
            models.CheckConstraint(
                name="sign_off_number_from_one", condition=models.Q(number__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} {self.day}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A sign-off is never changed: add another one.")
        super().save(*args, **kwargs)

    save.alters_data = True
