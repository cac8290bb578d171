"""What this app does in the background: papers are made before somebody waits for them."""

import logging

from django.db.models import Q

from campaigns.materials import paper_of
from campaigns.models import MaterialPage
from campaigns.remaking import remake
from districts.models import District
from districts.pages import readable_by_all
from districts.paper import PaperFault
from safeguards import generation
from safeguards.tasks import task

logger = logging.getLogger(__name__)


@task()
def make_papers_of_page(page_id: int) -> int:
    """Make the paper of a material and of its aliases in the districts; return how many."""
    pages = MaterialPage.objects.filter(Q(pk=page_id) | Q(alias_of=page_id))
    return _make(pages, None)


@task()
def make_papers_of_district(district_id: int) -> int:
    """Make all papers of an office anew where its numbers or its cloth have changed."""
    district = District.objects.select_related("site__root_page").get(pk=district_id)
    roots = district.site.root_page.get_translations(inclusive=True)
    below = Q(pk__in=[])
    for root in roots:
        below |= Q(path__startswith=root.path)
    return _make(MaterialPage.objects.filter(below), district)


@task()
def remake_stored_papers(area: str, after: int = 0) -> int:
    """Make stored papers of an area anew where they say other numbers now; return how many.

    One run looks at a hundred and has the next ones looked at by another.
    """
    changed, last = remake(area, after=after)
    if last:
        remake_stored_papers.enqueue(area, last)
    return changed


def _make(pages, district: District | None) -> int:
    made = 0
    wanted = readable_by_all(pages).exclude(layout="").select_related("locale").order_by("path")
    offices = {} if district else _offices_by_root()
    for page in wanted:
        office = district or offices.get(page.path[: 2 * page.steplen])
        if office is None:
            continue
        try:
            paper_of(page, office)
            made += 1
        except PaperFault:
            # The page is readable without; whoever asks for the file sees the fault.
            logger.exception("No paper of material %s for %s", page.pk, office.slug)
    if made:
        generation.bump("papers of materials made")
    return made


def _offices_by_root() -> dict[str, District]:
    """Path of a root page, in any language, → the office it belongs to."""
    from wagtail.models import Page

    keys = {
        district.site.root_page.translation_key: district
        for district in District.objects.select_related("site__root_page")
    }
    roots = Page.objects.filter(depth=2, translation_key__in=keys)
    return {root.path: keys[root.translation_key] for root in roots}
