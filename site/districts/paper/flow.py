"""Rich text as plain data for a layout that imports `/districts/flow.typ`: never markup.

A text is a list of nodes: `{"kind": "text" | "heading" | "list" | "steps" | …}`; their words are
runs: `{"text": "…", "strong": true, "em": true, "url": "…"}`, `{"break": true}`, or `{"gap": true}`
where somebody writes by hand.
"""

import re
import unicodedata
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

Runs = list[dict[str, Any]]
Node = dict[str, Any]

# Dots and dashes that a writer typed as a line to write on.
GAP = re.compile(r"\s*(?:[…_]{3,}|[….]{6,}|_{4,})\s*")
SPACES = re.compile(r"[ \t\r\n\f]+")
# Characters that XML and PDF can't hold; fonts would show a box.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
# Spaces, and what shows only with the sign before it.
UNSEEN = {"Zs", "Zl", "Zp", "Cc", "Cf", "Mn", "Me"}
HEADINGS = {"h2": 2, "h3": 3, "h4": 3}
STRONG, EM = {"b", "strong"}, {"i", "em"}


def plain(text: Any) -> str:
    """Text of a field, without what no font has."""
    return SPACES.sub(" ", UNPRINTABLE.sub("", str(text or ""))).strip()


def is_blank(text: str) -> bool:
    """Whether nobody sees anything of a text."""
    return all(unicodedata.category(sign) in UNSEEN for sign in text)


def without_empty_headings(nodes: list[Node]) -> list[Node]:
    """The nodes without headings that say nothing, which no tagged PDF may hold; the headings below
    such a one stand a level higher, so that none is skipped."""
    kept: list[Node] = []
    empty: list[int] = []
    for node in nodes:
        if node.get("kind") == "heading":
            empty = [level for level in empty if level < node["level"]]
            if all("gap" not in run and is_blank(run.get("text", "")) for run in node["runs"]):
                empty.append(node["level"])
                continue
            node = node | {"level": node["level"] - len(empty)}
        kept.append(node)
    return kept


class _Reader(HTMLParser):
    """Stored rich text → nodes. Unknown elements give their words and nothing else."""

    def __init__(self, linked: Mapping[int, str]):
        super().__init__(convert_charrefs=True)
        self.linked = linked
        self.nodes: list[Node] = []
        self.lists: list[Node] = []
        self.runs: Runs | None = None
        self.strong = self.em = 0
        self.url = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in HEADINGS:
            self._begin({"kind": "heading", "level": HEADINGS[tag]})
        elif tag in {"p", "blockquote"}:
            if not self.lists:
                self._begin({"kind": "text"})
        elif tag in {"ul", "ol"}:
            self._begin_list(ordered=tag == "ol")
        elif tag == "li" and self.lists:
            item: dict[str, Any] = {"runs": [], "below": []}
            self.lists[-1]["items"].append(item)
            self.runs = item["runs"]
        elif tag == "br" and self.runs is not None:
            self.runs.append({"break": True})
        elif tag == "a":
            self.url = self._address(dict(attrs))
        self.strong += tag in STRONG
        self.em += tag in EM

    def handle_endtag(self, tag: str) -> None:
        if tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
            self.runs = None
        elif tag in HEADINGS or tag == "li" or (tag in {"p", "blockquote"} and not self.lists):
            self.runs = None
        elif tag == "a":
            self.url = ""
        self.strong -= tag in STRONG
        self.em -= tag in EM

    def handle_data(self, data: str) -> None:
        text = SPACES.sub(" ", UNPRINTABLE.sub("", data))
        if self.runs is None:
            if not text.strip():
                return
            self._begin({"kind": "text"})
        for number, part in enumerate(GAP.split(text)):
            if number:
                self.runs.append({"gap": True})
            if part:
                self.runs.append(self._run(part))

    def _run(self, text: str) -> dict[str, Any]:
        run: dict[str, Any] = {"text": text}
        if self.strong > 0:
            run["strong"] = True
        if self.em > 0:
            run["em"] = True
        if self.url:
            run["url"] = self.url
        return run

    def _begin(self, node: Node) -> None:
        node["runs"] = self.runs = []
        self.nodes.append(node)

    def _begin_list(self, *, ordered: bool) -> None:
        node: Node = {"kind": "list", "ordered": ordered, "items": []}
        above = self.lists[-1]["items"] if self.lists else []
        (above[-1]["below"] if above else self.nodes).append(node)
        self.lists.append(node)

    def _address(self, attrs: dict[str, str | None]) -> str:
        if attrs.get("linktype") == "page":
            number = attrs.get("id") or ""
            return self.linked.get(int(number), "") if number.isdecimal() else ""
        href = attrs.get("href") or ""
        return href if href.startswith(("https://", "http://", "mailto:")) else ""


def rich_nodes(html: str, linked: Mapping[int, str] | None = None) -> list[Node]:
    """Nodes of a rich text; `linked` gives full addresses of pages by id."""
    reader = _Reader(linked or {})
    reader.feed(html)
    reader.close()
    nodes = [node for node in reader.nodes if node.get("runs") or node.get("items")]
    return without_empty_headings(nodes)
