"""`/cari/?q=`: nothing that somebody looks for is kept, by us or by anybody on the way.

`persis=1` searches the words as they were typed, `bagian` shows one group, `page` its pages.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.models import TopicPage
from districts.addresses import language_prefix
from districts.directory import channels_of, urgent
from districts.pages import CARD_FIELDS, PageLink, page_link_of, readable_by_all, surroundings
from safeguards import generation, rates
from website.pagecache import mark_cacheable
from website.search.finding import LONGEST_QUERY, PER_PAGE, Answer, Search
from website.search.sources import Reader, in_order

# A whole school may search from one address; one machine that asks without pause may not.
PER_ADDRESS = 1_200
WINDOW = timedelta(minutes=1)
MOST_TOPICS = 8
URGENT_LINES = 2


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    typed = request.GET.get("q", "")
    context = surroundings(request, title=_("Search"))
    context |= {"typed": typed, "longest": LONGEST_QUERY, "indonesian": get_language() == "id"}
    context["translations"] = _other_languages(request)
    if not request.META.get("QUERY_STRING"):
        return mark_cacheable(_shown(request, context | _beginnings(context)))
    status, headers = 200, {}
    if len(typed) > LONGEST_QUERY:
        status, context["too_long"] = 400, True
    elif typed.strip():
        verdict = rates.allow(
            scope="search",
            key=request.META.get("REMOTE_ADDR", ""),
            limit=PER_ADDRESS,
            window=WINDOW,
        )
        if verdict.allowed:
            context |= _found(request, typed, context)
        else:
            status, context["too_many"] = 429, True
            headers["Retry-After"] = str(verdict.retry_after)
    if not context.get("answer") or not context["answer"].total:
        context |= _beginnings(context)
        context["urgent"] = urgent(channels_of(request))[:URGENT_LINES]
    response = _shown(request, context, status=status)
    response["Cache-Control"] = "private, no-store"
    # Else the next page's request would carry the words, into whose log ever.
    response["Referrer-Policy"] = "no-referrer"
    for name, value in headers.items():
        response[name] = value
    return response


def _shown(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, "website/search/page.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


def _found(request: HttpRequest, typed: str, context: dict[str, Any]) -> dict[str, Any]:
    """Answer, or raise Http404 for a group or a page that is not there."""
    section, number = request.GET.get("bagian", ""), request.GET.get("page", "1")
    exact = request.GET.get("persis") == "1"
    names = {source.name: source for source in in_order() if source.records is None}
    # `isdecimal` first: int() takes spaces, signs and underscores.
    if not number.isdecimal() or len(number) > 6 or int(number) < 1:
        raise Http404
    if (section and section not in names) or (number != "1" and not section):
        raise Http404
    reader = Reader(
        district=context["district"],
        root=next((crumb.path for crumb in context["breadcrumbs"]), ""),
        language=get_language() or "id",
        now=timezone.now(),
    )
    answer = Search(reader, typed, exact=exact).answer(only=section, page=int(number))
    if answer is None:
        raise Http404
    kept = {"q": typed} | ({"persis": 1} if exact else {})
    return {
        "answer": answer,
        "section": names.get(section),
        "query": urlencode(kept),
        "exact_query": urlencode({"q": typed, "persis": 1}),
        "pages": _steps(answer, section, int(number)),
    }


def _steps(answer: Answer, section: str, number: int):
    if not section or not answer.groups:
        return None
    return Paginator(range(answer.groups[0].total), PER_PAGE).page(number)


def _other_languages(request: HttpRequest) -> list[dict[str, str]]:
    """The search pages of the office's other languages; languages without screens have none."""
    offered = set(getattr(request.district, "languages", None) or [])
    return [
        {"language_code": code, "url": f"{language_prefix(code)}/cari/"}
        for code, _name in settings.LANGUAGES
        if code in offered and code != get_language()
    ]


def _beginnings(context: dict[str, Any]) -> dict[str, list[PageLink]]:
    """Topics to begin with, where there is nothing to list; read once until something changes."""
    root = next((crumb.path for crumb in context["breadcrumbs"]), "")
    return {"topics": generation.remembered(("search topics", root), lambda: _topics(root))}


def _topics(root: str) -> list[PageLink]:
    if not root:
        return []
    pages = readable_by_all(TopicPage.objects.filter(path__startswith=root)).order_by("path")
    return [page_link_of(row) for row in pages.values_list(*CARD_FIELDS)[:MOST_TOPICS]]
