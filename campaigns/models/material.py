from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.core.validators import RegexValidator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.documents import get_document_model_string

from campaigns.library import (
    Search,
    audience_labels,
    materials_under,
    paper_key,
    paper_named,
    with_sizes,
)
from campaigns.licences import licence_named
from campaigns.models.base import CampaignsPage
from campaigns.models.campaign import TaggedPage
from districts.content_languages import language_label
from districts.pages import page_address
from districts.paper import sizes
from districts.term_fields import TermCodesField

MATERIALS_PER_PAGE = 12
# ISO 639 codes have two or three letters; the field takes a region too (pt-BR).
is_language_code = RegexValidator(
    r"^[a-z]{2,3}(-[A-Za-z]{2,4})?\Z", _("Two or three letters, such as jv, su or tet.")
)


class MaterialIndexPage(CampaignsPage):
    """The library of materials, at `/materi/`; the national ones appear in districts as aliases."""

    locked_slug = "materi"
    shares_children = True
    lists_own_children = True
    # Stands under whatever home page the site has; that page lists it in its `subpage_types`.
    subpage_types = ["campaigns.MaterialPage"]

    class Meta:
        verbose_name = _("material index page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        materials = [one for one in materials_under(self) if one.path.startswith(self.path)]
        search = Search(materials, request.GET)
        number = request.GET.get("page", "1")
        paginator = Paginator(search.found, MATERIALS_PER_PAGE)
        # `isdecimal` first: int() takes spaces, signs and underscores.
        if not number.isdecimal() or len(number) > 6 or not 1 <= int(number) <= paginator.num_pages:
            raise Http404
        shown = paginator.page(int(number))
        keys = [one.key for one in shown.object_list if one.layout]
        district = context["district"]
        shown.object_list = with_sizes(
            shown.object_list, sizes(district, keys) if district and keys else {}
        )
        labels = audience_labels()
        context["materials"] = [
            {"item": one, "audience": [labels[code] for code in one.audience if code in labels]}
            for one in shown.object_list
        ]
        context["shown"] = shown
        context["search"] = search
        context["total"] = len(materials)
        return context

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().serve(request, *args, **kwargs)
        if response.context_data["search"].unknown:
            response.status_code = 404
        return response


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
        SLIDES = "slides", _("Slides")

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
        MultiFieldPanel(
            [
                FieldPanel(
                    "layout",
                    help_text=_(
                        "With a layout we make the PDF from the text below, in the cloth of the "
                        "district being read and with its own verified numbers. Without one, "
                        "choose the file you made."
                    ),
                ),
                FieldPanel(
                    "paper_size",
                    help_text=_(
                        "Only for what we set on paper; F4 is 215 × 330 mm, slides are 16:9."
                    ),
                ),
                FieldPanel(
                    "document",
                    help_text=_(
                        "What was drawn elsewhere. Say in the text below all that the file says, "
                        "for those who can't open it."
                    ),
                ),
            ],
            heading=_("The file"),
        ),
        FieldPanel("audience_codes"),
        FieldPanel("content_language"),
        FieldPanel("licence", help_text=_("Readers see what it allows.")),
        *CampaignsPage.content_panels[2:],
        FieldPanel(
            "tags", help_text=_("A campaign with the same tag shows this material beside its text.")
        ),
    ]
    parent_page_types = ["campaigns.MaterialIndexPage"]
    subpage_types = []

    class Meta:
        verbose_name = _("material page")

    def clean(self) -> None:
        super().clean()
        errors = {}
        if (self.kind == self.Kind.SLIDES) != (self.layout == self.Layout.SLIDES) and self.layout:
            errors["layout"] = _("A presentation is set as slides, and nothing else is.")
        elif self.layout and self.document_id is not None:
            errors["document"] = _(
                "Either we set this material, or you upload it. Take the file away or choose "
                "“An uploaded file” as layout."
            )
        elif not self.layout and self.document_id is None:
            errors["document"] = _("Without a layout this material needs a file.")
        if self.content_language:
            try:
                is_language_code(self.content_language)
            except ValidationError as error:
                errors["content_language"] = error.messages
        if errors:
            raise ValidationError(errors)

    @property
    def file_type(self) -> str:
        """`"PDF"` for what we set, else what the uploaded file is by its name: `"PPTX"`."""
        if self.layout or self.document is None:
            return "PDF"
        return self.document.file_extension.upper() or "PDF"

    @property
    def document_size(self) -> int:
        """Bytes of the uploaded file, as stored; 0 for what we set."""
        return (self.document.file_size or 0) if self.document is not None else 0

    @property
    def file_url(self) -> str:
        """Where the file is downloaded: set for the reader's district, or as uploaded."""
        if self.layout:
            return f"{page_address(self).rstrip('/')}.pdf"
        return self.document.url if self.document is not None else ""

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        labels = audience_labels()
        language = self.content_language or self.locale.language_code
        context["audience"] = [labels[code] for code in self.audience_codes if code in labels]
        context["material_language"] = {"code": language, "label": language_label(language)}
        context["licence"] = licence_named(self.licence)
        context["file"] = self._file(context["district"])
        return context

    def _file(self, district: Any) -> dict[str, Any]:
        size = self.document_size
        if self.layout and district is not None and self.pk:
            size = sizes(district, [paper_key(self.pk)]).get(paper_key(self.pk), 0)
        return {
            # Without an office there is nobody whose cloth and numbers a sheet could bear.
            "url": self.file_url if district is not None or not self.layout else "",
            "type": self.file_type,
            "paper": paper_named(self.layout, self.get_paper_size_display()),
            "size": size,
        }
