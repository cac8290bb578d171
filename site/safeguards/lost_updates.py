"""No save over what somebody else saved since the form was opened, for rows without a version.

A form carries the imprint of the values it was opened with. Whoever writes holds the row and has
`check_opened` compare.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder


class Outdated(Exception):
    """What stands is neither what the form was opened with nor what it says."""


def imprint(values: Mapping[str, Any]) -> str:
    """64 hex digits of the values: two forms with the same ones have the same."""
    words = json.dumps(values, sort_keys=True, cls=DjangoJSONEncoder)
    return hashlib.sha256(words.encode()).hexdigest()


def check_opened(opened: str | None, *, stands: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    """Raises Outdated; both mappings have the same names, and `stands` is held.

    The same words again are no loss, so a form that is sent twice is kept once. None for `opened`
    is a program, which has seen no form.
    """
    if opened is None:
        return
    known = imprint(stands)
    if known not in {opened, imprint(told)}:
        raise Outdated
