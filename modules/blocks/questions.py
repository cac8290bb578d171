"""Questions of every kind; one block each, known for ever by the id of its place in the stream.

What an answer is worth never reaches a template that a learner sees before they answer:
templates draw `modules.items.Item`, which keeps the key apart.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from modules.blocks.sound import Faults, faults_of_choices, faults_of_piles, faults_of_scenario
from safeguards.fields import SafeRichTextBlock

SMALL = ["bold", "italic"]


def _line(label, **kwargs):
    return blocks.CharBlock(label=label, **({"max_length": 300} | kwargs))


class QuestionItemBlock(blocks.StructBlock):
    """What all kinds share."""

    prompt = SafeRichTextBlock(label=_("Question"), features=SMALL)
    explain = SafeRichTextBlock(
        label=_("Shown after an answer"), features=[*SMALL, "ul"], required=False
    )
    scored = blocks.BooleanBlock(
        label=_("Scored by the server"),
        required=False,
        help_text=_("Its key never leaves the server before the answer. Else it is a self-check."),
    )
    sensitive = blocks.BooleanBlock(
        label=_("Sensitive"), required=False, help_text=_("Shows the way to help beside it.")
    )

    class Meta:
        template = "modules/blocks/question.html"
        icon = "help"

    def clean(self, value):
        cleaned = super().clean(value)
        # A draft may be unfinished.
        faults = {} if self.is_deferred_validation else self.faults(cleaned)
        if faults:
            raise StructBlockValidationError(faults)
        return cleaned

    def faults(self, value) -> Faults:
        """Field → why nobody can answer this, or answer it rightly."""
        return {}

    def is_judged(self, value) -> bool:
        """Whether answers are right or wrong on the server: of a survey, what is known always."""
        return bool(value["scored"]) or self.name.startswith("knowledge_")


class ChoiceBlock(blocks.StructBlock):
    text = _line(_("Answer"))
    right = blocks.BooleanBlock(label=_("Right"), required=False)
    feedback = _line(
        _("Said to who chose it"),
        required=False,
        max_length=500,
        help_text=_("Where it is wrong, teach without giving the right one away."),
    )


class ChosenBlock(QuestionItemBlock):
    """Answers to choose from, some of them right."""

    only_one = True

    def faults(self, value) -> Faults:
        return faults_of_choices(value, only_one=self.only_one) if self.is_judged(value) else {}


class SingleBlock(ChosenBlock):
    choices = blocks.ListBlock(ChoiceBlock(), label=_("Answers"), min_num=2, max_num=8)

    class Meta:
        label = _("Question with one answer")
        description = _("One of several answers.")


class MultipleBlock(ChosenBlock):
    only_one = False
    choices = blocks.ListBlock(ChoiceBlock(), label=_("Answers"), min_num=2, max_num=10)

    class Meta:
        label = _("Question with several answers")
        description = _("All answers that fit.")


class TrueFalseBlock(ChosenBlock):
    choices = blocks.ListBlock(ChoiceBlock(), label=_("True and false"), min_num=2, max_num=2)

    class Meta:
        label = _("True or false")
        description = _("A statement that holds or does not.")


class OrderBlock(QuestionItemBlock):
    sequence = blocks.ListBlock(
        _line(_("Step")), label=_("In the right order"), min_num=2, max_num=8
    )

    class Meta:
        label = _("Put in order")
        description = _("Steps to put in order; shown in another one.")


class MatchCardBlock(blocks.StructBlock):
    text = _line(_("On the card"))
    pile = _line(_("Where it belongs"), max_length=80)
    feedback = _line(_("Said afterwards"), required=False, max_length=500)


class MatchBlock(QuestionItemBlock):
    piles = blocks.ListBlock(_line(_("Pile"), max_length=80), label=_("Piles"), min_num=2)
    cards = blocks.ListBlock(MatchCardBlock(), label=_("Cards"), min_num=2, max_num=12)

    class Meta:
        label = _("Match or classify")
        description = _("Cards that each belong to one pile.")

    def faults(self, value) -> Faults:
        return faults_of_piles(value)


class WayBlock(blocks.StructBlock):
    text = _line(_("What one may do"))
    to = blocks.CharBlock(label=_("Leads to"), max_length=60)
    feedback = _line(_("Said on the way"), required=False, max_length=500)


class NodeBlock(blocks.StructBlock):
    name = blocks.CharBlock(label=_("Name"), max_length=60)
    text = blocks.TextBlock(label=_("What happens"), max_length=900)
    good = blocks.BooleanBlock(label=_("A wanted end"), required=False)
    ways = blocks.ListBlock(WayBlock(), label=_("Ways on; none is an end"), default=[])


class ScenarioBlock(QuestionItemBlock):
    nodes = blocks.ListBlock(NodeBlock(), label=_("Places; the first is the start"), min_num=2)

    class Meta:
        label = _("Branching scenario")
        description = _("A story in which one chooses what to do.")

    def faults(self, value) -> Faults:
        return faults_of_scenario(value, scored=self.is_judged(value))


class LikertBlock(QuestionItemBlock):
    direction = blocks.ChoiceBlock(
        label=_("Wanted end"),
        choices=[("1", pgettext_lazy("scale", "Agree")), ("-1", _("Disagree"))],
        default="1",
    )

    class Meta:
        label = _("Agree or disagree")
        description = _("A statement with five steps of agreement.")


class ShortTextBlock(QuestionItemBlock):
    """What is written here stays on the device: the field has no name and is never sent."""

    class Meta:
        label = _("Private note")
        description = _("Written for oneself; never sent, stored or shown.")


QUESTIONS = {
    "single": SingleBlock,
    "multiple": MultipleBlock,
    "true_false": TrueFalseBlock,
    "order": OrderBlock,
    "match": MatchBlock,
    "scenario": ScenarioBlock,
    "likert": LikertBlock,
    "short_text": ShortTextBlock,
}


class SurveyItemsBlock(blocks.StreamBlock):
    """Asked before and after, the same words both times."""

    def __init__(self, local_blocks=None, **kwargs):
        kinds = [
            (f"{dimension}_{kind}", QUESTIONS[kind](label=label))
            for dimension, kind, label in SURVEY_KINDS
        ]
        super().__init__(local_blocks or kinds, **kwargs)


SURVEY_KINDS = (
    ("knowledge", "single", _("Knowledge, one answer")),
    ("attitude", "likert", _("Attitude, agree or disagree")),
    ("intention", "likert", _("Intention, agree or disagree")),
)
