from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from districts.scoping import DistrictRecord
from districts.term_fields import TermCodesField
from safeguards.models import OwedMail


class RequestState(models.TextChoices):
    NEW = "baru", _("Received")
    ASKED = "ditanya", _("We have a question")
    ACCEPTED = "diterima", _("Accepted")
    DECLINED = "ditolak", _("We cannot do it")
    DONE = "selesai", _("Done")
    WITHDRAWN = "ditarik", _("Withdrawn")


CLOSED_STATES = (RequestState.DECLINED, RequestState.DONE, RequestState.WITHDRAWN)
OPEN_STATES = (RequestState.NEW, RequestState.ASKED, RequestState.ACCEPTED)
MOST_PEOPLE = 5_000


class SessionRequest(DistrictRecord):
    """Somebody asks the office for a session ("minta sosialisasi"); they need no account.

    Who asks is an office or a role. The way to answer is personal data, kept until some time after
    the request is closed.
    """

    class Asker(models.TextChoices):
        SCHOOL = "sekolah", _("A school or madrasah")
        VILLAGE = "desa", _("A village or kelurahan")
        PKK = "pkk", _("PKK or Dasawisma")
        FAITH = "agama", _("A faith or adat community")
        COMMUNITY = "komunitas", _("A community or association")
        BUSINESS = "usaha", _("A business")
        OTHER = "lainnya", _("Somebody else")

    class ContactKind(models.TextChoices):
        WHATSAPP = "wa", "WhatsApp"
        PHONE = "telepon", _("Telephone")
        EMAIL = "email", _("E-mail")

    number = models.CharField(_("number"), max_length=12, help_text="2026-0007")
    key = models.UUIDField(unique=True)
    token_digest = models.CharField(max_length=64, unique=True)
    state = models.CharField(
        _("state"), max_length=10, choices=RequestState.choices, default=RequestState.NEW
    )
    asker_kind = models.CharField(_("who asks"), max_length=10, choices=Asker.choices)
    asker = models.CharField(_("name of the school, office or group"), max_length=160)
    asker_role = models.CharField(_("role of who asks"), max_length=80, blank=True)
    contact_kind = models.CharField(_("answer by"), max_length=8, choices=ContactKind.choices)
    contact_phone = models.CharField(_("telephone number"), max_length=20, blank=True)
    contact_email = models.EmailField(_("e-mail address"), blank=True)
    region = models.ForeignKey(
        "districts.Region", models.PROTECT, null=True, blank=True, verbose_name=_("where")
    )
    place = models.CharField(_("place"), max_length=160, blank=True)
    audience_codes = TermCodesField(_("for whom"), vocabulary="audience")
    people = models.PositiveSmallIntegerField(_("about how many people"))
    issue_codes = TermCodesField(_("about what"), vocabulary="issue_area")
    wished_dates = models.JSONField(_("wished dates"), default=list, help_text='["2026-12-01"]')
    note = models.TextField(_("what else we should know"), max_length=1000, blank=True)
    language_code = models.CharField(_("language"), max_length=10, default="id")
    agreed_at = models.DateTimeField(_("agreed date and time"), null=True, blank=True)
    created_at = models.DateTimeField(_("received"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("request for a session")
        verbose_name_plural = _("requests for sessions")
        constraints = [
            models.UniqueConstraint(fields=["district", "number"], name="request_number_once"),
            models.CheckConstraint(name="request_for_somebody", condition=models.Q(people__gte=1)),
            models.CheckConstraint(
                name="request_for_a_crowd_at_most", condition=models.Q(people__lte=MOST_PEOPLE)
            ),
            models.CheckConstraint(
                name="request_closed_says_when",
                condition=models.Q(state__in=CLOSED_STATES, closed_at__isnull=False)
                | (~models.Q(state__in=CLOSED_STATES) & models.Q(closed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="request_can_be_answered",
                condition=(models.Q(contact_kind="email") & ~models.Q(contact_email=""))
                | (~models.Q(contact_kind="email") & ~models.Q(contact_phone="")),
            ),
        ]
        indexes = [models.Index(fields=["district", "state", "-created_at"])]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class SessionRequestCount(DistrictRecord):
    """How many requests a district has numbered in a year; an erased one's number stays unused."""

    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("count of requests")
        verbose_name_plural = _("counts of requests")
        constraints = [
            models.UniqueConstraint(fields=["district", "year"], name="request_count_once_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.district_id} {self.year}: {self.last}"


class SessionRequestStep(DistrictRecord):
    """One step of a request's history; the asker reads `message`. Never changed afterwards."""

    request = models.ForeignKey(SessionRequest, models.CASCADE, related_name="steps")
    state = models.CharField(_("state"), max_length=10, choices=RequestState.choices)
    message = models.TextField(_("message to who asked"), max_length=1000, blank=True)
    by_asker = models.BooleanField(default=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("step of a request")
        verbose_name_plural = _("steps of requests")

    def __str__(self) -> str:
        return f"{self.request_id}: {self.state}"


class AnswerMail(OwedMail, DistrictRecord):
    """The mail that tells who asked of a step of the office; made with the step, sent once."""

    step = models.OneToOneField(SessionRequestStep, models.CASCADE, related_name="mail")

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name = _("mail with an answer")
        verbose_name_plural = _("mails with an answer")
        indexes = [models.Index(fields=["state", "due_at"], name="answer_mail_due")]

    def __str__(self) -> str:
        return str(self.step_id)
