"""Signals of other people's models: what makes the papers of materials old."""

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.signals import page_published

from campaigns.models import MaterialPage
from campaigns.tasks import (
    make_papers_of_district,
    make_papers_of_page,
    remake_stored_papers,
)
from districts.models import Channel, District


@receiver(page_published, sender=MaterialPage)
def material_published(sender, instance, **kwargs):
    if instance.layout:
        transaction.on_commit(lambda: make_papers_of_page.enqueue(instance.pk))


@receiver(post_save, sender=Channel)
@receiver(post_delete, sender=Channel)
def channel_changed(sender, instance, **kwargs):
    """An office's numbers stand on its own papers; a wider office's on those that are stored."""
    office = instance.district
    if office.level != District.Level.KABUPATEN:
        area = "" if office.is_national else office.region_id
        transaction.on_commit(lambda: remake_stored_papers.enqueue(area))
    if MaterialPage.objects.exclude(layout="").exists():
        transaction.on_commit(lambda: make_papers_of_district.enqueue(instance.district_id))


@receiver(post_save, sender=District)
def district_changed(sender, instance, created=False, **kwargs):
    if not created and MaterialPage.objects.exclude(layout="").exists():
        transaction.on_commit(lambda: make_papers_of_district.enqueue(instance.pk))
