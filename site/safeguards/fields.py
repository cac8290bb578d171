"""Rich text that is sanitised on its way into the database, revisions included."""

from wagtail.blocks import RichTextBlock
from wagtail.fields import RichTextField
from wagtail.rich_text import RichText

from safeguards.html import sanitise


class SafeRichTextBlock(RichTextBlock):
    """A rich-text block whose stored form has passed ``sanitise``."""

    def get_prep_value(self, value):
        return sanitise(super().get_prep_value(value) or "")

    def value_from_form(self, value):
        return RichText(sanitise(value or ""))


class SafeRichTextField(RichTextField):
    """A rich-text field whose stored form has passed ``sanitise``."""

    def get_db_prep_save(self, value, connection):
        return super().get_db_prep_save(self._sanitised(value), connection)

    def value_from_object(self, obj):
        # Revisions are made of this value and never pass get_db_prep_save.
        return self._sanitised(super().value_from_object(obj))

    @staticmethod
    def _sanitised(value):
        return sanitise(value) if isinstance(value, str) else value
