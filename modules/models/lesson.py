from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from districts.pages import DistrictPage
from modules.blocks.steps import StepsBlock
from modules.leaves import own_query
from modules.models.lesson_form import LessonForm


class LessonPage(DistrictPage):
    """A lesson in timed steps, the learner's text with the facilitator's guide beside it."""

    base_form_class = LessonForm
    offers_sharing = True

    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=40, validators=[MinValueValidator(5), MaxValueValidator(300)]
    )
    steps = StreamField(StepsBlock(), verbose_name=_("steps"), blank=True)

    content_panels = [
        *DistrictPage.content_panels,
        FieldPanel("search_description", heading=_("Summary")),
        FieldPanel("minutes"),
        FieldPanel("steps"),
    ]
    # What is scored stands in the steps, so a search never indexes them.
    search_fields = [*DistrictPage.search_fields, index.FilterField("minutes")]
    parent_page_types = ["modules.ModulePage"]
    subpage_types = []

    class Meta:
        verbose_name = _("lesson page")

    @classmethod
    def can_exist_under(cls, parent: Page) -> bool:
        """A district shows a national module as it is, with no lesson of its own below."""
        return super().can_exist_under(parent) and parent.alias_of_id is None

    def approver_roles(self) -> frozenset[str] | None:
        """As the module above: what may be said on extremism stands in its lessons."""
        from modules.models.module import ModulePage

        module = ModulePage.objects.ancestor_of(self).first()
        return module.approver_roles() if module else None

    def own_query(self, request: HttpRequest) -> str:
        return own_query(request)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from modules.reading import lesson_context

        context = super().get_context(request, *args, **kwargs)
        return context | lesson_context(self, request, context)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        from modules.reading import serve_offered

        return serve_offered(self, request, super().serve, *args, **kwargs)
