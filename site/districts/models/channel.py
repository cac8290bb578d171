from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from districts.models.district import TIMEZONES
from districts.scoping import DistrictQuerySet, DistrictRecord


class ChannelQuerySet(DistrictQuerySet):
    def shown(self) -> "ChannelQuerySet":
        """Channels a reader may see: active and not hidden; verified or not is for the view."""
        return self.filter(active=True, hidden_at__isnull=True)


class Channel(DistrictRecord):
    """One way to reach an organisation that helps: a phone, WhatsApp, an address or a web page.

    `region` empty means the whole district (or the whole country, for the national office).
    `value` is E.164 or a short code for phones, a URL, an e-mail or a postal address; it changes
    only through an approved `ChannelChange`. `hours` is `{"always": true}` or
    `{"days": {"1": [["08:00", "16:00"]], …}}` with ISO weekdays, in `timezone`.
    """

    class Kind(models.TextChoices):
        PHONE = "phone", _("Telephone")
        WHATSAPP = "whatsapp", "WhatsApp"
        WEB = "web", _("Web page")
        EMAIL = "email", _("E-mail")
        ADDRESS = "address", _("Address")

    organisation = models.ForeignKey(
        "districts.Organisation", models.PROTECT, related_name="channels"
    )
    region = models.ForeignKey(
        "districts.Region", models.PROTECT, null=True, blank=True, verbose_name=_("region")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    label = models.CharField(_("label"), max_length=120)
    label_en = models.CharField(_("label in English"), max_length=120, blank=True)
    value = models.CharField(_("number or address"), max_length=300, blank=True)
    display = models.CharField(_("as people read it"), max_length=300, blank=True)
    issues = models.JSONField(
        _("issues"),
        default=list,
        blank=True,
        help_text=_("Codes of the issue areas; empty for all."),
    )
    audience = models.CharField(_("for whom"), max_length=200, blank=True)
    audience_en = models.CharField(_("for whom, in English"), max_length=200, blank=True)
    is_emergency = models.BooleanField(_("for immediate danger"), default=False)
    hours = models.JSONField(_("hours"), default=dict, blank=True)
    timezone = models.CharField(
        _("time zone"), max_length=40, choices=TIMEZONES, default=TIMEZONES[0][0]
    )
    cost = models.CharField(_("cost"), max_length=120, blank=True)
    cost_en = models.CharField(_("cost, in English"), max_length=120, blank=True)
    confidentiality = models.CharField(_("confidentiality"), max_length=300, blank=True)
    confidentiality_en = models.CharField(
        _("confidentiality, in English"), max_length=300, blank=True
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    note_en = models.CharField(_("note in English"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    active = models.BooleanField(_("active"), default=True)
    last_verified = models.DateField(_("last verified"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    review_due = models.DateField(_("review due"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    hidden_reason = models.CharField(_("why hidden"), max_length=300, blank=True)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        ordering = ["position", "label"]
        verbose_name = _("help channel")
        verbose_name_plural = _("help channels")
        constraints = [
            models.CheckConstraint(
                name="channel_verified_has_a_value",
                condition=Q(last_verified__isnull=True) | ~Q(value=""),
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_verified(self) -> bool:
        return self.last_verified is not None


class ChannelChange(DistrictRecord):
    """A proposed new or changed channel, waiting for a second person.

    `fields` holds the proposed values; a channel to be shown again needs none. The second person
    is a colleague, a stand-in, the province or nation, or the channel's owner through a one-time
    link (`owner_token_digest`). `key` is made by the form, so that one sent twice is one change.
    """

    class Action(models.TextChoices):
        ADD = "add", _("New channel")
        EDIT = "edit", _("Change")
        SHOW = "show", _("Show again")

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting for a second person")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Via(models.TextChoices):
        COLLEAGUE = "colleague", _("A colleague")
        STAND_IN = "stand_in", _("A stand-in")
        PROVINCE = "province", _("The province or the national office")
        OWNER = "owner", _("The channel's owner")

    channel = models.ForeignKey(
        Channel, models.CASCADE, null=True, blank=True, related_name="changes"
    )
    action = models.CharField(max_length=6, choices=Action.choices, default=Action.EDIT)
    key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    fields = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    proposed_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_via = models.CharField(max_length=10, choices=Via.choices, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    owner_token_digest = models.CharField(max_length=64, blank=True)
    owner_token_expires_at = models.DateTimeField(null=True, blank=True)
    # Who made the link may not be the one who answers it.
    owner_token_issuer_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-proposed_at"]
        verbose_name = _("channel change")
        verbose_name_plural = _("channel changes")
        constraints = [
            models.CheckConstraint(
                name="channel_change_needs_two_persons",
                condition=Q(decided_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | ~Q(status="approved")
                | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="channel_change_decided_has_a_date",
                condition=Q(status="waiting", decided_at__isnull=True)
                | (~Q(status="waiting") & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="channel_change_approval_says_by_whom",
                condition=~Q(status="approved") | ~Q(decided_via=""),
            ),
            models.UniqueConstraint(
                fields=["channel"],
                condition=Q(status="waiting"),
                name="channel_change_one_waiting",
            ),
            models.UniqueConstraint(
                fields=["owner_token_digest"],
                condition=~Q(owner_token_digest=""),
                name="channel_change_token_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.channel or self.fields.get("label", ""))


class ChannelEvent(DistrictRecord):
    """The append-only history of a channel: proposed, approved, hidden, shown again, verified."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="events")
    verb = models.CharField(max_length=20)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("channel history")
        verbose_name_plural = _("channel history")

    def __str__(self) -> str:
        return f"{self.channel} {self.verb}"
