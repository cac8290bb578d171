"""Papers that are stored already are made anew when a number of a wider office has changed.

A national number stands on every district's papers: some thousands. They are gone through a hundred
at a time, each run a task of its own, so that what people wait for is done in between.
"""

import logging
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q, QuerySet

from campaigns.cards import POSTER_KEY, card_paper, poster_paper, villages_of
from campaigns.library import paper_key
from campaigns.materials import paper_of
from campaigns.models import MaterialPage
from districts.models import District, Paper
from districts.pages import readable_by_all
from districts.paper import PaperFault
from safeguards import generation

logger = logging.getLogger(__name__)

AT_A_TIME = 100
CARDS = "kartu/"
MATERIALS = paper_key("")


def stored_papers(area: str) -> QuerySet:
    """Papers with numbers of the offices in this area: the code of a province, "" for all."""
    kinds = Q(key__startswith=MATERIALS) | Q(key__startswith=CARDS) | Q(key__startswith=POSTER_KEY)
    found = Paper.objects.filter(kinds)
    return found.filter(district__region__code__startswith=f"{area}.") if area else found


def remake(area: str, *, after: int = 0) -> tuple[int, int]:
    """Look at the next papers: how many are other files now, and the last one's number.

    The number is 0 when none is left.
    """
    # Another process changed the number a moment ago.
    generation.forget()
    papers = list(
        stored_papers(area)
        .filter(pk__gt=after)
        .select_related("district__site__root_page")
        .order_by("pk")[:AT_A_TIME]
    )
    pages = _pages(papers)
    changed = sum(_remade(paper, pages) for paper in papers)
    if changed:
        generation.bump("papers with a wider office's numbers made")
    return changed, papers[-1].pk if len(papers) == AT_A_TIME else 0


def _pages(papers: Iterable[Paper]) -> dict[str, MaterialPage]:
    """Key → the page it is the paper of, if readers still may see it."""
    numbers = [paper.key.removeprefix(MATERIALS) for paper in papers]
    wanted = MaterialPage.objects.filter(pk__in=[int(text) for text in numbers if text.isdecimal()])
    found = readable_by_all(wanted).exclude(layout="").select_related("locale")
    return {paper_key(page.pk): page for page in found}


def _remade(paper: Paper, pages: dict[str, MaterialPage]) -> bool:
    try:
        made = _made(paper.key, paper.district, pages)
    except PaperFault:
        # Whoever asks for it sees the fault; the others are made all the same.
        logger.exception("Paper %s was not made anew", paper.pk)
        return False
    return made is not None and made.digest != paper.digest


def _made(key: str, district: District, pages: dict[str, MaterialPage]) -> Paper | None:
    if key in pages:
        return paper_of(pages[key], district)
    name, language = _language_of(key)
    if name == POSTER_KEY:
        return poster_paper(district, language)
    if name.startswith(CARDS):
        code = name.removeprefix(CARDS)
        villages = villages_of(district, code)
        return card_paper(district, villages, code, language) if villages else None
    return None


def _language_of(key: str) -> tuple[str, str]:
    """`kartu/33.10.05.en` is `kartu/33.10.05` in English."""
    name, _dot, language = key.rpartition(".")
    if language in dict(settings.LANGUAGES):
        return name, language
    return key, settings.LANGUAGE_CODE
