from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from districts.illustrations import Illustration


class CardBlock(blocks.StructBlock):
    """A card to cut out: a few words that a class can hold, and a drawing if it helps."""

    title = blocks.CharBlock(label=_("On the card"), max_length=80)
    text = blocks.CharBlock(
        label=_("Below it"),
        required=False,
        max_length=220,
        help_text=_("One or two short sentences; a card is as large as a hand."),
    )
    drawing = blocks.ChoiceBlock(
        label=_("Drawing"), choices=Illustration.choices[1:], required=False
    )


class CardsBlock(blocks.StructBlock):
    """Cards for a class or a meeting; on paper they have lines to cut along."""

    title = blocks.CharBlock(label=_("Heading"), required=False, max_length=120)
    items = blocks.ListBlock(CardBlock(), label=_("Cards"), min_num=1, max_num=48)

    class Meta:
        icon = "grip"
        label = _("Cards")
        template = "campaigns/blocks/cards.html"
        description = _("Cards to lay on a table; on paper they are cut out.")
        preview_value = {
            "title": "Kartu perasaan",
            "items": [
                {
                    "title": "Tenang",
                    "text": "Kapan Anda merasa tenang?",
                    "drawing": "hands",
                },
                {"title": "Ragu", "text": "Kepada siapa Anda bertanya?", "drawing": "path"},
            ],
        }
