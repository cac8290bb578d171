"""Rich text back as the Markdown that `loading.stream.rich` turns into the same HTML."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

# A run of underscores is a line to write on, and stays one.
_SPECIAL = re.compile(r"_{3,}|[\\*_`]")
# What would begin a list, a heading or a quotation.
_OPENS = re.compile(r"(?m)^(\d+)\.(?=\s)|^([-+#])(?=\s|#)")
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*"}
_HEADINGS = {"h2": "##", "h3": "###", "h4": "####"}
_INDENT = "    "


@dataclass
class Node:
    """An element, or (`tag` is "") a text."""

    tag: str
    text: str = ""
    below: list["Node"] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("root")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list) -> None:
        node = Node(tag)
        self.open[-1].below.append(node)
        if tag not in {"br", "hr", "embed"}:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if any(node.tag == tag for node in self.open[1:]):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1].below.append(Node("", data))


def marked_down(html: str) -> str:
    """The Markdown of sanitised HTML; links keep their words alone."""
    reader = _Reader()
    reader.feed(html or "")
    reader.close()
    return "\n\n".join(_blocks(reader.root))


def _blocks(parent: Node) -> Iterator[str]:
    for node in parent.below:
        if node.tag in {"ul", "ol"}:
            yield _list(node)
        elif node.tag in {"blockquote", "root"}:
            yield from _blocks(node)
        elif node.tag or node.text.strip():
            words = _inline(node).strip()
            if node.tag in _HEADINGS:
                yield f"{_HEADINGS[node.tag]} {words}"
            elif words:
                yield words


def _list(node: Node) -> str:
    items = [one for one in node.below if one.tag == "li"]
    return "\n".join(
        f"{f'{number}.' if node.tag == 'ol' else '-'} {_item(item)}"
        for number, item in enumerate(items, start=1)
    )


def _item(item: Node) -> str:
    """The item's words, then what stands below them, indented."""
    deeper = [one for one in item.below if one.tag in {"ul", "ol", "p"}]
    words = _inline(Node("li", below=[one for one in item.below if one not in deeper])).strip()
    parts = [words] if words else []
    parts += [_list(one) if one.tag != "p" else _inline(one).strip() for one in deeper]
    told = "\n".join(parts) if not any(one.tag == "p" for one in deeper) else "\n\n".join(parts)
    return told.replace("\n", f"\n{_INDENT}")


def _inline(node: Node) -> str:
    if not node.tag:
        return _escaped(node.text)
    if node.tag == "br":
        return "  \n"
    words = "".join(map(_inline, node.below))
    mark = _MARKS.get(node.tag, "")
    if not mark or not words.strip():
        return _opened(words) if node.tag in {"p", "li"} else words
    # A mark holds only where it touches a word.
    before, kept, after = re.fullmatch(r"(\s*)(.*?)(\s*)", words, re.DOTALL).groups()
    return f"{before}{mark}{kept}{mark}{after}"


def _escaped(text: str) -> str:
    kept = text.replace("&", "&amp;") if "&" in text and ";" in text else text
    kept = kept.replace("<", "&lt;").replace("\xa0", " ")
    return _SPECIAL.sub(lambda m: m[0] if len(m[0]) > 2 else f"\\{m[0]}", kept)


def _opened(words: str) -> str:
    return _OPENS.sub(lambda m: f"{m[1]}\\." if m[1] else f"\\{m[2]}", words)
