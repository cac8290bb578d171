"""The shelf of modules: read in one query, remembered."""

from collections.abc import Sequence
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
from districts.pages import PageLink, address_of, readable_by_all
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

    `leads_to`: the shelf in another language that was asked for, "" for this one.

    A cached page ends at the next expiry of a module on it.
    """
    office = district_for_request(request)
    today = day_at(office, now)
    shelves = {link.language_code: link for link in page.family.translations}
    offered, *others = (
        [module for module in modules if module.is_offered(today)]
        for modules in modules_on((page, *shelves.values()), office)
    )
    dated = [module for some in (offered, *others) for module in some if module.last_day]
    ends = [ends_after(module.last_day, office) for module in dated]
    known = getattr(request, "fresh_until", None)
    request.fresh_until = min([*ends, *([known] if known else [])], default=None)
    search = Search(offered, request.GET, elsewhere=dict(zip(shelves, others, strict=True)))
    other, asked = shelves.get(search.other_language), search.query(bahasa="")
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
        "leads_to": f"{other.url}{'?' * bool(asked)}{asked}#hasil" if other else "",
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
    return modules_on([page], office)[0]


def modules_on(shelves: Sequence[Page | PageLink], office: District | None) -> list[list[Module]]:
    """As `modules_under`, of each of these shelves; as many queries as for one."""
    paths = tuple(shelf.path for shelf in shelves)
    key = ("modules", paths, office and office.pk)
    return generation.remembered(key, lambda: _read(paths, office))


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


def _read(paths: Sequence[str], office: District | None) -> list[list[Module]]:
    below = Q(pk__in=[])
    for path in paths:
        below |= Q(path__range=Page._get_children_path_interval(path))
    pages = (
        readable_by_all(ModulePage.objects.filter(below))
        .select_related("locale", "alias_of")
        .annotate(
            source_withdrawn=F("alias_of__modulepage__withdrawn_at"),
            lessons_size=Subquery(_weight(), output_field=IntegerField()),
        )
        .order_by("path")
    )
    reviews = reviews_of(pages, office)
    found: dict[str, list[Module]] = {path: [] for path in paths}
    for page in pages:
        found[page.path[: -Page.steplen]].append(_module(page, reviews[page.pk]))
    return list(found.values())


def _module(page: ModulePage, review: Review) -> Module:
    return Module(
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
        review=review,
        last_day=page.last_day,
        withdrawn=page.withdrawn_at is not None or page.source_withdrawn is not None,
    )


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
