"""Versions with a day to go out by themselves: on that day the second person is asked for again.

A page may have moved since it was approved, or have been given a mark that asks for more. Such a
version stays where it is, its day is taken away, and the office is told of it.
"""

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import log
from wagtail.models import Page, PageLogEntry, Revision

from districts.workflow import is_approved, required_roles

# What Wagtail's `publish_scheduled` calls what it does.
BY_ITSELF = "wagtail.publish.scheduled"
HELD_BACK = "districts.held_back"


def hold_back(page: Page, revision: Revision) -> bool:
    """Take the version's day away where nobody approved it whom the page asks for by now."""
    roles = required_roles(page)
    if roles is None or is_approved(revision, roles):
        return False
    revision.approved_go_live_at = None
    revision.save(update_fields=["approved_go_live_at"])
    log(instance=page, action=HELD_BACK, revision=revision)
    return True


def held_back(pages: QuerySet) -> QuerySet:
    """Those of the pages whose newest version was held back, until it is out or written anew."""
    told = PageLogEntry.objects.filter(
        action=HELD_BACK, page=OuterRef("pk"), revision=OuterRef("latest_revision")
    )
    waits = Q(live_revision__isnull=True) | ~Q(live_revision=F("latest_revision"))
    return pages.filter(waits, Exists(told))


@hooks.register("register_log_actions")
def name_it_in_the_history(actions) -> None:
    said = _("Held back on its day: it needs a new approval")
    actions.register_action(HELD_BACK, _("Hold back on its day"), said)
