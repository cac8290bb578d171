"""What module and lesson pages show to anybody who reads."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from wagtail.models import Page

from districts.content_languages import language_label
from districts.directory import help_for_request
from districts.pages import DistrictPage, PageLink, page_address
from districts.paper import sizes
from districts.regulations import laws_named
from districts.scoping import district_for_request
from districts.terms import term_labels
from modules.days import day_at, ends_after
from modules.downloads import papers_of
from modules.drawing import Part, draw_steps
from modules.editions import OF_CARDS, Frozen, Step, thaw
from modules.leaves import leaves_asked
from modules.models.module import lines_of
from modules.regional import regional_of, titles_of
from modules.sections import Section, sections_of
from modules.self_check import check_of
from modules.shelf import ANY_AGE
from modules.standing import Review, objected_in, review_of, reviews_of
from modules.whole import LessonLink, Whole, leaves_of, short_id, whole_at


def module_context(page: Any, request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """All of a module, each text beside what it is for."""
    whole = whole_at(page.path)
    _end_with(request, page.last_day)
    audience, issues = term_labels("audience"), term_labels("issue_area")
    violence = term_labels("violence_form")
    district = context.get("district")
    papers = papers_of(page, whole.kinds if whole else frozenset())
    known = sizes(district, [paper.key for paper in papers]) if district and papers else {}
    laws = laws_named(page.regulation_codes)
    found = sections_of(page, laws, len(whole.lessons) if whole else 0)
    leaves = leaves_asked(request, [section.leaf for section in found])
    return {
        "whole": whole,
        "review": _review(page, whole, district),
        "leaves": leaves,
        "back": _heading_of(found, leaves.previous),
        "onward": _heading_of(found, leaves.next),
        "shown": {one.name for one in found if leaves.holds(one.leaf)},
        "headings": {one.name: one.heading for one in found},
        "others": [
            (one, leaves.to(one.leaf, one.name))
            for one in found
            if leaves.is_first and not leaves.holds(one.leaf)
        ],
        "for_adults": page.age_to >= ANY_AGE,
        "audience": [audience[code] for code in page.audience_codes if code in audience],
        "topics": [
            *(issues[code] for code in page.issue_codes if code in issues),
            *(violence[code] for code in page.violence_codes if code in violence),
        ],
        "regional": titles_of(page.slug, regional_of(page, district)),
        "objectives": lines_of(page.objectives),
        "materials": lines_of(page.materials),
        "disclosures": page.disclosures,
        "laws": laws,
        "language": language_label(page.locale.language_code),
        "papers": [(paper, known.get(paper.key, 0)) for paper in papers],
        "channels": help_for_request(request, issue=page.referral_issue) if leaves.is_first else [],
        "address": page_address(page),
        "older_than": whole.older_than if whole else None,
        "original": _original_of(context),
    }


def lesson_context(page: Any, request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The steps of a lesson: what learners see, and beside it what the facilitator does."""
    whole = whole_at(page.path[: -Page.steplen])
    _end_with(request, whole.last_day if whole else None)
    content = _content_of(page, whole)
    steps = content.lessons[0].steps
    links = list(whole.lessons) if whole else []
    place = next((n for n, link in enumerate(links) if link.path == page.path), None)
    leaf_of = _leaves_of(page, None if place is None else links[place], len(steps))
    leaves = leaves_asked(request, leaf_of)
    here = [number for number, leaf in enumerate(leaf_of) if leaves.holds(leaf)]
    shown = [steps[number] for number in here]
    seen = draw_steps(shown, content, request, audience="learner")
    notes = draw_steps(shown, content, request, audience="notes")
    return {
        "whole": whole,
        "number": None if place is None else place + 1,
        "previous": links[place - 1] if place else None,
        "next": links[place + 1] if place is not None and place + 1 < len(links) else None,
        "older_than": None if place is None else links[place].older_than,
        "original": _original_of(context),
        "leaves": leaves,
        "back": _opening(steps, leaf_of, leaves.previous),
        "onward": _opening(steps, leaf_of, leaves.next),
        "all_steps": [
            (number, step, leaves.to(leaf, f"langkah-{number}"))
            for number, (step, leaf) in enumerate(zip(steps, leaf_of, strict=True), start=1)
        ],
        "steps": [
            {
                "number": number + 1,
                "short": short_id(step.id),
                "step": step,
                "parts": [_shown(part) for part in parts],
                "notes": beside,
            }
            for number, step, parts, beside in zip(here, shown, seen, notes, strict=True)
        ],
    }


