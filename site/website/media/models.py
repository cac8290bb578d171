"""Pictures and documents of this site; custom from the first migration, so that they can grow."""

from pathlib import PurePosixPath

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image

from safeguards.tokens import new_token


class CustomImage(AbstractImage):
    """A picture; its description is what a screen reader says."""

    credit = models.CharField(_("credit"), max_length=200, blank=True)

    def get_upload_to(self, filename: str) -> str:
        """A folder nobody can guess: a picture's address is the only thing that guards a draft."""
        return f"gambar/{new_token()}/{filename}"

    admin_form_fields = (*Image.admin_form_fields, "credit")


class CustomRendition(AbstractRendition):
    image = models.ForeignKey(CustomImage, models.CASCADE, related_name="renditions")

    def get_upload_to(self, filename: str) -> str:
        return f"{PurePosixPath(self.image.file.name).parent}/{filename}"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="rendition_once"
            )
        ]


def document_folder(document: "CustomDocument", filename: str) -> str:
    """A folder nobody can guess: a view that knows whose it is hands the document out."""
    return f"dokumen/{new_token()}/{filename}"


class CustomDocument(AbstractDocument):
    """A file for readers to download, with its language and licence."""

    file = models.FileField(_("file"), upload_to=document_folder)
    language_code = models.CharField(_("language"), max_length=10, default="id")
    licence = models.CharField(_("licence"), max_length=60, blank=True)

    admin_form_fields = (*Document.admin_form_fields, "language_code", "licence")
