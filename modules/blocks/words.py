"""Words of a lesson: what is read, said and looked at."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from districts.illustrations import Illustration
from safeguards.fields import SafeRichTextBlock

FEATURES = ["h3", "bold", "italic", "ol", "ul"]


class WordsBlock(SafeRichTextBlock):
    """Running text for the learner; sanitised when it is saved."""

    def __init__(self, **kwargs):
        super().__init__(**({"features": FEATURES} | kwargs))

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "modules/blocks/words.html"
        description = _("What learners read, in short sentences.")
        preview_value = "<p>Bercanda itu lucu untuk semua orang.</p>"


class PictureBlock(blocks.StructBlock):
    """One of our drawings, or a picture of the library, with the words that stand for it."""

    drawing = blocks.ChoiceBlock(
        label=_("Drawing"), choices=Illustration.choices[1:], required=False
    )
    image = ImageChooserBlock(label=_("Picture"), required=False)
    alt = blocks.CharBlock(label=_("Description for those who can't see it"), max_length=250)
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=250)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "modules/blocks/picture.html"
        description = _("A drawing or a picture; no identifiable child.")
        preview_value = {"drawing": "schoolyard", "alt": "Halaman sekolah", "caption": ""}


class MediaBlock(blocks.StructBlock):
    """A recording to download, with all that is said in it; its size is told before."""

    kind = blocks.ChoiceBlock(
        label=_("Kind"), choices=[("audio", _("Audio")), ("video", _("Video"))], default="audio"
    )
    title = blocks.CharBlock(label=_("Title"), max_length=120)
    file = DocumentChooserBlock(label=_("File"))
    minutes = blocks.IntegerBlock(label=_("Minutes"), min_value=1, max_value=60)
    transcript = SafeRichTextBlock(label=_("All that is said"), features=["bold", "italic"])

    class Meta:
        icon = "media"
        label = _("Recording")
        template = "modules/blocks/media.html"
        description = _("Audio or video with its transcript and size.")
        preview_value = {
            "kind": "audio",
            "title": "Lagu tangan",
            "minutes": 2,
            "transcript": "<p>…</p>",
        }
