from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from districts.pages import DistrictPage


class CalendarPage(DistrictPage):
    """The calendar of the office whose tree it stands in, at `/kalender/`.

    The page gives title and summary; what it lists, and the months and days below it, are the
    events of the office (`events.calendar`), on the national host those of all offices.
    """

    locked_slug = "kalender"
    # Stands under whatever home page the site has; that page lists it in its `subpage_types`.
    subpage_types = []
    content_panels = [
        *DistrictPage.content_panels,
        FieldPanel("search_description", heading=_("Summary")),
    ]

    class Meta:
        verbose_name = _("calendar page")
