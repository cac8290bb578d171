"""Markdown with `:::name` fences → the raw data of a campaign page's StreamField."""

import re
import uuid
from collections.abc import Callable
from typing import Any

from markdown import markdown

from safeguards.html import sanitise

FENCED = re.compile(r"^:::(\w+)[ \t]*(.*?)\n(.*?)^:::[ \t]*$", re.MULTILINE | re.DOTALL)
STEP = re.compile(r"^\d+\.\s+(.*?)(?=^\d+\.\s|\Z)", re.MULTILINE | re.DOTALL)
BOLD_START = re.compile(r"^\*\*(.+?)\*\*\s*(.*)$", re.DOTALL)
LINK = re.compile(r"\[(.+?)\]\((\S+?)\)")
LIST_MARK = re.compile(r"^\s*(?:[-*]|\d+\.)\s+")
HREF = re.compile(r'<a href="(/[^"]*)">')

PageId = Callable[[str], int | None]


def rich_text(text: str, page_id: PageId) -> str:
    """HTML as Wagtail stores it: links to pages of this host by id, the rest sanitised."""

    def stored(match: re.Match[str]) -> str:
        found = page_id(match[1])
        return f'<a linktype="page" id="{found}">' if found else match[0]

    return sanitise(HREF.sub(stored, markdown(text.strip())))


def _callout(argument: str, body: str, page_id: PageId) -> dict[str, Any]:
    tone, _sep, title = argument.partition(" ")
    return {"tone": tone or "calm", "title": title.strip(), "text": rich_text(body, page_id)}


def _steps(argument: str, body: str, page_id: PageId) -> dict[str, Any]:
    items = []
    for step in STEP.findall(body):
        match = BOLD_START.match(step.strip())
        title, text = (match[1].rstrip("."), match[2]) if match else (step.strip(), "")
        items.append({"title": title, "text": rich_text(text, page_id) if text else ""})
    return {"title": argument, "items": _list(items)}


def _do_dont(argument: str, body: str, page_id: PageId) -> dict[str, Any]:
    lines = [line.strip() for line in body.splitlines()]
    return {
        "do": _list([line[1:].strip() for line in lines if line.startswith("+")]),
        "dont": _list([line[1:].strip() for line in lines if line.startswith("-")]),
    }


def _links(argument: str, body: str, page_id: PageId) -> dict[str, Any]:
    items = []
    for text, target in LINK.findall(body):
        found = page_id(target) if target.startswith("/") else None
        url = target if target.startswith("http") else ""
        if found or url:
            items.append({"text": text, "page": found, "url": url})
    return {"title": argument, "items": _list(items)}


def _cards(argument: str, body: str, page_id: PageId) -> dict[str, Any]:
    """One card a line, `title | text | drawing`; the last two may be left out."""
    items = []
    for line in body.splitlines():
        parts = [part.strip() for part in LIST_MARK.sub("", line).split("|")]
        if parts[0]:
            title, text, drawing = (*parts, "", "")[:3]
            items.append({"title": title, "text": text, "drawing": drawing})
    return {"title": argument, "items": _list(items)}


def _list(items: list[Any]) -> list[dict[str, Any]]:
    return [{"type": "item", "value": item, "id": str(uuid.uuid4())} for item in items]


READERS: dict[str, Callable[[str, str, PageId], Any]] = {
    "callout": _callout,
    "steps": _steps,
    "do_dont": _do_dont,
    "links": _links,
    "cards": _cards,
    "quote": lambda argument, body, page_id: {"text": body.strip(), "role": argument},
    "help": lambda argument, body, page_id: {"issue": argument},
}


def to_stream(text: str, page_id: PageId) -> list[dict[str, Any]]:
    """Return StreamField raw data; an unknown fence raises KeyError."""
    stream: list[dict[str, Any]] = []

    def add(name: str, value: Any) -> None:
        stream.append({"type": name, "value": value, "id": str(uuid.uuid4())})

    position = 0
    for match in FENCED.finditer(text):
        before = text[position : match.start()].strip()
        if before:
            add("paragraph", rich_text(before, page_id))
        add(match[1], READERS[match[1]](match[2].strip(), match[3], page_id))
        position = match.end()
    rest = text[position:].strip()
    if rest:
        add("paragraph", rich_text(rest, page_id))
    return stream
