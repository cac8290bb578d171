"""Serves pages with one look-up by `url_path`.

Wagtail walks the tree, two queries a segment. This view keeps what its own does besides (hooks,
live, view restrictions, locale) and asks once. What has expired is not served, whether or not the
clock has unpublished it yet.
"""

from functools import cache

from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.models import Locale, Page
from wagtail.views import serve_chain

from districts.pages import is_restricted, not_expired
from safeguards.cacheable import mark_cacheable
from safeguards.compiled import CompiledQuery

LONGEST_PATH = 1_000


PAGE_BY_URL_PATH = CompiledQuery(
    lambda url_path: (
        Page.objects.filter(not_expired(), url_path=url_path, live=True)
        .annotate(is_restricted=is_restricted())
        .values_list("pk", "content_type_id", "is_restricted")
    ),
    url_path=str,
)


@cache
def _page_type(content_type_id: int) -> tuple[type[Page], CompiledQuery]:
    model = ContentType.objects.get_for_id(content_type_id).model_class() or Page
    return model, CompiledQuery(lambda pk: model._base_manager.filter(pk=pk), pk=int)


@cache
def _locale(pk: int) -> Locale:
    return Locale.objects.get(pk=pk)


def find_page(request: HttpRequest, path: str) -> Page:
    """Return the specific live page at this address of this host; raise Http404."""
    root = request.district.root_url_path
    if root is None or len(path) > LONGEST_PATH:
        raise Http404
    found = PAGE_BY_URL_PATH.rows(url_path=root + path)
    if not found:
        raise Http404
    pk, content_type_id, restricted = found[0]
    _model, query = _page_type(content_type_id)
    page = query.instances(pk=pk)[0]
    page.locale = _locale(page.locale_id)
    page.is_restricted = bool(restricted)
    return page


@require_safe
def serve(request: HttpRequest, path: str) -> HttpResponse:
    page = find_page(request, path)
    chain = serve_chain
    for hook in reversed(hooks.get_hooks("on_serve_page")):
        if page.is_restricted or not _only_checks_restrictions(hook):
            chain = hook(chain)
    for hook in hooks.get_hooks("before_serve_page"):
        response = hook(page, request, [], {})
        if isinstance(response, HttpResponse):
            return response
    response = chain(page, request, [], {})
    if isinstance(response, SimpleTemplateResponse):
        # Only what has been rendered knows how long it stays true.
        response.render()
    if response.status_code != 200:
        if getattr(page, "is_discreet", False):
            # What was asked of a help page stays on no device, a wrong code neither.
            patch_cache_control(response, private=True, no_store=True)
        return response
    if page.is_restricted:
        patch_cache_control(response, private=True, no_store=True)
        return response
    ends = [getattr(request, "fresh_until", None), page.expire_at]
    return mark_cacheable(
        response,
        discreet=getattr(page, "is_discreet", False),
        fresh_until=min(filter(None, ends), default=None),
    )


def _only_checks_restrictions(hook) -> bool:
    """Wagtail's own hook asks the database for restrictions that the look-up has ruled out."""
    return hook.__module__ == "wagtail.wagtail_hooks" and hook.__name__ == "check_view_restrictions"
