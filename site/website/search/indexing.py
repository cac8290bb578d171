"""Keeps the words of published pages: at each publishing, and every minute for what was missed."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Substr
from django.utils import translation
from wagtail.models import Page

from districts.pages import readable_by_all
from website.search import texts, words
from website.search.models import ROOT_PATH_LENGTH, IndexedPage, IndexedWord
from website.search.sources import page_types
from website.search.stemming import key

# Raise it when a change here or in the rules of words makes what is stored wrong.
VERSION = 1
# One minute's work of the clock.
AT_ONCE = 1_000
HEAVIEST = 100
COPY = """
    INSERT INTO search_indexedword (indexed_id, root, word, key, weight)
    SELECT %s, %s, word, key, weight FROM search_indexedword WHERE indexed_id = %s
"""


def index_page(page_id: int) -> bool:
    """Write the page's words anew, or take them away when not everybody may read it.

    Always reads the page: what somebody holds in memory may be a draft.
    """
    page = readable_by_all(Page.objects.filter(pk=page_id)).select_related("locale").first()
    if page is not None and page.alias_of_id and _copy_from_source(page):
        return True
    model = page.specific_class if page else None
    if model is None or model._meta.label not in page_types():
        IndexedPage.objects.filter(pk=page_id).delete()
        return False
    specific = model._default_manager.filter(pk=page_id).select_related("locale").first()
    if specific is None:
        return False
    language = page.locale.language_code
    with translation.override(language):
        parts = dict(texts.parts_of(specific))
    weights = _weights(parts, language)
    root = page.path[:ROOT_PATH_LENGTH]
    said = (parts.get(name) for name in ("search_description", "slogan", "body", "partners"))
    with transaction.atomic():
        indexed, created = IndexedPage.objects.update_or_create(
            pk=page_id,
            defaults={
                "root": root,
                "text": " ".join(filter(None, said)),
                "published_at": page.last_published_at,
                "version": VERSION,
            },
        )
        if not created:
            indexed.words.all().delete()
        IndexedWord.objects.bulk_create(
            IndexedWord(
                indexed=indexed, root=root, word=word, key=key(word, language), weight=weight
            )
            for word, weight in weights.items()
        )
    return True


def _copy_from_source(alias: Page) -> bool:
    """Take over the words of the page that this one repeats: most pages of a district do.

    False where they are out of date, or where the alias says something else.
    """
    source = IndexedPage.objects.filter(
        pk=alias.alias_of_id,
        version=VERSION,
        published_at=alias.last_published_at,
        page__title=alias.title,
        page__slug=alias.slug,
    ).first()
    if source is None:
        return False
    root = alias.path[:ROOT_PATH_LENGTH]
    kept = {"root": root, "text": source.text, "published_at": source.published_at}
    with transaction.atomic(), connection.cursor() as cursor:
        indexed, created = IndexedPage.objects.update_or_create(
            pk=alias.pk, defaults=kept | {"version": VERSION}
        )
        if not created:
            indexed.words.all().delete()
        cursor.execute(COPY, [alias.pk, root, source.pk])
    return True


def _weights(parts: dict[str, str], language: str) -> dict[str, int]:
    total: Counter[str] = Counter()
    for name, text in parts.items():
        for word, count in Counter(words.telling(text, language)).items():
            total[word] += texts.FIELDS[name] * min(count, texts.MOST_REPEATS)
    return {word: min(weight, HEAVIEST) for word, weight in total.items()}


def out_of_date() -> QuerySet:
    """Readable pages whose words are missing, or were written for another state of them."""
    right = IndexedPage.objects.filter(
        pk=OuterRef("pk"),
        version=VERSION,
        root=Substr(OuterRef("path"), 1, ROOT_PATH_LENGTH),
    )
    # Dates may be empty on both sides, which no database calls equal.
    same = Exists(right.filter(published_at=OuterRef("last_published_at"))) | Exists(
        right.filter(published_at__isnull=True, page__last_published_at__isnull=True)
    )
    pages = Page.objects.filter(_of_indexed_types(), depth__gt=1)
    return readable_by_all(pages).exclude(same).order_by("path")


def _of_indexed_types():
    wanted = Q()
    for label in page_types():
        app_label, model = label.lower().split(".")
        wanted |= Q(app_label=app_label, model=model)
    return Q(content_type__in=ContentType.objects.filter(wanted))


def bring_up_to_date(now: datetime | None = None, *, limit: int = AT_ONCE) -> int:
    """Index what signals have missed (a load, a restored backup, new rules); return how many."""
    return index_pages(out_of_date().values_list("pk", flat=True)[:limit])


def index_pages(ids: Iterable[int]) -> int:
    return sum(index_page(pk) for pk in list(ids))


def forget_unreadable() -> int:
    """Take away the words of what is no longer everybody's."""
    readable = readable_by_all(Page.objects.filter(pk=OuterRef("pk")))
    gone = IndexedPage.objects.exclude(Exists(readable))
    return gone.delete()[1].get("search.IndexedPage", 0)
