"""Versions with a day to go out by themselves: on that day the second person is asked for again.

A page may have moved since it was approved, or have been given a mark that asks for more. Such a
version stays where it is, its day is taken away, and the office is told of it.
"""

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
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
    """Those of the pages of which a version was held back, until it or a later one is out or has a
    day, or the page is written anew. A draft that was there by then is nothing new."""
    told = PageLogEntry.objects.filter(action=HELD_BACK, page=OuterRef("pk")).order_by("-timestamp")
    pages = pages.annotate(
        held_revision=Subquery(told.values("revision_id")[:1]),
        held_at=Subquery(told.values("timestamp")[:1]),
    )
    is_out = Q(live_revision_id__isnull=False, live_revision_id__gte=F("held_revision"))
    has_a_day = Q(latest_revision__approved_go_live_at__isnull=False)
    is_new = Q(latest_revision__created_at__gt=F("held_at"))
    return pages.filter(~is_out, ~has_a_day, ~is_new, held_at__isnull=False)


@hooks.register("register_log_actions")
def name_it_in_the_history(actions) -> None:
    said = _("Held back on its day: it needs a new approval")
    actions.register_action(HELD_BACK, _("Hold back on its day"), said)
