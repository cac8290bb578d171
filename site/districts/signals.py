"""Signals of other people's models.

A published, moved or deleted page, a site, a setting or an office's data make cached pages stale; a
national page also goes to the districts. Draft saves do neither.
"""

from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from wagtail.contrib.settings.models import BaseGenericSetting, BaseSiteSetting
from wagtail.documents import get_document_model_string
from wagtail.images import get_image_model_string
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from districts.models import (
    District,
    KlaLevel,
    Organisation,
    Regulation,
    Succession,
    Term,
    Vocabulary,
)
from districts.services.aliases import is_shared
from districts.tasks import remove_aliases, sync_aliases_everywhere
from safeguards import generation

READERS_SEE = (
    BaseGenericSetting,
    BaseSiteSetting,
    District,
    KlaLevel,
    Organisation,
    PageViewRestriction,
    Regulation,
    Site,
    Succession,
    Term,
    Vocabulary,
)
FILES = (get_image_model_string(), get_document_model_string())


@receiver(page_published)
@receiver(page_unpublished)
def page_changed(sender, instance, **kwargs):
    generation.bump("page published or unpublished")
    if is_shared(instance):
        transaction.on_commit(sync_aliases_everywhere.enqueue)


@receiver(page_slug_changed)
def page_renamed(sender, instance, **kwargs):
    generation.bump("page renamed")


@receiver(post_page_move)
def page_moved(sender, instance, url_path_before, url_path_after, **kwargs):
    generation.bump("page moved")
    # It may have come into the shared place, or left it.
    moved = Page.objects.filter(path__startswith=instance.path, aliases__isnull=False)
    if is_shared(instance) or moved.exists():
        transaction.on_commit(sync_aliases_everywhere.enqueue)


@receiver(pre_delete, sender=Page)
def page_goes(sender, instance, **kwargs):
    """The database forgets `alias_of` when the source goes, so remember the aliases first."""
    ids = list(instance.aliases.values_list("pk", flat=True))
    if ids:
        transaction.on_commit(lambda: remove_aliases.enqueue(ids))


@receiver(post_delete, sender=Page)
def page_gone(sender, instance, **kwargs):
    generation.bump("page deleted")


@receiver(post_save)
@receiver(post_delete)
def shown_record_changed(sender, instance, **kwargs):
    if isinstance(instance, READERS_SEE):
        generation.bump(f"{sender._meta.label} changed")


def file_changed(sender, instance, created=False, **kwargs):
    # A new file is on no page yet.
    if not created:
        generation.bump("a picture or document changed")


for file_model in FILES:
    post_save.connect(file_changed, sender=file_model, dispatch_uid=f"changed {file_model}")
    post_delete.connect(file_changed, sender=file_model, dispatch_uid=f"gone {file_model}")
