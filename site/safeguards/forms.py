"""Upload forms for Wagtail that check the content before a picture library sees it.

In the settings::

    WAGTAILIMAGES_IMAGE_FORM_BASE = "safeguards.forms.SafeImageForm"
    WAGTAILDOCS_DOCUMENT_FORM_BASE = "safeguards.forms.SafeDocumentForm"

Where Wagtail's scripts send the file (many at once, the choosers), a refusal stays 200 with its
reason in JSON: for any other status they show "Server Error" in place of the reason.
"""

from collections.abc import Callable, Mapping
from copy import copy
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from safeguards.uploads import ALL_KINDS, IMAGE, check_upload


class UploadGuard:
    """A form mixin: ``upload_kinds`` says which kinds of file each field takes."""

    upload_kinds: Mapping[str, frozenset[str]] = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, kinds in self.upload_kinds.items():
            if name in self.fields:
                field = self.fields[name]
                # Fields are copied per form, so the class of the field stays as it is.
                field.to_python = _guarded(field.to_python, kinds)


def _guarded(to_python: Callable[[Any], Any], kinds: frozenset[str]) -> Callable[[Any], Any]:
    def guarded(data: Any) -> Any:
        if data and hasattr(data, "read"):
            check_upload(data, kinds=kinds)
        try:
            return to_python(data)
        except (OSError, SyntaxError) as error:
            # The picture library says so only while it reads the rest: the end is missing.
            raise ValidationError(
                _("This picture is damaged. Please take it again or send another one.")
            ) from error

    return guarded


class SafeImageForm(UploadGuard, BaseImageForm):
    upload_kinds = {"file": frozenset({IMAGE})}


class SafeDocumentForm(UploadGuard, BaseDocumentForm):
    upload_kinds = {"file": ALL_KINDS}

    def _post_clean(self) -> None:
        refused = copy(self._errors.get("file"))
        super()._post_clean()
        if refused:
            # Wagtail's model has judged the ending of a file that it did not get.
            self._errors["file"] = refused
