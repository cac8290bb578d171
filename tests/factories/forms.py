"""What the forms of a page hold, as a browser would send it back."""

import re

_OPENED = re.compile(r'<input type="hidden" name="opened" value="([0-9a-f]{64})"')


def opened_of(response, number: int = 0) -> str:
    """The imprint that the page's form carries, of the one with this number."""
    return _OPENED.findall(response.content.decode())[number]
