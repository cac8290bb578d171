"""The blocks a campaign text is built from; one StructBlock for each component of the look."""

from wagtail import blocks

from campaigns.blocks.cards import CardsBlock
from campaigns.blocks.care import CalloutBlock, DoDontBlock, HelpBlock, QuoteBlock, StepsBlock
from campaigns.blocks.media import PictureBlock
from campaigns.blocks.text import LinksBlock, ParagraphBlock

BODY_BLOCKS = [
    ("paragraph", ParagraphBlock()),
    ("image", PictureBlock()),
    ("steps", StepsBlock()),
    ("do_dont", DoDontBlock()),
    ("callout", CalloutBlock()),
    ("quote", QuoteBlock()),
    ("help", HelpBlock()),
    ("links", LinksBlock()),
    ("cards", CardsBlock()),
]


class BodyBlock(blocks.StreamBlock):
    """All of them, by the names under which they are stored."""

    def __init__(self, local_blocks=None, **kwargs):
        super().__init__(local_blocks or BODY_BLOCKS, **kwargs)
