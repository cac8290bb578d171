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
from modules.editions import Frozen, freeze, thaw
from modules.models import ModulePage
from modules.standing import Review, reviews_of

# A private note is never collected, and a story that branches is read aloud.
NOT_ON_PAPER = frozenset({"short_text", "scenario"})


class NothingToPrint(Exception):
    """The module has nothing that this paper is for, or is not published."""


@dataclass(frozen=True)
class Taught:
    """A module as its source is published now, for the district that reads it."""

    page: ModulePage
    source: ModulePage
    district: District
    content: Frozen
    # What counts in this district for the words that are printed.
    review: Review

    @property
    def url(self) -> str:
        return f"{self.district.site.root_url}{page_address(self.page)}"

    @cached_property
    def numbers(self) -> dict[UUID, int]:
        """The numbers of the questions on the answer sheet, the same on every paper."""
        asked = [item.id for item in self.content.items.values() if item.kind not in NOT_ON_PAPER]
        return {item: number for number, item in enumerate(asked, start=1)}

    def channels(self, most: int) -> list[dict[str, Any]]:
        """So many verified channels of the district, danger first, then those for the issue."""
        lines = channel_lines(
            self.district,
            issue=self.source.referral_issue,
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


def frame_of(module: Taught) -> dict[str, Any]:
    """What `modules/frame.typ` reads."""
    source = module.source
    address = module.url.partition("://")[2]
    return {
        "language": module.page.locale.language_code.partition("-")[0],
        "title": plain(source.title),
        "head": letterhead(module.district),
        "address": address,
        "frame": {
            "version": _("version %(version)s") % {"version": plain(source.version)},
            "source": _("Source: %(address)s") % {"address": address},
            "licence": _("May be copied and handed on: %(licence)s")
            % {"licence": plain(source.licence)},
            "unreviewed": module.review.told,
            "scan": _("This module"),
            "call": _("Whom can I call?"),
        },
    }


def pictures_of(module: Taught) -> dict[str, bytes]:
    return {"qr": qr_svg(module.url)}
