from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock


class PictureBlock(blocks.StructBlock):
    """A picture with the words that stand for it when it can't be seen."""

    image = ImageChooserBlock(label=_("Picture"))
    alt = blocks.CharBlock(
        label=_("Description for those who can't see it"), max_length=250, required=True
    )
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=250)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "campaigns/blocks/image.html"
        # A drawing: the newest picture could be another office's.
        preview_template = "campaigns/blocks/image_preview.html"
        preview_value = {
            "alt": "Tikar, tempat warga duduk bersama",
            "caption": "Pertemuan di balai desa. Gambar: kantor kami.",
        }
        description = _("A picture with a description; no identifiable child.")
