"""From what somebody typed to what they find. The same list on every database."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from wagtail.models import Page

from districts.pages import address_of, readable_by_all
from website.search import excerpts, spelling, words
from website.search.excerpts import Part
from website.search.models import IndexedPage, IndexedWord
from website.search.sources import Reader, Source, in_order, page_types
from website.search.stemming import key

LONGEST_QUERY = 256
# Further words of a question are left out.
MOST_WORDS = 10
FEW, FEW_RECORDS, PER_PAGE = 5, 3, 10


class WordRow(NamedTuple):
    """A word of a page that has one of the keys asked for."""

    page_id: int
    word: str
    key: str
    weight: int
    content_type_id: int
    url_path: str


@dataclass(frozen=True)
class Hit:
    """A found page as the list shows it."""

    title: list[Part]
    url: str
    excerpt: list[Part]
    kind: Any


@dataclass
class Group:
    """What one source found: `hits` are the shown ones (or views of records) of `total`."""

    source: Source
    total: int
    hits: list[Any] = field(default_factory=list)


@dataclass
class Answer:
    """`corrected`: what was searched instead of the typed words, or ""."""

    asked: list[str]
    groups: list[Group]
    corrected: str = ""
    some_left_out: bool = False

    @property
    def total(self) -> int:
        return sum(group.total for group in self.groups)


@dataclass(frozen=True)
class _Found:
    """A page or record before it is shown."""

    source: Source
    coverage: int
    order: tuple
    what: Any
    words: frozenset[str]


class Search:
    """One question of one reader."""

    def __init__(self, reader: Reader, text: str, *, exact: bool = False):
        self.reader = reader
        self.text = text
        self.exact = exact
        language = reader.language
        self.told = list(dict.fromkeys(words.telling(text, language)))
        self.asked = self.told[:MOST_WORDS]

    @cached_property
    def records(self) -> list[tuple[Source, Any, dict[str, tuple[str, int]]]]:
        return [
            (source, record, record.weights)
            for source in in_order()
            if source.records is not None
            for record in source.records(self.reader)
        ]

    def answer(self, *, only: str = "", page: int = 1) -> Answer | None:
        """Find; `only` names one group and shows its `page`. None: no such page of that group."""
        if not self.asked:
            return Answer([], [])
        rows = self._rows(self._keys(self.asked))
        asked, instead = self.asked, {}
        if not self.exact:
            instead = self._corrections(rows)
        if instead:
            asked = list(dict.fromkeys(instead.get(word, word) for word in self.asked))
            rows = self._rows(self._keys(asked))
        found = self._ranked(rows, self._keys(asked))
        groups = self._groups(found, only, page)
        if groups is None:
            return None
        corrected = ""
        if instead:
            corrected = " ".join(instead.get(word, word) for word in words.split(self.text))
        return Answer(asked, groups, corrected, len(self.told) > len(self.asked))

    def _keys(self, asked: Iterable[str]) -> set[str]:
        return {key(word, self.reader.language) for word in asked}

    def _readable_words(self) -> QuerySet:
        """Words of what everybody may read on this host, asked of the pages at this moment."""
        first, last = Page._get_children_path_interval(self.reader.root)
        pages = Page.objects.filter(path__range=(self.reader.root, last))
        return IndexedWord.objects.filter(
            root=self.reader.root, indexed__page__in=readable_by_all(pages).values("pk")
        ).order_by()

    def _rows(self, keys: set[str]) -> list[WordRow]:
        if not self.reader.root:
            return []
        rows = self._readable_words().filter(key__in=keys)
        page = "indexed__page__"
        columns = ("indexed_id", "word", "key", "weight")
        found = [
            WordRow(*row)
            for row in rows.values_list(*columns, f"{page}content_type_id", f"{page}url_path")
        ]
        resting = tuple(
            path
            for source in in_order()
            if source.resting is not None
            for path in source.resting(self.reader)
        )
        return [row for row in found if not row.url_path.startswith(resting)]

    def _corrections(self, rows: list[WordRow]) -> dict[str, str]:
        """Typed word → the one that was meant, for words that nothing here contains."""
        known = {row.key for row in rows}
        of_records: Counter[str] = Counter()
        for _source, _record, weights in self.records:
            of_records.update(weights.keys())
            known |= {word_key for word_key, _weight in weights.values()}
        unknown = [
            word
            for word in self.asked
            if spelling.can_be_corrected(word) and key(word, self.reader.language) not in known
        ]
        if not unknown:
            return {}
        near = set().union(*map(spelling.neighbours, unknown))
        counted = Counter({word: of_records[word] for word in near & of_records.keys()})
        if self.reader.root:
            found = self._readable_words().filter(word__in=near)
            counted.update(found.values_list("word", flat=True))
        best = {word: spelling.best(word, counted) for word in unknown}
        return {word: other for word, other in best.items() if other}

    def _ranked(self, rows: list[WordRow], keys: set[str]) -> list[_Found]:
        """Best first. Pages that hold fewer of the words than others do are left out."""
        types = page_types()
        models = {n: ContentType.objects.get_for_id(n) for n in {r.content_type_id for r in rows}}
        labels = {
            number: found.model_class()._meta.label if found.model_class() else ""
            for number, found in models.items()
        }
        by_page: dict[int, list[WordRow]] = defaultdict(list)
        for row in rows:
            if labels[row.content_type_id] in types:
                by_page[row.page_id].append(row)
        holders = Counter(k for of_page in by_page.values() for k in {row.key for row in of_page})
        pages = []
        for of_page in by_page.values():
            heaviest: dict[str, int] = {}
            for row in of_page:
                heaviest[row.key] = max(row.weight, heaviest.get(row.key, 0))
            # Rare words tell more; whole numbers, so that equal pages stay equal everywhere.
            score = sum(w * round(1000 / holders[k] ** 0.5) for k, w in heaviest.items())
            label = labels[of_page[0].content_type_id]
            order = (-score, of_page[0].url_path)
            seen = frozenset(row.word for row in of_page)
            pages.append(_Found(types[label], len(heaviest), order, of_page[0], seen))
        records = []
        for source, record, weights in self.records:
            hit = {word: found for word, found in weights.items() if found[0] in keys}
            if hit:
                score = sum(dict(hit.values()).values())
                coverage = len({word_key for word_key, _weight in hit.values()})
                order = (record.rank, -score, record.order)
                records.append(_Found(source, coverage, order, record.view, frozenset(hit)))
        most = max((page.coverage for page in pages), default=0)
        kept = [page for page in pages if page.coverage == most]
        # A line that answers to half of the words is worth a call.
        enough = max(max((r.coverage for r in records), default=0), (len(keys) + 1) // 2)
        kept += [record for record in records if record.coverage >= enough]
        return sorted(kept, key=lambda found: (found.source.position, found.order))

    def _groups(self, found: list[_Found], only: str, number: int) -> list[Group] | None:
        groups, shown = [], {}
        for source in in_order():
            of_source = [one for one in found if one.source == source]
            if only and source.name != only:
                continue
            if only:
                first = (number - 1) * PER_PAGE
                slice_ = of_source[first : first + PER_PAGE]
                if not slice_:
                    return None
            else:
                slice_ = of_source[: FEW_RECORDS if source.records else FEW]
            if of_source:
                groups.append(Group(source, len(of_source)))
                shown[source.name] = slice_
        pages = self._shown([one for some in shown.values() for one in some])
        for group in groups:
            group.hits = [
                pages[one.what.page_id] if isinstance(one.what, WordRow) else one.what
                for one in shown[group.source.name]
                if not isinstance(one.what, WordRow) or one.what.page_id in pages
            ]
        return groups

    def _shown(self, found: list[_Found]) -> dict[int, Hit]:
        """The pages to show, in one query."""
        wanted = {one.what.page_id: one for one in found if isinstance(one.what, WordRow)}
        if not wanted:
            return {}
        rows = IndexedPage.objects.filter(pk__in=wanted).values_list(
            "pk", "page__title", "page__url_path", "text"
        )
        return {
            pk: Hit(
                title=excerpts.marked(title, wanted[pk].words),
                url=address_of(url_path, self.reader.language),
                excerpt=excerpts.excerpt(text, wanted[pk].words),
                kind=self._kind(wanted[pk]),
            )
            for pk, title, url_path, text in rows
        }

    @staticmethod
    def _kind(found: _Found) -> Any:
        model = ContentType.objects.get_for_id(found.what.content_type_id).model_class()
        return found.source.page_types.get(model._meta.label, "")
