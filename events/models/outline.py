"""The chapters of an activity report, and what an office has them say before anybody writes."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from districts.scoping import DistrictRecord
from districts.term_fields import RegulationCodesField
from events.models.report import LONGEST_TEXT

# What a report says beside its minutes, results, challenges and solutions; in the order of print.
CHAPTERS = {
    "background": _("Background"),
    "purpose": _("Purpose"),
    "scope": _("Scope"),
    "committee": _("Committee"),
    "materials": pgettext_lazy("of a report", "Material"),
    "evaluation": _("Evaluation"),
    "conclusion": _("Conclusion"),
    "suggestions": _("Suggestions"),
}
# Those that are much the same whenever a session of one kind was held.
OUTLINED = ("background", "purpose", "scope", "committee", "materials")


class ReportOutline(DistrictRecord):
    """What reports of one kind of session begin with; `kind` "" is every kind without one."""

    kind = models.CharField(_("kind"), max_length=60, blank=True)
    background = models.TextField(CHAPTERS["background"], max_length=LONGEST_TEXT, blank=True)
    purpose = models.TextField(CHAPTERS["purpose"], max_length=LONGEST_TEXT, blank=True)
    scope = models.TextField(CHAPTERS["scope"], max_length=LONGEST_TEXT, blank=True)
    committee = models.TextField(CHAPTERS["committee"], max_length=LONGEST_TEXT, blank=True)
    materials = models.TextField(CHAPTERS["materials"], max_length=LONGEST_TEXT, blank=True)
    laws = RegulationCodesField(_("legal basis"))

    class Meta:
        ordering = ["kind"]
        verbose_name = _("outline of reports")
        verbose_name_plural = _("outlines of reports")
        constraints = [
            models.UniqueConstraint(fields=["district", "kind"], name="report_outline_once")
        ]

    def __str__(self) -> str:
        return f"{self.district_id} {self.kind or '*'}"
