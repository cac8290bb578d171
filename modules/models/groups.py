from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from districts.scoping import DistrictRecord

LARGEST_GROUP = 2_000


class Sex(models.TextChoices):
    """As attendance lists in Indonesia write it."""

    FEMALE = "P", _("Female")
    MALE = "L", _("Male")


class Headcount(models.Model):
    """A number of people of one sex, age group and disability; nobody is named.

    `age_group` is a code of the vocabulary `age_group`, "" where nobody asked.
    """

    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices)
    age_group = models.CharField(_("age group"), max_length=10, blank=True)
    with_disability = models.BooleanField(_("with a disability"), default=False)
    number = models.PositiveSmallIntegerField(
        _("number"), validators=[MaxValueValidator(LARGEST_GROUP)]
    )

    class Meta:
        abstract = True


class Group(DistrictRecord):
    """A class, a PKK group or another circle that a facilitator teaches; nobody in it is named."""

    class Kind(models.TextChoices):
        SCHOOL = "kelas", _("School class")
        PKK = "pkk", _("PKK group")
        OTHER = "lain", _("Another group")

    facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="module_groups"
    )
    organisation = models.ForeignKey(
        "districts.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices)
    label = models.CharField(
        _("what you call it"), max_length=60, help_text=_("For example 8B. No name of a person.")
    )
    # "2026/2027" for a school, "2026" for others.
    period = models.CharField(_("school year"), max_length=9, blank=True)
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="copies"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("group")
        verbose_name_plural = _("groups")

    def __str__(self) -> str:
        return self.label


class GroupCount(Headcount):
    group = models.ForeignKey(Group, models.CASCADE, related_name="counts")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "sex", "age_group", "with_disability"],
                name="group_count_once_a_cell",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sex} {self.age_group}: {self.number}"
