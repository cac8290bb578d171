"""The materials of one tree: read in one query, filtered and counted in Python.

Term codes are JSON, which SQLite and PostgreSQL search differently; a library is some dozens of
rows, so both get the same answer from the same loop.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import get_language
from wagtail.models import Page

from districts.content_languages import language_label
from districts.models import Term
from districts.pages import ROOT_DEPTH, address_of, readable_by_all
from safeguards import generation

KIND, AUDIENCE, LANGUAGE = "jenis", "sasaran", "bahasa"
# A filter's value is a code; what is longer is nobody's.
LONGEST_CODE = 60


@dataclass(frozen=True)
class Material:
    """A material as lists show it. `size` is 0 while nobody knows it."""

    id: int
    path: str
    title: str
    url: str
    teaser: str
    kind: str
    kind_label: Any
    layout: str
    paper: str
    audience: tuple[str, ...]
    language: str
    licence: str
    illustration: str
    file_type: str
    size: int
    tags: frozenset[str]

    @property
    def language_label(self) -> str:
        return language_label(self.language)

    @property
    def key(self) -> str:
        """Under which the paper of this page is kept."""
        return paper_key(self.id)


def paper_key(page_id: int) -> str:
    """An alias is a page of its own, so each district's paper has its own key."""
    return f"materi/{page_id}"


def paper_named(layout: str, size: str) -> str:
    """What a file is printed on or shown in: nothing is known of an uploaded one."""
    return "16:9" if layout == "slides" else size if layout else ""


def materials_under(page: Page) -> list[Material]:
    """All that readers may see in the tree this page stands in, sizes of uploaded files included.

    Two queries, remembered until something is published.
    """
    root = page.path[: ROOT_DEPTH * Page.steplen]
    return generation.remembered(("materials", root), lambda: _read(root))


def _read(root: str) -> list[Material]:
    from campaigns.models import CampaignPageTag, MaterialPage

    first, last = Page._get_children_path_interval(root)
    # Text, not lazy words, would freeze one reader's language into what all remember.
    kinds = {kind.value: kind.label for kind in MaterialPage.Kind}
    order = list(kinds)
    papers = dict(MaterialPage.PaperSize.choices)
    pages = (
        readable_by_all(MaterialPage.objects.filter(path__range=(first, last)))
        .select_related("locale", "document")
        .defer_streamfields()
    )
    tags = defaultdict(set)
    for page_id, name in CampaignPageTag.objects.filter(
        content_object__path__range=(first, last),
        content_object__content_type__model="materialpage",
    ).values_list("content_object", "tag__name"):
        tags[page_id].add(name)
    found = [
        Material(
            id=page.pk,
            path=page.path,
            title=page.title,
            url=address_of(page.url_path, page.locale.language_code),
            teaser=page.search_description,
            kind=page.kind,
            kind_label=kinds.get(page.kind, page.kind),
            layout=page.layout,
            paper=paper_named(page.layout, papers.get(page.paper_size, "")),
            audience=tuple(page.audience_codes or ()),
            language=page.content_language or page.locale.language_code,
            licence=page.licence,
            illustration=page.illustration,
            file_type=page.file_type,
            size=page.document_size,
            tags=frozenset(tags[page.pk]),
        )
        for page in pages
    ]
    return sorted(found, key=lambda one: (order.index(one.kind), one.title.casefold(), one.id))


def audience_labels() -> dict[str, str]:
    """Code → label in the language being read, in the vocabulary's order; remembered."""
    return generation.remembered(
        ("audience", get_language()),
        lambda: {term.code: term.label for term in Term.objects.of("audience")},
    )


def with_sizes(materials: Iterable[Material], sizes: dict[str, int]) -> list[Material]:
    """The same, with what their papers weigh."""
    return [replace(one, size=sizes.get(one.key, 0)) if one.layout else one for one in materials]


@dataclass(frozen=True)
class Choice:
    """One value of a filter and how many materials it would show."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Filter:
    """One of the questions above the list."""

    name: str
    choices: list[Choice]
    chosen: str

    @property
    def chosen_label(self) -> str:
        return next((choice.label for choice in self.choices if choice.chosen), "")


class Search:
    """What a reader asked for, and what of the materials that leaves."""

    def __init__(self, materials: list[Material], query: Any):
        self.materials = materials
        self.asked = {name: query.get(name, "").strip() for name in (KIND, AUDIENCE, LANGUAGE)}
        kinds = {one.kind: str(one.kind_label) for one in materials}
        used = {code for one in materials for code in one.audience}
        labels = {code: label for code, label in audience_labels().items() if code in used}
        languages = {one.language: one.language_label for one in materials}
        self.labels = {KIND: kinds, AUDIENCE: labels, LANGUAGE: languages}

    @property
    def unknown(self) -> list[str]:
        """Names of filters whose value no material has."""
        return [
            name for name, value in self.asked.items() if value and value not in self.labels[name]
        ]

    @property
    def found(self) -> list[Material]:
        return self._matching(self.asked)

    @property
    def filters(self) -> list[Filter]:
        return [self._filter(name) for name in self.asked]

    @property
    def removable(self) -> list[dict[str, str]]:
        """What is asked for, each with the query that asks for all but it."""
        return [
            {"label": self.labels[name][value], "query": self.query(**{name: ""})}
            for name, value in self.asked.items()
            if value and value in self.labels[name]
        ]

    def query(self, **changes: str) -> str:
        """The filters as the end of an address, without the question mark."""
        return urlencode({name: v for name, v in (self.asked | changes).items() if v})

    def _filter(self, name: str) -> Filter:
        others = self._matching(self.asked | {name: ""})
        counts = Counter(code for one in others for code in VALUES[name](one))
        chosen = self.asked[name]
        return Filter(
            name,
            [
                Choice(code, label, counts[code], code == chosen)
                for code, label in self.labels[name].items()
                if counts[code] or code == chosen
            ],
            chosen,
        )

    def _matching(self, asked: dict[str, str]) -> list[Material]:
        return [
            one
            for one in self.materials
            if all(not value or value in VALUES[name](one) for name, value in asked.items())
        ]


VALUES: dict[str, Callable[[Material], tuple[str, ...]]] = {
    KIND: lambda one: (one.kind,),
    AUDIENCE: lambda one: one.audience,
    LANGUAGE: lambda one: (one.language,),
}
