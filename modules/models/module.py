from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from districts.illustrations import Illustration
from districts.pages import DistrictPage
from districts.term_fields import RegulationCodesField, TermCodesField
from modules.blocks.questions import SurveyItemsBlock
from modules.blocks.steps import SourceBlock, VariantBlock, WordBlock
from modules.leaves import own_query
from modules.models.reviewed import Reviewed
from safeguards.fields import SafeRichTextField

# Runs that were planned before the retirement may still be held for so long.
GRACE = timedelta(days=30)
EXTREMISM = "ekstremisme"
# Under which the modules that come with the project are handed on; an office may choose another.
LICENCE = "CC BY-SA 4.0"
FEATURES = ["h3", "bold", "italic", "ol", "ul"]


class ModuleIndexPage(DistrictPage):
    """The shelf of modules, at `/modul/`; the national ones appear in districts as aliases."""

    locked_slug = "modul"
    shares_children = True
    lists_own_children = True
    # Stands under whatever home page the site has; that page lists it in its `subpage_types`.
    subpage_types = ["modules.ModulePage"]

    content_panels = [
        *DistrictPage.content_panels,
        FieldPanel("search_description", heading=_("Summary")),
    ]

    class Meta:
        verbose_name = _("module index page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from modules.shelf import shelf_context

        context = super().get_context(request, *args, **kwargs)
        return context | shelf_context(self, request)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().serve(request, *args, **kwargs)
        if response.context_data["search"].unknown:
            response.status_code = 404
        elif response.context_data["leads_to"]:
            return HttpResponseRedirect(response.context_data["leads_to"])
        return response


class Lines(models.TextField):
    """Short texts, one a line; `lines_of` reads them."""


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


# What one card for whoever somebody confides in says, and where the page keeps it.
Card = dict[str, Any]
OF_CARD = ("title", "steps", "say", "avoid")
FIRST_CARD = tuple(f"disclosure_{name}" for name in OF_CARD)
SECOND_CARD = tuple(f"second_{name}" for name in FIRST_CARD)


def cards_of(fields: Mapping[str, str]) -> list[Card]:
    """The cards {title, steps, say, avoid} that these fields of a module's page hold.

    The first stands even where it is empty; the second only under a title.
    """
    first, second = (_card([fields[name] for name in names]) for names in (FIRST_CARD, SECOND_CARD))
    return [first, second] if second["title"] else [first]


def _card(values: Sequence[str]) -> Card:
    title, *lists = values
    return {"title": title} | dict(zip(OF_CARD[1:], map(lines_of, lists), strict=True))


class ModulePage(Reviewed):
    """A learning module with everything a facilitator needs; its lessons stand below it."""

    offers_sharing = True
    open_graph_type = "article"

    class Needs(models.TextChoices):
        """The least equipment with which the module can be taught."""

        NOTHING = "tanpa", _("Nothing but people")
        PAPER = "kertas", _("Paper")
        ONE = "satu", _("One device")
        PHONES = "ponsel", _("A phone each")

    class Level(models.TextChoices):
        SD = "sd", _("Primary school: 10 words a sentence")
        SMP = "smp", _("Secondary school: 14 words a sentence")
        ADULT = "dewasa", _("Adults: 18 words a sentence")

    version = models.CharField(_("version"), max_length=20, default="1.0")
    licence = models.CharField(
        _("licence"),
        max_length=60,
        default=LICENCE,
        db_default=LICENCE,
        help_text=_("It stands at the foot of every paper."),
    )
    illustration = models.CharField(
        _("drawing"), max_length=20, choices=Illustration.choices, blank=True
    )
    audience_codes = TermCodesField(_("for whom"), vocabulary="audience")
    age_from = models.PositiveSmallIntegerField(
        _("youngest"), default=12, validators=[MaxValueValidator(99)]
    )
    age_to = models.PositiveSmallIntegerField(
        _("oldest"), default=15, validators=[MaxValueValidator(99)]
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=40, validators=[MinValueValidator(5), MaxValueValidator(600)]
    )
    needs = models.CharField(_("needs"), max_length=8, choices=Needs.choices, default=Needs.NOTHING)
    level = models.CharField(
        _("reading level"), max_length=8, choices=Level.choices, default=Level.SMP
    )
    issue_codes = TermCodesField(_("issue areas"), vocabulary="issue_area")
    violence_codes = TermCodesField(_("forms of violence"), vocabulary="violence_form")
    regulation_codes = RegulationCodesField(_("regulations"))
    referral_issue = models.CharField(
        _("issue of the help shown"),
        max_length=60,
        blank=True,
        help_text=_("Code of an issue area; empty for all."),
    )
    objectives = Lines(_("objectives"), blank=True, help_text=_("What can be seen; one a line."))
    materials = Lines(_("materials"), blank=True, help_text=_("One a line."))
    preparation = SafeRichTextField(_("before the session"), blank=True, features=FEATURES)
    safeguarding = SafeRichTextField(_("safeguarding note"), blank=True, features=FEATURES)
    disclosure_title = models.CharField(
        _("if somebody tells something"), max_length=120, blank=True
    )
    disclosure_steps = Lines(_("steps"), blank=True, help_text=_("One a line."))
    disclosure_say = Lines(_("words to say"), blank=True, help_text=_("One a line."))
    disclosure_avoid = Lines(_("what to avoid"), blank=True, help_text=_("One a line."))
    second_disclosure_title = models.CharField(
        _("if somebody else tells something"),
        max_length=120,
        blank=True,
        default="",
        db_default="",
        help_text=_("Where adults and children take part, each has a card."),
    )
    second_disclosure_steps = Lines(
        _("steps"), blank=True, default="", db_default="", help_text=_("One a line.")
    )
    second_disclosure_say = Lines(
        _("words to say"), blank=True, default="", db_default="", help_text=_("One a line.")
    )
    second_disclosure_avoid = Lines(
        _("what to avoid"), blank=True, default="", db_default="", help_text=_("One a line.")
    )
    variants = StreamField([("variant", VariantBlock())], verbose_name=_("variants"), blank=True)
    take_home_title = models.CharField(_("note for parents"), max_length=120, blank=True)
    take_home = SafeRichTextField(_("what it says"), blank=True, features=FEATURES)
    take_home_may_be_withheld = models.BooleanField(
        _("the teacher may keep it back"), default=False
    )
    survey = StreamField(SurveyItemsBlock(), verbose_name=_("asked before and after"), blank=True)
    pass_mark = models.PositiveSmallIntegerField(
        _("pass mark, percent"), default=60, validators=[MaxValueValidator(100)]
    )
    sources = StreamField([("source", SourceBlock())], verbose_name=_("sources"), blank=True)
    glossary = StreamField([("word", WordBlock())], verbose_name=_("glossary"), blank=True)
    open_questions = Lines(_("open questions for a specialist"), blank=True)
    # Of a site without offices, and as files told it: an office's own are in `modules.SignOff`.
    reviewer = models.CharField(
        _("reviewed by"), max_length=160, blank=True, help_text=_("A specialist and their office.")
    )
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True)
    review_due = models.DateField(
        _("to be reviewed by"),
        null=True,
        blank=True,
        help_text=_("After this day nobody finds the module, and no new run can begin."),
    )
    retire_on = models.DateField(_("retires on"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    content_panels = [
        *DistrictPage.content_panels,
        FieldPanel("search_description", heading=_("Summary")),
        FieldPanel("illustration"),
        FieldRowPanel([FieldPanel("version"), FieldPanel("licence")]),
        MultiFieldPanel(
            [
                FieldPanel("audience_codes"),
                FieldRowPanel([FieldPanel("age_from"), FieldPanel("age_to")]),
                FieldRowPanel([FieldPanel("minutes"), FieldPanel("needs"), FieldPanel("level")]),
            ],
            heading=_("For whom?"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("issue_codes"),
                FieldPanel("violence_codes"),
                FieldPanel("regulation_codes"),
                FieldPanel("referral_issue"),
            ],
            heading=_("About what?"),
        ),
        FieldPanel("objectives"),
        FieldPanel("materials"),
        FieldPanel("preparation"),
        FieldPanel("safeguarding"),
        MultiFieldPanel(
            [
                FieldPanel("disclosure_title"),
                FieldPanel("disclosure_steps"),
                FieldPanel("disclosure_say"),
                FieldPanel("disclosure_avoid"),
            ],
            heading=_("If a child tells something"),
        ),
        MultiFieldPanel(
            [FieldPanel(name) for name in SECOND_CARD],
            heading=_("A second card, if somebody else tells something"),
        ),
        FieldPanel("variants"),
        MultiFieldPanel(
            [
                FieldPanel("take_home_title"),
                FieldPanel("take_home"),
                FieldPanel("take_home_may_be_withheld"),
            ],
            heading=_("To take home"),
        ),
        FieldPanel("survey"),
        FieldPanel("pass_mark"),
        FieldPanel("sources"),
        FieldPanel("glossary"),
        MultiFieldPanel(
            [
                FieldPanel("review_due"),
                FieldPanel("retire_on"),
                FieldPanel("open_questions"),
            ],
            heading=_("Review"),
        ),
    ]
    search_fields = [*DistrictPage.search_fields, index.SearchField("objectives")]
    parent_page_types = ["modules.ModuleIndexPage"]
    subpage_types = ["modules.LessonPage"]

    class Meta:
        verbose_name = _("module page")

    def clean(self) -> None:
        super().clean()
        errors = {}
        if self.age_to < self.age_from:
            errors["age_to"] = _("The oldest cannot be younger than the youngest.")
        if self.is_about_extremism and self.review_due is None:
            errors["review_due"] = _("A module on extremism needs the day of its next review.")
        if errors:
            raise ValidationError(errors)

    @property
    def source_id(self) -> int:
        """The page that runs and results point at: the national one behind an alias."""
        return self.alias_of_id or self.pk

    @property
    def is_about_extremism(self) -> bool:
        """Such a module is published only after a moderator who did not write it approves it."""
        return EXTREMISM in self.issue_codes

    @property
    def last_day(self) -> date | None:
        """The last day on which readers find the module and runs begin; None for no end."""
        return min((day for day in (self.review_due, self.retire_on) if day), default=None)

    def is_offered(self, today: date) -> bool:
        """Say whether new runs may begin: neither past its day nor withdrawn. Read, not ticked.

        `today` is the office's own day (`modules.days`), here and below.
        """
        return self.withdrawn_at is None and (self.last_day is None or today <= self.last_day)

    def may_be_held(self, today: date) -> bool:
        """Say whether a run that was planned before may still be held: 30 days longer."""
        return self.withdrawn_at is None and (
            self.last_day is None or today <= self.last_day + GRACE
        )

    @property
    def disclosures(self) -> list[Card]:
        """The card "if a child tells something", and the second one where there is one."""
        return cards_of({name: getattr(self, name) for name in (*FIRST_CARD, *SECOND_CARD)})

    def own_query(self, request: HttpRequest) -> str:
        return own_query(request)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from modules.reading import module_context

        context = super().get_context(request, *args, **kwargs)
        return context | module_context(self, request, context)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        from modules.reading import serve_offered

        return serve_offered(self, request, super().serve, *args, **kwargs)
