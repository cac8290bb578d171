"""The shelf of modules: read in one query, remembered."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import (
    Case,
    CharField,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    TextField,
    When,
)
from django.db.models.functions import Cast, Length
from django.http import Http404, HttpRequest
from wagtail.models import Page

from districts.content_languages import language_label
from districts.models import District
from districts.pages import address_of, readable_by_all
from districts.scoping import district_for_request, office_of_page
from districts.terms import term_labels
from modules.days import day_at, ends_after
from modules.models import LessonPage, ModulePage
from modules.regional import regional_of, titles_of, words_in
from modules.shelf_search import Search
from modules.standing import Review, objected_in, reviews_of
from safeguards import generation

MODULES_PER_PAGE = 12
# From here on, a module is for adults of any age.
ANY_AGE = 90
# Of the bytes in which a module is stored, what travels to a phone, packed; measured on ours.
TRAVELS = 0.27


@dataclass(frozen=True)
class Module:
    """A module as the shelf shows it. `size`: bytes of its text and its lessons on the way."""

    id: int
    title: str
    slug: str
    url: str
    teaser: str
    illustration: str
    audience: tuple[str, ...]
    age_from: int
    age_to: int
    minutes: int
    needs: str
    topics: tuple[str, ...]
    language: str
    lessons_size: int
    review: Review
    last_day: date | None
    withdrawn: bool

    @property
    def size(self) -> int:
        return int(self.lessons_size * TRAVELS)

    @property
    def is_for_adults(self) -> bool:
        return self.age_to >= ANY_AGE

    @property
    def needs_label(self) -> str:
        return str(ModulePage.Needs(self.needs).label)

    @property
    def language_label(self) -> str:
        return language_label(self.language)

    def is_offered(self, today: date) -> bool:
        out_of_use = self.withdrawn or self.review.objection is not None
        return not out_of_use and (self.last_day is None or today <= self.last_day)


def shelf_context(page: Any, request: HttpRequest, now: datetime | None = None) -> dict[str, Any]:
    """What `module_index_page.html` shows. Modules that expired or were withdrawn stay away.

    A cached page ends at the next expiry of a module on it.
    """
    office = district_for_request(request)
    today = day_at(office, now)
    offered = [module for module in modules_under(page, office) if module.is_offered(today)]
    ends = [ends_after(module.last_day, office) for module in offered if module.last_day]
    known = getattr(request, "fresh_until", None)
    request.fresh_until = min([*ends, *([known] if known else [])], default=None)
    search = Search(offered, request.GET)
    paginator = Paginator(search.found, MODULES_PER_PAGE)
    number = request.GET.get("page", "1")
    # `isdecimal` first: int() takes spaces, signs and underscores.
    if not number.isdecimal() or len(number) > 6 or not 1 <= int(number) <= paginator.num_pages:
        raise Http404
    shown = paginator.page(int(number))
    labels = term_labels("audience")
    regional = regional_of(page, office)
    return {
        "regional": [words_in(code) for code in regional],
        "search": search,
        "shown": shown,
        "total": len(offered),
        "modules": [
            {
                "item": module,
                "audience": [labels[code] for code in module.audience if code in labels],
                "regional": titles_of(module.slug, regional),
            }
            for module in shown.object_list
        ],
    }


def modules_under(page: Page, office: District | None = None) -> list[Module]:
    """All modules that readers may see on this shelf of the office, whatever the day; remembered.

    One to which the office objects is among them and is not offered.
    """
    key = ("modules", page.path, office and office.pk)
    return generation.remembered(key, lambda: _read(page.path, office))


def resting_below(root: str, now: datetime) -> list[str]:
    """`url_path` of the modules of a tree that nobody is to find now; one query, remembered."""
    office = generation.remembered(("office at", root), lambda: office_of_page(Page(path=root)))
    known = generation.remembered(
        ("modules that may rest", root), lambda: _that_may_rest(root, office)
    )
    if not known:
        return []
    today = day_at(office, now)
    return [path for path, last, gone in known if gone or (last is not None and last < today)]


def _that_may_rest(root: str, office: District | None) -> list[tuple[str, date | None, bool]]:
    days = Q(review_due__isnull=False) | Q(retire_on__isnull=False)
    gone = Q(withdrawn_at__isnull=False) | Q(alias_of__modulepage__withdrawn_at__isnull=False)
    for key, language in objected_in(office):
        here = Q(translation_key=key) | Q(alias_of__translation_key=key)
        gone |= here & Q(locale__language_code=language)
    pages = ModulePage.objects.filter(days | gone, path__startswith=root, live=True)
    rows = pages.annotate(gone=Case(When(gone, then=True), default=False))
    return [
        (path, min(filter(None, (due, retires)), default=None), gone)
        for path, due, retires, gone in rows.values_list(
            "url_path", "review_due", "retire_on", "gone"
        )
    ]


def _read(path: str, office: District | None) -> list[Module]:
    first, last = Page._get_children_path_interval(path)
    pages = (
        readable_by_all(ModulePage.objects.filter(path__range=(first, last)))
        .select_related("locale", "alias_of")
        .annotate(
            source_withdrawn=F("alias_of__modulepage__withdrawn_at"),
            lessons_size=Subquery(_weight(), output_field=IntegerField()),
        )
        .order_by("path")
    )
    reviews = reviews_of(pages, office)
    return [
        Module(
            id=page.pk,
            title=page.title,
            slug=page.slug,
            url=address_of(page.url_path, page.locale.language_code),
            teaser=page.search_description,
            illustration=page.illustration,
            audience=tuple(page.audience_codes),
            age_from=page.age_from,
            age_to=page.age_to,
            minutes=page.minutes,
            needs=page.needs,
            topics=(*page.issue_codes, *page.violence_codes),
            language=page.locale.language_code,
            lessons_size=(page.lessons_size or 0) + _own_weight(page),
            review=reviews[page.pk],
            last_day=page.last_day,
            withdrawn=page.withdrawn_at is not None or page.source_withdrawn is not None,
        )
        for page in pages
    ]


def _weight() -> Any:
    """Characters of the lessons below a module."""
    module = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    return (
        LessonPage.objects.annotate(module=module)
        .filter(live=True, path__startswith=F("module"), depth=OuterRef("depth") + 1)
        .order_by()
        .values("live")
        .annotate(characters=Sum(Length(Cast("steps", TextField()))))
        .values("characters")
    )


def _own_weight(page: ModulePage) -> int:
    texts = (page.preparation, page.safeguarding, page.take_home, page.objectives, page.materials)
    streams = (page.variants, page.sources, page.glossary)
    return sum(map(len, texts)) + sum(len(str(stream.raw_data)) for stream in streams)
