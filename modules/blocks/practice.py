"""What a class does together: activities, roles, discussions, cases, cards, worksheets."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from modules.blocks.words import FEATURES
from modules.pictures import CARD_PICTURES
from safeguards.fields import SafeRichTextBlock


def _line(label, **kwargs):
    return blocks.CharBlock(label=label, **({"max_length": 300} | kwargs))


class ActivityBlock(blocks.StructBlock):
    """Something to do, with what it takes."""

    title = _line(_("Heading"), max_length=120)
    minutes = blocks.IntegerBlock(label=_("Minutes"), required=False, min_value=1, max_value=120)
    materials = blocks.ListBlock(_line(_("Material")), label=_("Materials"), default=[])
    text = SafeRichTextBlock(label=_("What to do"), features=FEATURES)

    class Meta:
        icon = "group"
        label = _("Activity")
        template = "modules/blocks/activity.html"
        description = _("Something a group does together.")
        preview_value = {"title": "Pilah kartu", "minutes": 10, "materials": [], "text": "<p>…</p>"}


class RoleBlock(blocks.StructBlock):
    name = _line(_("Role"), max_length=80)
    text = _line(_("What this role does"), max_length=500)


class RolePlayBlock(blocks.StructBlock):
    """A situation with roles; nobody plays somebody who is hurt."""

    title = _line(_("Heading"), max_length=120)
    situation = SafeRichTextBlock(label=_("Situation"), features=FEATURES)
    roles = blocks.ListBlock(RoleBlock(), label=_("Roles"), min_num=1, max_num=8)
    rules = blocks.ListBlock(_line(_("Rule")), label=_("Rules"), default=[])

    class Meta:
        icon = "user"
        label = _("Role play")
        template = "modules/blocks/role_play.html"
        description = _("A situation with roles to play; only helpers, never somebody hurt.")
        preview_value = {
            "title": "Berani menolong",
            "situation": "<p>…</p>",
            "roles": [{"name": "Penolong", "text": "Mengajak pergi."}],
            "rules": [],
        }


class DifficultAnswerBlock(blocks.StructBlock):
    answer = _line(_("A difficult answer"), max_length=400)
    response = _line(_("How to respond"), max_length=800)


class QuestionBlock(blocks.StructBlock):
    question = _line(_("Question"))
    expected = blocks.ListBlock(_line(_("An answer you may hear")), label=_("Expected"), default=[])
    difficult = blocks.ListBlock(DifficultAnswerBlock(), label=_("Difficult answers"), default=[])


class DiscussionBlock(blocks.StructBlock):
    """Questions to talk about; expected and difficult answers are for the facilitator alone."""

    title = _line(_("Heading"), max_length=120)
    questions = blocks.ListBlock(QuestionBlock(), label=_("Questions"), min_num=1, max_num=8)

    class Meta:
        icon = "comment"
        label = _("Discussion")
        template = "modules/blocks/discussion.html"
        description = _("Questions to talk about, with answers to expect.")
        preview_value = {
            "title": "Bicarakan",
            "questions": [{"question": "Apa bedanya?", "expected": [], "difficult": []}],
        }


class CaseBlock(blocks.StructBlock):
    """An invented story and a question about it."""

    title = _line(_("Heading"), max_length=120)
    text = SafeRichTextBlock(label=_("Story"), features=FEATURES)
    question = _line(_("Question"), required=False)

    class Meta:
        icon = "doc-full"
        label = _("Case")
        template = "modules/blocks/case.html"
        description = _("An invented story; names that belong to nobody.")
        preview_value = {"title": "Kiko dan topinya", "text": "<p>…</p>", "question": "Apa ini?"}


class SortCard(blocks.StructValue):
    @property
    def picture_name(self):
        """What the picture shows, in a word; "" for none."""
        return CARD_PICTURES.get(self.get("picture"), "")


class SortCardBlock(blocks.StructBlock):
    """A picture helps whoever doesn't read; cards with the same one belong together."""

    text = _line(_("On the card"))
    picture = blocks.ChoiceBlock(
        label=_("Picture"), choices=list(CARD_PICTURES.items()), required=False
    )
    pile = _line(_("Its pile"), max_length=80)
    why = _line(_("Why, for the facilitator"), required=False, max_length=500)

    class Meta:
        value_class = SortCard


class CardSortBlock(blocks.StructBlock):
    """Cards to cut out and lay on piles; where each belongs is for the facilitator alone."""

    title = _line(_("Heading"), max_length=120)
    piles = blocks.ListBlock(_line(_("Pile"), max_length=80), label=_("Piles"), min_num=2)
    cards = blocks.ListBlock(SortCardBlock(), label=_("Cards"), min_num=2, max_num=24)

    class Meta:
        icon = "grip"
        label = _("Cards to sort")
        template = "modules/blocks/card_sort.html"
        description = _("Cards to cut out and sort.")
        preview_value = {
            "title": "Pilah kartu",
            "piles": ["Bercanda", "Merundung"],
            "cards": [{"text": "Semua tertawa.", "pile": "Bercanda", "why": ""}],
        }


class SheetBlock(blocks.StructBlock):
    """A worksheet; a line of underscores is a line to write on."""

    title = _line(_("Heading"), max_length=120)
    text = SafeRichTextBlock(label=_("Text"), features=FEATURES)

    class Meta:
        icon = "form"
        label = _("Worksheet")
        template = "modules/blocks/sheet.html"
        description = _("What is printed for everybody to write on.")
        preview_value = {"title": "Lembar kerja", "text": "<p>Namailah perasaan: ____</p>"}


class DisclosureBlock(blocks.StaticBlock):
    """The module's card "if a child tells something"; its words stand with the module."""

    class Meta:
        icon = "warning"
        label = _("If a child tells something")
        template = "modules/blocks/disclosure.html"
        description = _("The module's own card: listen, believe, do not promise, refer.")
        preview_value = None


class ReferralBlock(blocks.StaticBlock):
    """The verified channels of the reader's own district, live; nothing is copied."""

    unsearched = True

    class Meta:
        icon = "help"
        label = _("Where to get help")
        template = "modules/blocks/referral.html"
        description = _("The channels of the reader's own district.")
        preview_value = None

    def get_context(self, value, parent_context=None):
        from districts.directory import help_for_request

        context = super().get_context(value, parent_context=parent_context)
        request = context.get("request")
        issue = context.get("referral_issue") or ""
        context["channels"] = help_for_request(request, issue=issue) if request else []
        return context
