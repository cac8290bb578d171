"""Takes a specialist's name from all that was made of their entries, once these hold it no longer.

A signature that came with files stands on the page and in its revisions too: there it goes with
the entry, and what the files said is remembered without it, so that nobody seems to have edited it.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from wagtail.models import Revision

from districts.models import District, Paper
from districts.scoping import office_of_page
from modules.as_files_said import MARK, OF_FILES, digest, told_by
from modules.downloads import paper_key
from modules.models import ModulePage, SignOff
from safeguards import generation
from safeguards.services.subjects import Subject
from safeguards.ticks import register_tick

# Papers on which a specialist's name may stand.
NAMED_ON = ("panduan", "lembar-telaah")
NOBODY = {"reviewer": "", "reviewed_on": None}


def forget_where_named(who: Subject) -> int:
    """Drop what was made of the entries of a specialist who is erased; return the papers."""
    rows = who.within(SignOff.objects.filter(key__in=who.persons))
    keys = set(rows.values_list("module_key", flat=True))
    if not keys:
        return 0
    _empty_pages(rows)
    generation.bump("specialist erased")
    pages = ModulePage.objects.filter(
        Q(translation_key__in=keys) | Q(alias_of__translation_key__in=keys)
    )
    named = [paper_key(pk, name) for pk in pages.values_list("pk", flat=True) for name in NAMED_ON]
    papers = Paper.objects.filter(key__in=named)
    for paper in papers:
        transaction.on_commit(partial(paper.file.storage.delete, paper.file.name), robust=True)
    return papers.delete()[0]


def forget_reviewers(now: datetime) -> int:
    """Empty pages of names that their entries, kept long enough, hold no longer; return how many.

    The purge empties the entries alone.
    """
    count = _empty_pages(SignOff.objects.all())
    if count:
        generation.bump("reviewers forgotten")
    return count


def _empty_pages(rows: QuerySet) -> int:
    """Of the entries without a name among these: empty what their pages say; return the pages."""
    days: dict[tuple[District, UUID, str], set[date]] = defaultdict(set)
    for row in rows.filter(signed_name="").select_related("district"):
        days[row.district, row.module_key, row.language].add(row.day)
    count = 0
    for (office, key, language), nameless in days.items():
        same = {"module_key": key, "language": language}
        kept = SignOff.objects.for_district(office).filter(**same).exclude(signed_name="")
        standing = set(kept.values_list("signed_name", flat=True))
        sources = ModulePage.objects.filter(translation_key=key, alias_of__isnull=True)
        for page in sources.filter(locale__language_code=language):
            if office_of_page(page) == office:
                count += _empty(page, nameless, standing)
    return count


@transaction.atomic
def _empty(page: ModulePage, nameless: Iterable[date], standing: set[str]) -> int:
    revisions = Revision.objects.for_instance(page).filter(content__has_key="reviewer")
    revisions = list(revisions.exclude(content__reviewer="").select_for_update())
    days = {day.isoformat() for day in nameless}
    said = [(one.content["reviewer"], one.content["reviewed_on"]) for one in revisions]
    said.append((page.reviewer, page.reviewed_on and page.reviewed_on.isoformat()))
    gone = {name for name, day in said if name and day in days} - standing
    for revision in revisions:
        content = revision.content
        if content["reviewer"] in gone:
            is_of_files = content.get(MARK) == digest(told_by(content, OF_FILES))
            content.update(NOBODY)
            if is_of_files:
                content[MARK] = digest(told_by(content, OF_FILES))
            Revision.objects.filter(pk=revision.pk).update(content=content)
    pages = ModulePage.objects.filter(Q(pk=page.pk) | Q(alias_of=page.pk), reviewer__in=gone)
    return pages.update(**NOBODY)


register_tick("modules.forget_reviewers", forget_reviewers, every=timedelta(days=1))
