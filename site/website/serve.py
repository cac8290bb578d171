"""Serves pages with one look-up by `url_path`.

Wagtail walks the tree, two queries a segment. This view keeps what its own does besides (hooks,
live, view restrictions, locale) and asks once.
"""

from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.models import Page, get_page_models
from wagtail.views import serve_chain

from districts.pages import is_restricted
from website.pagecache import mark_cacheable

LONGEST_PATH = 1_000


@lru_cache(maxsize=1)
def _specific_accessors() -> dict[type, str]:
    """Page type → the accessor that leads from a Page to it, for one joined query."""
    return {
        model: model._meta.get_field("page_ptr").remote_field.get_accessor_name()
        for model in get_page_models()
        if model is not Page and "page_ptr" in {f.name for f in model._meta.fields}
    }


def find_page(request: HttpRequest, path: str) -> Page:
    """Return the specific live page at this address of this host; raise Http404."""
    root = request.district.root_url_path
    if root is None or len(path) > LONGEST_PATH:
        raise Http404
    accessors = _specific_accessors()
    page = (
        Page.objects.filter(url_path=root + path, live=True)
        .select_related("locale", *accessors.values())
        .annotate(is_restricted=is_restricted())
        .first()
    )
    if page is None:
        raise Http404
    for accessor in accessors.values():
        specific = page.__dict__.get("_state").fields_cache.get(accessor)
        if specific is not None:
            specific._state.fields_cache["locale"] = page.locale
            specific.is_restricted = page.is_restricted
            return specific
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
    if page.is_restricted:
        patch_cache_control(response, private=True, no_store=True)
        return response
    return mark_cacheable(response, discreet=getattr(page, "is_discreet", False))


def _only_checks_restrictions(hook) -> bool:
    """Wagtail's own hook asks the database for restrictions that the look-up has ruled out."""
    return hook.__module__ == "wagtail.wagtail_hooks" and hook.__name__ == "check_view_restrictions"
