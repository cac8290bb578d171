from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from districts.scoping import DistrictRecord

LARGEST_GROUP = 200


class ConsentText(DistrictRecord):
    """What somebody agrees to when they register; never changed, a new one is a new version."""

    version = models.PositiveSmallIntegerField(_("version"))
    text_id = models.TextField(_("Indonesian"), max_length=2_000)
    text_en = models.TextField(_("English"), max_length=2_000, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["district", "-version"]
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        constraints = [
            models.UniqueConstraint(fields=["district", "version"], name="consent_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.district_id} v{self.version}"

    @property
    def text(self) -> str:
        return self.text_en if get_language() == "en" and self.text_en else self.text_id


class Registration(DistrictRecord):
    """An adult, or an organisation with a number of people, who wants to come to one date.

    `seats` people are one decision: they get all their places or wait for all of them.
    """

    class Kind(models.TextChoices):
        PERSON = "orang", _("One adult")
        ORGANISATION = "lembaga", _("An organisation")

    class State(models.TextChoices):
        IN = "terdaftar", _("has a place")
        WAITING = "menunggu", _("on the waiting list")
        CANCELLED = "batal", _("cancelled")

    occurrence = models.ForeignKey(
        "events.Occurrence", models.CASCADE, related_name="registrations"
    )
    key = models.UUIDField()
    kind = models.CharField(_("who comes"), max_length=8, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=120)
    organisation_name = models.CharField(_("organisation"), max_length=160, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone number"), max_length=20, blank=True)
    seats = models.PositiveSmallIntegerField(_("how many people"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    consent = models.ForeignKey(ConsentText, models.PROTECT, related_name="+")
    language_code = models.CharField(max_length=10, default="id")
    token_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    promoted_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    # The day after which nothing is needed any more: the clock of retention.
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        constraints = [
            models.UniqueConstraint(fields=["occurrence", "key"], name="registration_once"),
            models.CheckConstraint(
                name="registration_for_some",
                condition=Q(seats__gte=1, seats__lte=LARGEST_GROUP),
            ),
            models.CheckConstraint(
                name="registration_state_known",
                condition=Q(state__in=("terdaftar", "menunggu", "batal")),
            ),
        ]
        indexes = [models.Index(fields=["occurrence", "state", "created_at"], name="regist_queue")]

    def __str__(self) -> str:
        return str(self.pk)
