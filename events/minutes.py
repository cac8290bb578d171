"""Minutes as people type them on a phone, and the small HTML that is made of them.

A blank line begins a paragraph; lines with "- " or "1. " are lists, "## " is a heading, **bold**
and _slanted_ words are marked as such. All else is text.
"""

import re
from collections.abc import Iterator

from django.utils.html import escape

from safeguards.html import sanitise

BULLET = re.compile(r"[-*•–]\s+(.*)")
NUMBER = re.compile(r"\d{1,3}[.)]\s+(.*)")
HEADING = re.compile(r"#{1,4}\s+(.*)")
BOLD = re.compile(r"\*\*([^*\n]{1,300})\*\*")
# Words such as nama_berkas_baru keep their strokes.
SLANTED = re.compile(r"(?<![\w_])_([^_\n]{1,300})_(?![\w_])")


def to_html(text: str) -> str:
    """The text as sanitised HTML; "" for nothing."""
    return sanitise("".join(_blocks(text)))


def _blocks(text: str) -> Iterator[str]:
    kind, lines = "", []
    for line in [*text.splitlines(), ""]:
        line = line.strip()
        found, words = _kind_of(line)
        if found != kind or found in {"h3", ""}:
            yield _closed(kind, lines)
            kind, lines = found, []
        if found:
            lines.append(_marked(words))
    yield _closed(kind, lines)


def _kind_of(line: str) -> tuple[str, str]:
    for kind, pattern in (("h3", HEADING), ("ul", BULLET), ("ol", NUMBER)):
        if match := pattern.fullmatch(line):
            return kind, match[1]
    return ("p", line) if line else ("", "")


def _marked(words: str) -> str:
    return SLANTED.sub(r"<em>\1</em>", BOLD.sub(r"<strong>\1</strong>", escape(words)))


def _closed(kind: str, lines: list[str]) -> str:
    if not lines:
        return ""
    if kind in {"ul", "ol"}:
        return f"<{kind}>{''.join(f'<li>{line}</li>' for line in lines)}</{kind}>"
    return f"<{kind}>{'<br>'.join(lines)}</{kind}>"
