"""What happens to modules and lessons when pages are copied, and what is never deleted."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page, Revision

from modules.blocks.ids import new_ids, renewed
from modules.models import Edition, LessonPage
from safeguards import generation


@hooks.register("after_copy_page")
def ask_anew(request: HttpRequest, page: Page, new_page: Page) -> None:
    """The questions of a copied lesson are others than those of the first: their ids are new.

    Those of an alias stay: it is the same lesson.
    """
    lessons = LessonPage.objects.descendant_of(new_page, inclusive=True)
    for lesson in lessons.filter(alias_of__isnull=True):
        _renew(lesson)
        generation.bump("lesson copied")


def _renew(lesson: LessonPage) -> None:
    """The page and all its revisions: whoever goes back to one finds the same new ids."""
    ids = new_ids()
    lesson.steps = renewed(list(lesson.steps.get_prep_value()), ids)
    lesson.save(clean=False, update_fields=["steps"])
    for revision in Revision.objects.for_instance(lesson):
        steps = json.loads(revision.content["steps"])
        revision.content["steps"] = json.dumps(renewed(steps, ids))
        Revision.objects.filter(pk=revision.pk).update(content=revision.content)


@hooks.register("before_delete_page")
def keep_what_was_taught(request: HttpRequest, page: Page) -> HttpResponse | None:
    """An edition keeps its page: results say of which module they are."""
    edition = Edition.objects.filter(page__path__startswith=page.path).select_related("page")
    taught = edition.first()
    if taught is None:
        return None
    said = _(
        "Sessions were held with the module “%(module)s”, and their results need it. "
        "It can't be deleted; withdraw or unpublish it instead."
    )
    messages.error(request, said % {"module": taught.page.title})
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_bulk_action")
def keep_all_that_was_taught(request, action_type, objects, view) -> HttpResponse | None:
    if action_type != "delete":
        return None
    pages = (one for one in objects if isinstance(one, Page))
    return next(filter(None, (keep_what_was_taught(request, page) for page in pages)), None)
