from django.db import models
from django.utils.translation import gettext_lazy as _

from districts.scoping import DistrictRecord
from safeguards.files import private_storage


class Paper(DistrictRecord):
    """A printable file of a district that was made from data; made again when the data change.

    `key` says what it is ("kartu/36.02.14.2009"), `digest` what it was made from. Holds nothing
    personal: channels are numbers of an office or a role.
    """

    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    file = models.FileField(storage=private_storage, upload_to="lembar/", max_length=200)
    size = models.PositiveIntegerField(help_text="bytes")
    made_at = models.DateTimeField()
    asked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("printable file")
        verbose_name_plural = _("printable files")
        constraints = [models.UniqueConstraint(fields=["district", "key"], name="paper_key_once")]

    def __str__(self) -> str:
        return self.key
