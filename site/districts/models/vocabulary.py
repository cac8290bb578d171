from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Vocabulary(models.Model):
    """A list of terms with a code and a version: issue areas, AMPK categories, KLA indicators …

    Shared reference data: read by all districts, written nationally.
    """

    code = models.SlugField(_("code"))
    version = models.CharField(_("version"), max_length=20, default="1")
    name = models.CharField(_("name"), max_length=120)
    source = models.CharField(_("source"), max_length=200, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    is_current = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["code", "-version"]
        verbose_name = _("vocabulary")
        verbose_name_plural = _("vocabularies")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="vocabulary_version_once"),
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(is_current=True), name="vocabulary_one_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.version})"


class TermQuerySet(models.QuerySet):
    def of(self, vocabulary: str) -> "TermQuerySet":
        """The active terms of the vocabulary's current version, in its order."""
        return self.filter(
            vocabulary__code=vocabulary, vocabulary__is_current=True, active=True
        ).order_by("position")


class Term(models.Model):
    """One entry of a vocabulary; its code never changes its meaning."""

    vocabulary = models.ForeignKey(Vocabulary, models.CASCADE, related_name="terms")
    code = models.CharField(_("code"), max_length=60)
    label_id = models.CharField(_("Indonesian"), max_length=200)
    label_en = models.CharField(_("English"), max_length=200, blank=True)
    description = models.TextField(_("description"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    active = models.BooleanField(_("active"), default=True)
    details = models.JSONField(
        _("details"),
        default=dict,
        blank=True,
        help_text=_("What else the source says, such as a letter or a cluster."),
    )
    successor = models.ForeignKey("self", models.SET_NULL, null=True, blank=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["vocabulary", "position"]
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        constraints = [
            models.UniqueConstraint(fields=["vocabulary", "code"], name="term_code_once")
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The label in the language being read, else in Indonesian."""
        return self.label_en if get_language() == "en" and self.label_en else self.label_id


class Regulation(models.Model):
    """A law or regulation with its status and, once revoked, its successor."""

    class Status(models.TextChoices):
        BERLAKU = "berlaku", _("In force")
        DICABUT = "dicabut", _("Revoked")
        RANCANGAN = "rancangan", _("Draft")

    code = models.SlugField(_("code"), unique=True)
    title = models.CharField(_("title"), max_length=300)
    number = models.CharField(_("number"), max_length=120)
    year = models.PositiveSmallIntegerField(_("year"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices)
    successor = models.ForeignKey("self", models.SET_NULL, null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        ordering = ["-year", "number"]
        verbose_name = _("regulation")
        verbose_name_plural = _("regulations")

    def __str__(self) -> str:
        return self.number
