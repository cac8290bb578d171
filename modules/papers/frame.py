"""What stands on every paper of a module: whose it is, which version, and where it comes from."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from districts.models import District
from districts.pages import page_address
from districts.paper import channel_lines, chosen_channels, letterhead, qr_svg
from districts.paper.flow import plain
from modules.editions import Frozen, Lesson, freeze, frozen, is_as_published, thaw
from modules.models import ClassRun, ModulePage
from modules.standing import Review, module_of, review_of, reviews_of
from modules.wording import frozen_digest


class NothingToPrint(Exception):
    """The module has nothing that this paper is for, or is not published."""


@dataclass(frozen=True)
class Taught:
    """A module for the district that reads it: as it is published now, or as a session froze it.

    Of a session, only what it teaches.
    """

    page: ModulePage
    source: ModulePage
    district: District
    content: Frozen
    # What counts in this district for the words that are printed.
    review: Review
    run: ClassRun | None = None

    @property
    def url(self) -> str:
        return f"{self.district.site.root_url}{page_address(self.page)}"

    @cached_property
    def lessons(self) -> list[tuple[int, Lesson]]:
        """Each with its number in the module."""
        found = enumerate(self.content.lessons, start=1)
        return [
            (number, one) for number, one in found if not self.run or number - 1 in self.run.lessons
        ]

    @cached_property
    def numbers(self) -> dict[UUID, int]:
        """The questions on the answer sheet with their numbers, which every paper gives them."""
        taught = {item for _number, lesson in self.lessons for item in lesson.items}
        return {item: number for item, number in self.content.numbers.items() if item in taught}

    @property
    def asks_before(self) -> bool:
        return self.run is None or self.run.asks_before

    @property
    def asks_after(self) -> bool:
        return self.run is None or self.run.asks_after

    def channels(self, most: int) -> list[dict[str, Any]]:
        """So many verified channels of the district, danger first, then those for the issue."""
        lines = channel_lines(
            self.district,
            issue=self.content.referral_issue,
            language=self.page.locale.language_code,
        )
        return chosen_channels(lines, most)


def taught(page: ModulePage, district: District) -> Taught:
    """Raises `NothingToPrint` where no lesson is published."""
    source = page.alias_of.specific if page.alias_of_id else page
    content = thaw(0, freeze(source))
    if not source.live or not content.lessons:
        raise NothingToPrint(page.pk)
    review = reviews_of([source], district)[source.pk]
    return Taught(page, source, district, content, review)


def taught_in(run: ClassRun) -> Taught:
    """As the session's edition says, whatever was published since."""
    page, source, office = run.edition.page, source_of(run), run.district
    if source is page:
        review = reviews_of([page], office)[page.pk]
    else:
        read = frozen_digest(run.edition)
        review = review_of(source, office, module=module_of(page), text_digest=read)
    return Taught(page, source, office, frozen(run.edition_id), review, run)


def source_of(run: ClassRun) -> ModulePage:
    """Where what an edition does not hold stands, such as what to prepare.

    The page while it still says what was frozen, then the version that did.
    """
    page = run.edition.page
    if is_as_published(run.edition, page):
        return page
    source = run.edition.revision.as_object()
    source.locale = page.locale
    return source


def frame_of(module: Taught) -> dict[str, Any]:
    """What `modules/frame.typ` reads."""
    content = module.content
    address = module.url.partition("://")[2]
    return {
        "language": module.page.locale.language_code.partition("-")[0],
        "title": plain(content.title),
        "head": letterhead(module.district),
        "address": address,
        "frame": {
            "version": _("version %(version)s") % {"version": plain(content.version)},
            "source": _("Source: %(address)s") % {"address": address},
            "licence": _("May be copied and handed on: %(licence)s")
            % {"licence": plain(module.source.licence)},
            "unreviewed": module.review.told,
            "scan": _("This module"),
            "call": _("Whom can I call?"),
        },
    }


def pictures_of(module: Taught) -> dict[str, bytes]:
    return {"qr": qr_svg(module.url)}
