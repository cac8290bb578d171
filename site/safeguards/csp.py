"""One Content-Security-Policy, whichever Django runs: built in from 6.0, django-csp before.

In the settings::

    from safeguards import csp

    MIDDLEWARE = [..., *csp.MIDDLEWARE]
    globals().update(csp.policy(csp.STRICT, paths={"/admin/": csp.ADMIN}))

Both implementations read ``response._csp_config``; the middleware and the decorator here set it.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any

import django
from django.conf import settings
from django.utils.deprecation import MiddlewareMixin

if django.VERSION >= (6, 0):
    from django.utils.csp import CSP

    NONCE: Any = CSP.NONCE
    MIDDLEWARE = (
        "django.middleware.csp.ContentSecurityPolicyMiddleware",
        "safeguards.csp.PathPolicyMiddleware",
    )
    CONTEXT_PROCESSORS: tuple[str, ...] = ("django.template.context_processors.csp",)
    APPS: tuple[str, ...] = ()
else:
    MIDDLEWARE = ("csp.middleware.CSPMiddleware", "safeguards.csp.PathPolicyMiddleware")
    CONTEXT_PROCESSORS = ("csp.context_processors.nonce",)
    APPS = ("csp",)

Directives = Mapping[str, Any]

SELF = "'self'"
NONE = "'none'"
UNSAFE_INLINE = "'unsafe-inline'"

STRICT: Directives = {
    "default-src": [NONE],
    "base-uri": [NONE],
    "connect-src": [SELF],
    "font-src": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
    "img-src": [SELF, "data:"],
    "manifest-src": [SELF],
    "media-src": [SELF],
    "object-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "worker-src": [SELF],
}
# Wagtail's admin writes inline styles and a few inline scripts, and previews pages in a frame.
ADMIN: Directives = {
    **STRICT,
    "frame-src": [SELF],
    "img-src": [SELF, "data:", "blob:"],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
}


def policy(
    directives: Directives = STRICT, *, paths: Mapping[str, Directives] | None = None
) -> dict[str, Any]:
    """Return the settings that make ``directives`` the policy of every response.

    ``paths`` maps a path prefix to directives of its own; the longest prefix that fits wins.
    """
    chosen: dict[str, Any] = {"SAFEGUARDS_CSP_PATHS": dict(paths or {})}
    if django.VERSION >= (6, 0):
        chosen["SECURE_CSP"] = dict(directives)
    else:
        chosen["CONTENT_SECURITY_POLICY"] = {"DIRECTIVES": dict(directives)}
    return chosen


class PathPolicyMiddleware(MiddlewareMixin):
    """Gives the paths of ``SAFEGUARDS_CSP_PATHS`` their own policy; stands after the real one."""

    def process_response(self, request, response):
        paths = getattr(settings, "SAFEGUARDS_CSP_PATHS", {})
        fitting = [prefix for prefix in paths if request.path_info.startswith(prefix)]
        if fitting and not hasattr(response, "_csp_config"):
            response._csp_config = dict(paths[max(fitting, key=len)])
        return response


def csp_override(directives: Directives) -> Callable:
    """Decorate a view with a policy of its own; an empty mapping sends no policy."""

    def decorator(view: Callable) -> Callable:
        if iscoroutinefunction(view):

            @wraps(view)
            async def wrapped_async(request, *args, **kwargs):
                response = await view(request, *args, **kwargs)
                response._csp_config = dict(directives)
                return response

            return wrapped_async

        @wraps(view)
        def wrapped(request, *args, **kwargs):
            response = view(request, *args, **kwargs)
            response._csp_config = dict(directives)
            return response

        return wrapped

    return decorator
