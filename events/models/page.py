from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from districts.addresses import language_prefix
from districts.pages import DistrictPage, page_address


class CalendarPage(DistrictPage):
    """The calendar of the office whose tree it stands in, at `/kalender/`.

    The page gives title and summary; what it lists, and the months and days below it, are the
    events of the office (`events.calendar`), on the national host those of all offices.
    """

    locked_slug = "kalender"
    # Nothing stands below it but events, which are no pages.
    lists_own_children = True
    # Stands under whatever home page the site has; that page lists it in its `subpage_types`.
    subpage_types = []
    content_panels = [
        *DistrictPage.content_panels,
        FieldPanel("search_description", heading=_("Summary")),
    ]

    class Meta:
        verbose_name = _("calendar page")

    def get_context(self, request, *args, **kwargs):
        from events.reading import list_context

        context = super().get_context(request, *args, **kwargs)
        district = context["district"]
        if district is None:
            return context
        base = page_address(self)
        more, fresh_until = list_context(
            district,
            request.GET,
            now=timezone.localtime(timezone=ZoneInfo(district.timezone)),
            base=base,
            prefix=language_prefix(self.locale.language_code),
        )
        # `serve` marks the answer with it.
        request.fresh_until = fresh_until
        return context | more | {"base": base}
