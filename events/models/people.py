from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from districts.scoping import DistrictRecord


class Speaker(DistrictRecord):
    """Who speaks, in a public function, with organisation and topic."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="speakers")
    name = models.CharField(_("name and office"), max_length=120)
    organisation = models.ForeignKey(
        "districts.Organisation", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    organisation_name = models.CharField(_("organisation"), max_length=160, blank=True)
    topic = models.CharField(_("topic"), max_length=160, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")

    def __str__(self) -> str:
        return self.name


class InvitedOrganisation(DistrictRecord):
    """An organisation that is asked to come, and its answer, given by a private link."""

    class Answer(models.TextChoices):
        NONE = "", _("no answer yet")
        COMES = "hadir", _("comes")
        SENDS = "diwakili", _("sends somebody else")
        DECLINES = "berhalangan", _("cannot come")

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="invited")
    organisation = models.ForeignKey(
        "districts.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    # For one that the directory does not hold.
    label = models.CharField(_("organisation"), max_length=160)
    token_digest = models.CharField(max_length=64, blank=True)
    answer = models.CharField(_("answer"), max_length=12, choices=Answer.choices, blank=True)
    people = models.PositiveSmallIntegerField(_("how many come"), null=True, blank=True)
    role = models.CharField(_("who comes: an office or role"), max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["label", "pk"]
        verbose_name = _("invited organisation")
        verbose_name_plural = _("invited organisations")
        constraints = [
            models.UniqueConstraint(fields=["event", "label"], name="invited_once"),
            models.UniqueConstraint(
                fields=["token_digest"], condition=~Q(token_digest=""), name="invited_token_once"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class EventPage(DistrictRecord):
    """A page that belongs to a session: a module that is taught, a campaign it is part of."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="pages")
    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("page of an event")
        verbose_name_plural = _("pages of events")
        constraints = [models.UniqueConstraint(fields=["event", "page"], name="event_page_once")]

    def __str__(self) -> str:
        return f"{self.event_id}: {self.page_id}"
