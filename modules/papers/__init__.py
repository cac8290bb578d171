"""The papers of a module: run-sheet, worksheet, answer sheet, cards to cut out."""

from typing import Any

from django.utils.translation import override

from districts.models import District, Paper
from districts.paper import paper_for
from modules.downloads import paper_key, run_paper_key
from modules.models import ClassRun, ModulePage
from modules.papers.answers import answers_data, code_pictures
from modules.papers.cards import card_pictures, cards_data
from modules.papers.frame import NothingToPrint, Taught, frame_of, pictures_of, taught, taught_in
from modules.papers.guide import guide_data
from modules.papers.worksheet import worksheet_data

# Name of the file → its layout, and what fills it.
LAYOUTS = {
    "panduan": ("guide", guide_data),
    "lembar-kerja": ("worksheet", worksheet_data),
    "lembar-jawaban": ("answers", answers_data),
    "kartu": ("cards", cards_data),
}

__all__ = ["LAYOUTS", "NothingToPrint", "paper_of", "paper_of_run"]


def paper_of(page: ModulePage, district: District, name: str) -> Paper:
    """The paper `name` of the module in the district's cloth, with its verified numbers.

    Made if need be. Raises `NothingToPrint` where the module has nothing for it, and `PaperFault`.
    """
    with override(page.locale.language_code):
        return _paper(taught(page, district), name, paper_key(page.pk, name))


def paper_of_run(run: ClassRun, name: str) -> Paper:
    """The paper `name` as the session's edition says, whatever was published since.

    Raises as `paper_of`.
    """
    with override(run.edition.page.locale.language_code):
        return _paper(taught_in(run), name, run_paper_key(run, name))


def _paper(module: Taught, name: str, key: str) -> Paper:
    layout, data_of = LAYOUTS[name]
    data = data_of(module)
    return paper_for(
        module.district,
        key=key,
        layout=f"modules/{layout}",
        data=frame_of(module) | data,
        pictures=pictures_of(module) | _drawn(layout, data),
    )


def _drawn(layout: str, data: dict[str, Any]) -> dict[str, bytes]:
    """Pictures besides the code to scan."""
    if layout == "answers":
        return code_pictures()
    return card_pictures(data) if layout == "cards" else {}
