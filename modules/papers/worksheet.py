"""Worksheets: one page for each, with lines to write on; last what is taken home."""

from typing import Any

from django.utils.translation import gettext as _

from districts.paper.flow import plain, rich_nodes
from modules.papers.frame import NothingToPrint, Taught

MOST_CHANNELS = 3


def worksheet_data(module: Taught) -> dict[str, Any]:
    sheets = [
        _sheet(block["value"]["title"], block["value"]["text"])
        for _number, lesson in module.lessons
        for step in lesson.steps
        for block in step.learner
        if block["type"] == "sheet"
    ]
    page = module.source
    if page.take_home:
        sheets.append(_sheet(page.take_home_title or _("What can be taken home?"), page.take_home))
    if not sheets:
        raise NothingToPrint(module.page.pk)
    return {
        "sheets": sheets,
        "channels": module.channels(MOST_CHANNELS),
        "words": {"help": _("Need help?")},
    }


def _sheet(title: str, text: str) -> dict[str, Any]:
    """Headings of a text are the third on a page of the site; here the title alone is above."""
    nodes = [
        node | {"level": 2} if node["kind"] == "heading" else node for node in rich_nodes(text)
    ]
    return {"title": plain(title), "nodes": nodes}
