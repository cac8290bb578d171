"""Tells a front cache (Varnish, nginx) that something was published: it forgets all it keeps.

One change may show on any page (a number, a list, a menu), so not one address is purged but, by
`front_cache.vcl`, every one. Workers notice a change within a second; what one of them answers
until then is stale and may be kept in front, so it is purged until that second is over.
"""

import threading
import time

from django.conf import settings
from wagtail.contrib.frontend_cache.utils import purge_url_from_cache

from safeguards import generation

EVERY_SECONDS = 0.4
PURGED_FOR_SECONDS = generation.REREAD_AFTER_SECONDS + 2 * EVERY_SECONDS

_lock = threading.Lock()
_until = 0.0
_purging = False


def empty() -> None:
    """Begin to purge in a thread of its own: nobody who publishes waits for it."""
    global _until, _purging
    if not getattr(settings, "WAGTAILFRONTENDCACHE", None):
        return
    with _lock:
        _until = time.monotonic() + PURGED_FOR_SECONDS
        if _purging:
            return
        _purging = True
    threading.Thread(target=_purge, name="front-cache", daemon=True).start()


def _purge() -> None:
    global _purging
    while True:
        # Which host is asked for does not matter: all of them are emptied.
        purge_url_from_cache(settings.WAGTAILADMIN_BASE_URL + "/")
        with _lock:
            if time.monotonic() >= _until:
                _purging = False
                return
        time.sleep(EVERY_SECONDS)


generation.on_advance(empty)
