"""Who came to a date of an event: by name, by count, by organisation, and through which door."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from districts.scoping import DistrictQuerySet, DistrictRecord

LARGEST_CELL = 9_999


class Sex(models.TextChoices):
    """As attendance lists in Indonesia write it."""

    FEMALE = "P", _("Female")
    MALE = "L", _("Male")


class Status(models.TextChoices):
    """`batal` takes a mark back: the row stays, so that an older mark can't return."""

    PRESENT = "hadir", _("Present")
    LATE = "terlambat", _("Late")
    EXCUSED = "izin", _("Excused")
    ILL = "sakit", _("Ill")
    ABSENT = "tidak_hadir", _("Absent")
    UNDONE = "batal", _("Taken back")


CAME = (Status.PRESENT, Status.LATE)


class Way(models.TextChoices):
    ROLL_CALL = "panggil", _("Roll call")
    SELF = "mandiri", _("Self check-in")
    SCAN = "pindai", _("Scanned by staff")
    IMPORT = "impor", _("Imported sheet")
    PAPER = "kertas", _("Paper list")


class ParticipantQuerySet(DistrictQuerySet):
    def known(self) -> "ParticipantQuerySet":
        """Who can be called: neither merged into another nor emptied."""
        return self.filter(merged_into__isnull=True).exclude(name="")


