from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.documents import get_document_model_string

from campaigns.models.base import CampaignsPage
from campaigns.models.campaign import TaggedPage
from districts.term_fields import TermCodesField


class MaterialIndexPage(CampaignsPage):
    """The library of materials, at `/materi/`; the national ones appear in districts as aliases."""

    locked_slug = "materi"
    shares_children = True
    lists_own_children = True
    # Stands under whatever home page the site has; that page lists it in its `subpage_types`.
    subpage_types = ["campaigns.MaterialPage"]

    class Meta:
        verbose_name = _("material index page")


class MaterialPage(TaggedPage):
    """Something to print or send on. The page's text is its text twin: all that the file says.

    With a `layout` we set the PDF from that text, with the cloth and the verified channels of the
    district whose reader asks; else `document` is the file.
    """

    class Kind(models.TextChoices):
        POSTER = "poster", _("Poster")
        LEAFLET = "leaflet", _("Leaflet")
        CARDS = "kartu", _("Classroom cards")
        SHEET = "lembar", _("Worksheet")
        SLIDES = "paparan", _("Presentation")

    class Layout(models.TextChoices):
        NONE = "", _("An uploaded file")
        POSTER = "poster", _("Poster")
        LEAFLET = "leaflet", _("Folded leaflet")
        CARDS = "cards", _("Cards to cut out")
        SHEET = "sheet", _("Worksheet")

    class PaperSize(models.TextChoices):
        A4 = "a4", "A4"
        F4 = "f4", "F4"
        A3 = "a3", "A3"

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    layout = models.CharField(_("layout"), max_length=10, choices=Layout.choices, blank=True)
    paper_size = models.CharField(
        _("paper"), max_length=2, choices=PaperSize.choices, default=PaperSize.A4
    )
    audience_codes = TermCodesField(_("for whom"), vocabulary="audience")
    content_language = models.CharField(
        _("language of the material"),
        max_length=10,
        blank=True,
        help_text=_("Its code (jv, su, tet …) where it is not the language of the page."),
    )
    licence = models.CharField(_("licence"), max_length=60, default="CC BY-SA 4.0")
    document = models.ForeignKey(
        get_document_model_string(),
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("file"),
    )

    content_panels = [
        *CampaignsPage.content_panels[:2],
        FieldPanel("kind"),
        FieldPanel("layout"),
        FieldPanel("paper_size"),
        FieldPanel("document"),
        FieldPanel("audience_codes"),
        FieldPanel("content_language"),
        FieldPanel("licence"),
        *CampaignsPage.content_panels[2:],
        FieldPanel("tags"),
    ]
    parent_page_types = ["campaigns.MaterialIndexPage"]
    subpage_types = []

    class Meta:
        verbose_name = _("material page")
