"""Worksheets: one page for each, with lines to write on."""

from typing import Any

from django.utils.translation import gettext as _

from districts.paper.flow import plain, rich_nodes
from modules.papers.frame import NothingToPrint, Taught

MOST_CHANNELS = 3


def worksheet_data(module: Taught) -> dict[str, Any]:
    sheets = [
        {"title": plain(block["value"]["title"]), "nodes": rich_nodes(block["value"]["text"])}
        for lesson in module.content.lessons
        for step in lesson.steps
        for block in step.learner
        if block["type"] == "sheet"
    ]
    if not sheets:
        raise NothingToPrint(module.page.pk)
    return {
        "sheets": sheets,
        "channels": module.channels(MOST_CHANNELS),
        "words": {"help": _("Need help?")},
    }
