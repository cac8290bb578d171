"""Signals of other people's models: what makes the papers and editions of a module old."""

from django.db import transaction
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published

from modules.editions import bring_up
from modules.models import LessonPage, ModulePage
from modules.tasks import make_papers_of_module, queue_papers_of_module
from safeguards.tasks import IMMEDIATE_BACKEND


@receiver(page_published, sender=ModulePage)
def module_published(sender, instance, **kwargs):
    if not instance.alias_of_id:
        bring_up(instance.pk)
        _queue(instance.pk)


@receiver(page_published, sender=LessonPage)
def lesson_published(sender, instance, **kwargs):
    if not instance.alias_of_id:
        above = Page.objects.filter(path=instance.path[: -Page.steplen])
        for module in above.values_list("pk", flat=True):
            bring_up(module)
            _queue(module)


def _queue(module: int) -> None:
    """Without a worker whoever publishes would wait in the first reader's stead, and for longer."""
    backend = type(make_papers_of_module.get_backend())
    if f"{backend.__module__}.{backend.__qualname__}" != IMMEDIATE_BACKEND:
        transaction.on_commit(lambda: queue_papers_of_module.enqueue(module))
