from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from safeguards.fields import SafeRichTextBlock

SMALL_FEATURES = ["bold", "italic", "ul", "link"]


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Step"), max_length=120)
    text = SafeRichTextBlock(label=_("Explanation"), features=SMALL_FEATURES, required=False)


class StepsBlock(blocks.StructBlock):
    """Numbered steps, one thing to do at a time."""

    title = blocks.CharBlock(label=_("Heading"), required=False, max_length=120)
    items = blocks.ListBlock(StepBlock(), label=_("Steps"), min_num=1, max_num=10)

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        template = "campaigns/blocks/steps.html"
        description = _("Numbered steps, one thing to do at a time.")
        preview_value = {
            "title": "Tiga langkah",
            "items": [{"title": "Dengarkan", "text": "<p>Tenang, jangan menyela.</p>"}],
        }


class DoDontBlock(blocks.StructBlock):
    """What helps and what harms, side by side."""

    do = blocks.ListBlock(blocks.CharBlock(max_length=200), label=_("Do"), min_num=1)
    dont = blocks.ListBlock(blocks.CharBlock(max_length=200), label=_("Don't"), min_num=1)

    class Meta:
        icon = "tick"
        label = _("Do and don't")
        template = "campaigns/blocks/do_dont.html"
        description = _("What helps and what harms, side by side.")
        preview_value = {"do": ["Percaya dan dengarkan"], "dont": ["Menyalahkan anak"]}


class CalloutBlock(blocks.StructBlock):
    """A paragraph that stands out; `urgent` is for danger only."""

    tone = blocks.ChoiceBlock(
        label=_("Tone"),
        choices=[("calm", _("Calm")), ("info", _("Information")), ("urgent", _("Danger"))],
        default="calm",
    )
    title = blocks.CharBlock(label=_("Heading"), required=False, max_length=120)
    text = SafeRichTextBlock(label=_("Text"), features=SMALL_FEATURES)

    class Meta:
        icon = "info-circle"
        label = _("Callout")
        template = "campaigns/blocks/callout.html"
        description = _("A paragraph that stands out.")
        preview_value = {"tone": "calm", "title": "Tidak perlu bukti", "text": "<p>…</p>"}


class QuoteBlock(blocks.StructBlock):
    """Words of somebody, signed with a role, never with a private person's name."""

    text = blocks.TextBlock(label=_("Words"), max_length=600)
    role = blocks.CharBlock(label=_("Role of the speaker"), max_length=120)

    class Meta:
        icon = "openquote"
        label = _("Quote")
        template = "campaigns/blocks/quote.html"
        description = _("Words of somebody, signed with a role.")
        preview_value = {"text": "Saya mendengarkan dulu.", "role": "Kader di sebuah desa"}


class HelpBlock(blocks.StructBlock):
    """The verified channels of the district being read, live; nothing is copied into the page."""

    # Holds a code and words of other records; a search index leaves it out.
    unsearched = True

    issue = blocks.CharBlock(
        label=_("Issue"),
        required=False,
        max_length=60,
        help_text=_("Code of an issue area; empty for all."),
    )

    def get_context(self, value, parent_context=None):
        from districts.directory import help_for_request

        context = super().get_context(value, parent_context=parent_context)
        request = (parent_context or {}).get("request")
        context["channels"] = (
            help_for_request(request, issue=value.get("issue") or "") if request else []
        )
        return context

    class Meta:
        icon = "help"
        label = _("Where to get help")
        template = "campaigns/blocks/help.html"
        description = _("The channels of the reader's own district.")
        preview_value = {"issue": ""}
