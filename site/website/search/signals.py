"""Indexes a page as soon as the change of it is committed; a page takes some milliseconds.

Aliases of national pages are made in the background, and are indexed there. A fault here never
undoes a publishing: the clock finds what is out of date within a minute.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published, page_unpublished, post_page_move

from website.search import indexing

_later: ContextVar[bool] = ContextVar("later", default=False)


@contextmanager
def indexed_later() -> Iterator[None]:
    """Leave pages out of date: whoever writes hundreds of them runs `reindex --missing` after."""
    token = _later.set(True)
    try:
        yield
    finally:
        _later.reset(token)


def _soon(page_id: int) -> None:
    if _later.get():
        return
    transaction.on_commit(partial(indexing.index_page, page_id), robust=True)


def _soon_below(path: str) -> None:
    def index() -> None:
        pages = Page.objects.filter(path__startswith=path)
        indexing.index_pages(pages.values_list("pk", flat=True))

    transaction.on_commit(index, robust=True)


@receiver(page_published)
@receiver(page_unpublished)
def page_changed(sender, instance, **kwargs):
    _soon(instance.pk)


@receiver(post_save)
def page_saved(sender, instance, created=False, raw=False, **kwargs):
    """An alias, and a page that is live from the first, come without Wagtail's signal."""
    if isinstance(instance, Page) and not raw and (created or instance.alias_of_id):
        _soon(instance.pk)


@receiver(post_page_move)
def page_moved(sender, instance, **kwargs):
    _soon_below(instance.path)


@receiver(post_save, sender=PageViewRestriction)
@receiver(post_delete, sender=PageViewRestriction)
def restriction_changed(sender, instance, **kwargs):
    _soon_below(instance.page.path)
