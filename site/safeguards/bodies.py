"""How much a form may send."""

from django.http import HttpRequest

LARGEST_FORM = 64 * 1024


def too_large(request: HttpRequest) -> bool:
    """Say whether more came than any form of ours holds."""
    return int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_FORM
