"""A lesson's steps: what the facilitator does, says, and what the learner sees meanwhile."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from modules.blocks.practice import (
    ActivityBlock,
    CardSortBlock,
    CaseBlock,
    DisclosureBlock,
    DiscussionBlock,
    ReferralBlock,
    RolePlayBlock,
    SheetBlock,
)
from modules.blocks.questions import QUESTIONS
from modules.blocks.words import FEATURES, MediaBlock, PictureBlock, WordsBlock
from safeguards.fields import SafeRichTextBlock

LEARNER_BLOCKS = [
    ("text", WordsBlock()),
    ("picture", PictureBlock()),
    ("media", MediaBlock()),
    ("activity", ActivityBlock()),
    ("role_play", RolePlayBlock()),
    ("discussion", DiscussionBlock()),
    ("case", CaseBlock()),
    ("card_sort", CardSortBlock()),
    ("sheet", SheetBlock()),
    ("disclosure", DisclosureBlock()),
    ("referral", ReferralBlock()),
    *((kind, block()) for kind, block in QUESTIONS.items()),
]


class LearnerBlock(blocks.StreamBlock):
    """What the learner reads, does and answers."""

    def __init__(self, local_blocks=None, **kwargs):
        super().__init__(local_blocks or LEARNER_BLOCKS, **kwargs)


class StepBlock(blocks.StructBlock):
    """Some minutes of a lesson."""

    title = blocks.CharBlock(label=_("Step"), max_length=120)
    minutes = blocks.IntegerBlock(label=_("Minutes"), min_value=1, max_value=120)
    guide = SafeRichTextBlock(label=_("What you do"), features=FEATURES)
    say = SafeRichTextBlock(
        label=_("What you may say"), features=["bold", "italic"], required=False
    )
    learner = LearnerBlock(label=_("What learners see"), required=False)

    class Meta:
        icon = "list-ol"
        label = _("Step")
        template = "modules/blocks/step.html"
        description = _("Some minutes of a lesson, for the facilitator and for the learners.")
        preview_value = {
            "title": "Pembukaan tenang",
            "minutes": 5,
            "guide": "<p>Sapa semua.</p>",
            "say": "<p>Selamat pagi.</p>",
            "learner": [],
        }


class StepsBlock(blocks.StreamBlock):
    """The steps of a lesson in order; each keeps its id."""

    step = StepBlock()


class VariantBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("For whom, or without what"), max_length=120)
    text = SafeRichTextBlock(label=_("What is done differently"), features=FEATURES)

    class Meta:
        icon = "copy"
        label = _("Variant")
        template = "modules/blocks/variant.html"
        description = _("The same module without a device, or for a mixed group.")
        preview_value = {"title": "Tanpa gawai", "text": "<p>…</p>"}


class SourceBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Source"), max_length=250)
    note = blocks.CharBlock(label=_("What was taken from it"), required=False, max_length=400)

    class Meta:
        icon = "openquote"
        label = _("Source")
        template = "modules/blocks/source.html"
        description = _("Where an idea comes from; the words are ours.")
        preview_value = {"title": "UNESCO", "note": ""}


class WordBlock(blocks.StructBlock):
    term = blocks.CharBlock(label=_("Word"), max_length=80)
    meaning = blocks.CharBlock(label=_("Meaning"), max_length=400)

    class Meta:
        icon = "info-circle"
        label = _("Word")
        template = "modules/blocks/word.html"
        description = _("A hard word in easy ones.")
        preview_value = {"term": "perundungan", "meaning": "Menyakiti berulang kali."}
