"""The review sheet: what a specialist checks in a module, and where they sign.

It is made from the page as it was last saved, published or not: what is reviewed comes first. Of
an alias, from what its source publishes.
"""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from districts.content_languages import language_label
from districts.models import District, Paper
from districts.paper import paper_for
from districts.paper.flow import plain
from districts.regulations import laws_named
from modules.downloads import paper_key
from modules.editions import freeze, thaw
from modules.models import ModulePage
from modules.models.module import lines_of
from modules.papers.checks import checks_of
from modules.papers.frame import Taught, frame_of, pictures_of
from modules.services.signing import texts_of
from modules.standing import Review, module_of, review_of

NAME = "lembar-telaah"
LINES_FOR_MORE = 6


def review_sheet(page: ModulePage, district: District) -> Paper:
    """The sheet for this module in the office's cloth and the reader's language."""
    if page.alias_of_id:
        # Another office's words: what it published, and nothing that it still writes.
        read = page.alias_of.specific
    else:
        read = page.get_latest_revision_as_object()
        read.locale = page.locale
    text = texts_of(page)[-1]
    review = review_of(read, district, module=module_of(page), text_digest=text.digest)
    module = Taught(page, read, district, thaw(0, freeze(read)), review)
    data = frame_of(module) | review_data(read, review, text.mark)
    data["language"] = get_language().partition("-")[0]
    return paper_for(
        district,
        key=paper_key(page.pk, NAME),
        layout="modules/review",
        data=data,
        pictures=pictures_of(module),
    )


def review_data(page: ModulePage, review: Review, mark: str) -> dict[str, Any]:
    return {
        "facts": _facts(page, review, mark),
        "parts": [{"title": title, "checks": checks} for title, checks in checks_of(page)],
        "sources": [
            {"title": plain(one["value"]["title"]), "note": plain(one["value"].get("note"))}
            for one in page.sources.raw_data
        ],
        "laws": [
            {"title": f"{law.number}: {law.title}", "note": law.status_text}
            for law in laws_named(page.regulation_codes)
        ],
        "questions": [plain(line) for line in lines_of(page.open_questions)],
        "mark": mark,
        "outcomes": [
            _("May be used as it is"),
            _("May be used once what is noted here is mended"),
            _("May not be used yet"),
        ],
        "signed": [
            [_("Name"), _("Office and field of work")],
            [_("Place and day"), _("Signature")],
            [_("To be looked at again by"), _("Taken over into the site by, on")],
        ],
        "words": _words(),
    }


def _facts(page: ModulePage, review: Review, mark: str) -> list[list[str]]:
    day = page.latest_revision_created_at or page.last_published_at
    told = [
        [_("Version"), plain(page.version)],
        [_("Language"), language_label(page.locale.language_code)],
        [_("Reading level"), page.get_level_display()],
        [_("Last changed"), date_format(day, "j F Y") if day else "–"],
        [_("To be reviewed by"), date_format(page.review_due, "j F Y") if page.review_due else "–"],
        [_("Mark of this text"), mark],
        [_("Who checked it?"), plain(review.line)],
    ]
    return told


def _words() -> dict[str, Any]:
    return {
        "heading": _("Review sheet"),
        "how": _(
            "Read the module with its papers beside you. Tick what holds. Where it does not, leave "
            "the box empty and write why; the number beside it is enough."
        ),
        "sources": _("Sources: tick what you could check"),
        "laws": _("Regulations"),
        "questions": _("What is still open, for you to answer"),
        "more": _("What else has to be mended"),
        "outcome": _("My judgement of this version"),
        "signing": _("Signed for this version and language only"),
        "lines": LINES_FOR_MORE,
    }
