"""Media files where no front server stands before us."""

import posixpath

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.static import serve

# A document is asked for at /documents/, where it is known whose it is.
NOT_HERE = frozenset({"documents", "dokumen"})


def media(request: HttpRequest, path: str) -> HttpResponse:
    folder = posixpath.normpath(path).lstrip("/").partition("/")[0]
    if folder in NOT_HERE:
        raise Http404
    return serve(request, path, document_root=settings.MEDIA_ROOT)
