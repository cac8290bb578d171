"""Which module exists in which language, and which translation is to be looked at again."""

from typing import Any

from django.db.models import Min, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale

from districts.content_languages import REGIONAL, language_label
from districts.models import District
from districts.scoping import district_for_request
from districts.services.permissions import root_pages
from modules.languages import CURRENT, DRAFT, MISSING, OLD, ORIGINAL, languages_of
from modules.models import ModulePage
from modules.regional import Title, regional_languages, titles_of, words_in
from modules.services.reviewing import keeps_modules
from modules.views.review.screens import Screen

STATE_NAMES = {
    ORIGINAL: _("Original"),
    CURRENT: _("Translated"),
    OLD: _("Older than the original"),
    DRAFT: _("Not published"),
    MISSING: _("Not translated yet"),
}


class Languages(Screen):
    """A row for each of the office's own modules, a column for each of its languages.

    Languages of the regions come last: in these there are titles and a few words alone.
    """

    template_name = "modules/review/languages.html"
    page_title = _("Languages of modules")

    def trail(self) -> list[dict[str, Any]]:
        return [{"url": "", "label": self.page_title}]

    def get(self, request: HttpRequest) -> HttpResponse:
        office = district_for_request(request)
        if not keeps_modules(request.user, office):
            raise Http404
        within, languages = _trees(office)
        modules = ModulePage.objects.filter(within, alias_of__isnull=True)
        keys = modules.order_by().values("translation_key").annotate(first=Min("path"))
        page = self.asked_page(keys.order_by("first"))
        rows = languages_of([row["translation_key"] for row in page], within, languages)
        regional = list(REGIONAL) if office.is_national else regional_languages(office.languages)
        return self.answer(
            page_obj=page,
            rows=[
                (
                    told,
                    [(one, STATE_NAMES[one.state]) for one in told.versions],
                    _regional(told.slug, regional),
                )
                for told in rows
            ],
            languages=[language_label(code) for code in [*languages, *regional]],
            words=[words_in(code) for code in regional],
        )


def _regional(slug: str, languages: list[str]) -> list[Title | None]:
    """A title, or None, for each language of the regions."""
    known = {title.language: title for title in titles_of(slug, languages)}
    return [known.get(code) for code in languages]


def _trees(office: District) -> tuple[Q, list[str]]:
    """What stands below the office's roots, and the languages that these are in."""
    roots = root_pages(office)
    codes = dict(Locale.objects.values_list("pk", "language_code"))
    below = Q(pk__in=[])
    for root in roots:
        below |= Q(path__startswith=root.path)
    return below, [codes[root.locale_id] for root in roots]