class Participant(DistrictRecord):
    """A person who comes to sessions of an office; an adult, or a child whose guardian agreed.

    `key` was made by whoever wrote the person down first, perhaps on a telephone without a net.
    `told_at` and `told_key` say which telling of the details holds: the latest. `folded` is the
    name as it is looked for. `disability` is None where nobody was asked or nobody agreed.
    `consent` says where the guardian's signed paper lies, never who signed it. After `keep_until`
    everything about the person is emptied; sex and age group stay for the figures.
    """

    key = models.UUIDField()
    name = models.CharField(_("name"), max_length=120, blank=True)
    folded = models.CharField(max_length=120, blank=True)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices)
    age_group = models.CharField(_("age group"), max_length=10)
    organisation = models.ForeignKey(
        "districts.Organisation", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    organisation_name = models.CharField(_("organisation"), max_length=160, blank=True)
    position = models.CharField(_("function"), max_length=80, blank=True)
    region = models.ForeignKey(
        "districts.Region",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("village or kecamatan"),
    )
    phone = models.CharField(_("telephone"), max_length=16, blank=True)
    disability = models.BooleanField(_("has a disability"), null=True, blank=True)
    is_minor = models.BooleanField(default=False)
    consent = models.CharField(_("where the guardian's consent lies"), max_length=80, blank=True)
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="merged"
    )
    told_at = models.DateTimeField()
    told_key = models.UUIDField()
    created_at = models.DateTimeField()
    keep_until = models.DateField()

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        ordering = ["folded", "pk"]
        verbose_name = _("person who came")
        verbose_name_plural = _("persons who came")
        constraints = [
            models.UniqueConstraint(fields=["district", "key"], name="person_once"),
            models.CheckConstraint(
                name="person_minor_needs_consent",
                condition=Q(is_minor=False) | Q(name="") | ~Q(consent=""),
            ),
        ]
        indexes = [
            models.Index(fields=["district", "folded"], name="person_by_name"),
            models.Index(fields=["phone"], condition=~Q(phone=""), name="person_by_phone"),
            models.Index(fields=["keep_until"], name="person_kept"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Telling(DistrictRecord):
    """A row that holds what was told last: `told_at` is the device's time where it told one."""

    told_at = models.DateTimeField()
    key = models.UUIDField()
    client_time = models.DateTimeField(null=True, blank=True)
    server_time = models.DateTimeField()
    skewed = models.BooleanField(default=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True


class AttendanceQuerySet(DistrictQuerySet):
    def standing(self) -> "AttendanceQuerySet":
        """What was not taken back."""
        return self.exclude(status=Status.UNDONE)

    def came(self) -> "AttendanceQuerySet":
        return self.filter(status__in=CAME)


class Attendance(Telling):
    """What holds about one person at one date: one row, whatever was told of them in what order.

    `rank`, `told_at` and `key` say which telling that is (`events.attendance.order`).
    """

    occurrence = models.ForeignKey("events.Occurrence", models.CASCADE, related_name="attendance")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="attendance")
    status = models.CharField(_("status"), max_length=12, choices=Status.choices)
    way = models.CharField(_("how"), max_length=8, choices=Way.choices)
    rank = models.PositiveSmallIntegerField()

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ["told_at", "pk"]
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            models.UniqueConstraint(fields=["occurrence", "participant"], name="attendance_once"),
            models.CheckConstraint(
                name="attendance_status_known", condition=Q(status__in=Status.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occurrence_id} {self.participant_id}: {self.status}"


class Headcount(Telling):
    """How many people of one sex, age group and disability were there; nobody is named."""

    occurrence = models.ForeignKey("events.Occurrence", models.CASCADE, related_name="headcounts")
    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices)
    age_group = models.CharField(_("age group"), max_length=10, blank=True)
    with_disability = models.BooleanField(_("with a disability"), default=False)
    number = models.PositiveIntegerField(_("number"))

    class Meta:
        ordering = ["age_group", "sex", "with_disability"]
        verbose_name = _("headcount")
        verbose_name_plural = _("headcounts")
        constraints = [
            models.UniqueConstraint(
                fields=["occurrence", "sex", "age_group", "with_disability"],
                name="headcount_once_a_cell",
            ),
            models.CheckConstraint(
                name="headcount_not_endless", condition=Q(number__lte=LARGEST_CELL)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sex} {self.age_group}: {self.number}"


class OrganisationAttendance(Telling):
    """Whether an organisation came, and in which function somebody stood for it.

    `label` is its name as it was invited or written down, and is what tells one from another.
    `came` is None where the entry was taken back.
    """

    occurrence = models.ForeignKey(
        "events.Occurrence", models.CASCADE, related_name="organisation_attendance"
    )
    label = models.CharField(_("organisation"), max_length=160)
    organisation = models.ForeignKey(
        "districts.Organisation", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    invited = models.ForeignKey(
        "events.InvitedOrganisation", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    came = models.BooleanField(_("came"), null=True)
    represented_by = models.CharField(
        _("who came: an office or role"),
        max_length=80,
        blank=True,
        help_text=_("A function, not a name."),
    )
    people = models.PositiveSmallIntegerField(_("how many came"), null=True, blank=True)

    class Meta:
        ordering = ["label", "pk"]
        verbose_name = _("attendance of an organisation")
        verbose_name_plural = _("attendances of organisations")
        constraints = [
            models.UniqueConstraint(
                fields=["occurrence", "label"], name="organisation_attendance_once"
            )
        ]

    def __str__(self) -> str:
        return self.label


class CheckInDoor(DistrictRecord):
    """Where people check in by themselves on one date, from before it starts until after it ends.

    Codes follow from `salt`, our own secret and the minute (`events.attendance.codes`), so that no
    code is kept; another `salt` ends all codes of before. `opens_before` and `closes_after` are
    minutes around the date, which may be moved.
    """

    occurrence = models.OneToOneField("events.Occurrence", models.CASCADE, related_name="door")
    salt = models.CharField(max_length=43)
    opens_before = models.PositiveSmallIntegerField(_("opens so many minutes before"), default=60)
    closes_after = models.PositiveSmallIntegerField(_("closes so many minutes after"), default=60)
    allows_static = models.BooleanField(_("also a code on paper"), default=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["occurrence"]
        verbose_name = _("check-in door")
        verbose_name_plural = _("check-in doors")

    def __str__(self) -> str:
        return str(self.occurrence_id)