def _review(page: Any, whole: Whole | None, district: Any) -> Review:
    """Of a draft's preview: what counts for the words that readers have."""
    if whole is None:
        return reviews_of([page], district)[page.pk]
    return review_of(page, district, module=whole.module, text_digest=whole.text_digest)


def _original_of(context: dict[str, Any]) -> PageLink | None:
    """The page in the site's own language of which this one is a translation."""
    own = (one for one in context["translations"] if one.language_code == settings.LANGUAGE_CODE)
    return next(own, None)


def _heading_of(sections: Sequence[Section], leaf: int | None) -> str:
    """What the first section of a leaf is called."""
    return next((one.heading for one in sections if one.leaf == leaf and leaf != 1), "")


def _opening(steps: Sequence[Step], leaf_of: Sequence[int], leaf: int | None) -> str:
    """With which step a leaf begins, in words."""
    if leaf not in leaf_of:
        return ""
    number = leaf_of.index(leaf)
    return f"{number + 1}. {steps[number].title}"


def _leaves_of(page: Any, link: LessonLink | None, steps: int) -> Sequence[int]:
    """On which leaf each step stands: known, unless the lesson has changed this second."""
    if link is not None and len(link.leaves) == steps:
        return link.leaves
    return leaves_of(list(page.steps.raw_data))


def serve_offered(
    page: Any, request: HttpRequest, serve: Callable, *args: Any, **kwargs: Any
) -> HttpResponse:
    """Serve the page, or 410 with a kind page where it was withdrawn or is past its day.

    A lesson is judged by its module. An editor's preview is always shown.
    """
    if not getattr(request, "is_preview", False):
        is_lesson = not hasattr(page, "withdrawn_at")
        whole = whole_at(page.path[: -Page.steplen] if is_lesson else page.path)
        district = district_for_request(request)
        today = day_at(district)
        open_itself = is_lesson or page.is_offered(today)
        if not open_itself or (whole is not None and not whole.is_offered(today)):
            return gone(request, page)
        if whole is not None and whole.module in objected_in(district):
            return gone(request, page)
    return serve(request, *args, **kwargs)


def gone(request: HttpRequest, page: DistrictPage) -> HttpResponse:
    """410: the module rests. Nothing of it is shown, nothing is kept."""
    context = DistrictPage.get_context(page, request) | {"share": None}
    response = TemplateResponse(request, "modules/gone.html", context, status=410)
    response["Cache-Control"] = "no-store"
    return response


def fresh_until(page: Any, request: HttpRequest) -> datetime | None:
    """Until when what is said of a module stays true: the midnight after its last day."""
    return ends_after(page.last_day, district_for_request(request))


def _end_with(request: HttpRequest, day: Any) -> None:
    """Let no cache keep the answer beyond this day."""
    ends = ends_after(day, district_for_request(request))
    known = getattr(request, "fresh_until", None)
    request.fresh_until = min((moment for moment in (ends, known) if moment), default=None)


def _content_of(page: Any, whole: Whole | None) -> Frozen:
    """The lesson as it is published now, or as its preview has it."""
    return thaw(
        0,
        {
            "module": {
                "title": whole.title if whole else "",
                "slug": whole.slug if whole else "",
                "version": whole.version if whole else "",
                "language": page.locale.language_code,
                "pass_mark": 0,
                "referral_issue": whole.referral_issue if whole else "",
                **(dict(zip(OF_CARDS, whole.disclosures, strict=False)) if whole else {}),
            },
            "survey": [],
            "lessons": [
                {
                    "title": page.title,
                    "minutes": page.minutes,
                    "steps": list(page.steps.get_prep_value()),
                }
            ],
        },
    )


def _shown(part: Part) -> dict[str, Any]:
    """A part for the template; of a question only what everybody may know before answering."""
    if part.item is None:
        return {"html": part.html}
    return {"check": check_of(part.item)}
