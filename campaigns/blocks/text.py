from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from safeguards.fields import SafeRichTextBlock
from safeguards.html import calls_a_number

FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link"]


class ParagraphBlock(SafeRichTextBlock):
    """Running text with headings, lists and links; sanitised when it is saved."""

    def __init__(self, **kwargs):
        super().__init__(features=FEATURES, **kwargs)

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "campaigns/blocks/paragraph.html"
        description = _("Headings, paragraphs, lists and links.")
        preview_value = "<h2>Siapa yang bisa saya hubungi?</h2><p>Anda tidak perlu bukti.</p>"


class LinkedPageBlock(blocks.PageChooserBlock):
    """A chosen page that stays an id when read; the page around it knows all addresses already."""

    def to_python(self, value):
        return value

    def bulk_to_python(self, values):
        return values

    def get_prep_value(self, value):
        return getattr(value, "pk", value)

    def extract_references(self, value):
        if value is not None:
            yield self.model_class, str(self.get_prep_value(value)), "", ""


class LinkBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Text"), max_length=120)
    page = LinkedPageBlock(label=_("Page"), required=False)
    url = blocks.URLBlock(label=_("Address elsewhere"), required=False)

    def clean(self, value):
        """A number to call is a channel, which a second person confirms, and no link in a page."""
        value = super().clean(value)
        if calls_a_number(value["url"] or ""):
            said = _("This link leads to a telephone number. Add the number as a channel instead.")
            raise blocks.StructBlockValidationError({"url": ValidationError(said)})
        return value

    class Meta:
        icon = "link"
        label = _("Link")


class LinksBlock(blocks.StructBlock):
    """A short list of places to read on."""

    title = blocks.CharBlock(label=_("Heading"), required=False, max_length=120)
    items = blocks.ListBlock(LinkBlock(), label=_("Links"), min_num=1, max_num=12)

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        addresses = (parent_context or {}).get("linked_pages") or {}
        links = [
            (link["text"], addresses.get(link.get("page")) or link.get("url"))
            for link in value["items"]
        ]
        context["links"] = [{"text": text, "url": url} for text, url in links if url]
        return context

    class Meta:
        icon = "link"
        label = _("Read on")
        template = "campaigns/blocks/links.html"
        description = _("A short list of links.")
        preview_value = {
            "title": "Baca juga",
            "items": [{"text": "Bantuan", "url": "https://example.org/"}],
        }
