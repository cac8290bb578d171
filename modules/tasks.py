"""What this app does in the background: papers are made before somebody waits for them."""

import logging
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from districts.models import District
from districts.pages import readable_by_all
from districts.paper import PaperFault
from districts.scoping import office_of_page
from modules.days import day_at
from modules.downloads import PAPERS
from modules.models import ModulePage
from modules.papers import NothingToPrint, paper_of
from safeguards import generation
from safeguards.tasks import task

logger = logging.getLogger(__name__)
# After what people wait for, and after the aliases that publishing makes in the districts.
LATER = -50


@task(priority=LATER)
def queue_papers_of_module(page_id: int) -> int:
    """Queue the papers of a module here and in the districts that show it; return how many pages.

    A task for each, so that with 500 districts others get their turn in between.
    """
    shown = ModulePage.objects.filter(Q(pk=page_id) | Q(alias_of=page_id))
    pages = list(readable_by_all(shown).order_by("path").values_list("pk", flat=True))
    for page in pages:
        make_papers_of_module.enqueue(page)
    return len(pages)


@task(priority=LATER)
def make_papers_of_module(page_id: int) -> int:
    """Make the papers of one page of the tree in its office's cloth; return how many are new."""
    pages = readable_by_all(ModulePage.objects.filter(pk=page_id))
    page = pages.select_related("locale", "alias_of").first()
    office = office_of_page(page) if page is not None else None
    if office is None or not page.may_be_held(day_at(office)):
        return 0
    made = sum(_is_new(page, office, name, timezone.now()) for name in PAPERS)
    if made:
        # The module's page says how large each is.
        generation.bump("papers of a module made")
    return made


def _is_new(page: ModulePage, office: District, name: str, now: datetime) -> bool:
    try:
        return paper_of(page, office, name).made_at >= now
    except NothingToPrint:
        return False
    except PaperFault:
        # The page is readable without; whoever asks for the file sees the fault.
        logger.exception("No paper %s of module %s for %s", name, page.pk, office.slug)
        return False
