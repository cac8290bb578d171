from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from districts.scoping import DistrictRecord


class Role(models.TextChoices):
    """What a member may do; the order is from least to most."""

    GURU = "guru", _("Teacher")
    KADER = "kader", _("PKK cadre")
    MITRA = "mitra", _("Partner")
    KOORDINATOR = "koordinator", _("Coordinator of a school or PKK kecamatan")
    EDITOR = "editor", _("Editor")
    MODERATOR = "moderator", _("Moderator")
    MONEV = "monev", _("Monitoring and evaluation")
    ADMIN = "admin", _("District administrator")


class Membership(DistrictRecord):
    """A user's role in a district, for an organisation and perhaps only for one region.

    A role ends by `ended_at`, never by deleting the row: the audit trail points here.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    district = models.ForeignKey("districts.District", models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    organisation = models.ForeignKey(
        "districts.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
    )
    region = models.ForeignKey(
        "districts.Region",
        models.PROTECT,
        null=True,
        blank=True,
        help_text=_("Only for this kecamatan or village; empty for the whole district."),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        ordering = ["district", "role"]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                "user",
                "district",
                "role",
                Coalesce("organisation", 0),
                Coalesce("region", Value("")),
                condition=Q(ended_at__isnull=True),
                name="membership_once_while_active",
            )
        ]

    def __str__(self) -> str:
        return f"{self.district}: {self.get_role_display()}"


class Invitation(DistrictRecord):
    """A one-time link that makes its bearer a member; only the token's digest is kept."""

    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    organisation = models.ForeignKey(
        "districts.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    region = models.ForeignKey(
        "districts.Region", models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    token_digest = models.CharField(max_length=64, unique=True)
    # Of the key of the form that accepted it, which may be sent twice.
    form_digest = models.CharField(
        max_length=64, blank=True, default="", db_default="", editable=False
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return f"{self.district}: {self.get_role_display()}"


class StandIn(DistrictRecord):
    """A dated stand-in (pengganti) who may be the second person for channel changes."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="stand_ins")
    appointed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))

    class Meta:
        ordering = ["-starts_on"]
        verbose_name = _("stand-in")
        verbose_name_plural = _("stand-ins")
        constraints = [
            models.CheckConstraint(
                name="stand_in_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.district} {self.starts_on}–{self.ends_on}"
