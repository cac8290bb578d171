"""Rich text back as the Markdown that `loading.stream.rich` turns into the same HTML."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import groupby
from textwrap import indent
from urllib.parse import quote

from django.utils.translation import gettext as _

# Hears what the files have no place for.
Left = Callable[[str], None]

# A run of underscores is a line to write on, and stays one.
_SPECIAL = re.compile(r"_{3,}|[\\*_`\[\]]")
# What would begin a list, a heading, a quotation or a line across where a line begins.
_OPENS = re.compile(r"(?m)^( {0,3})(?:(\d+)\.(?=\s)|([-+](?=\s)|[#>]|[-=](?=[-=]*[ ]*$)))")
_BREAK = "  \n"
_BREAKS = re.compile(rf"(?:{_BREAK}){{2,}}")
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*"}
_HEADINGS = {"h2": "##", "h3": "###", "h4": "####"}
# Markdown has no sign for these, and lets them stand.
_AS_THEY_ARE = frozenset({"sub", "sup", "code"})
_BLOCKS = frozenset({"p", "ul", "ol", "blockquote", "hr", *_HEADINGS})
_VOID = frozenset({"br", "hr", "embed", "img"})
# Keeps two neighbours apart that would become one; sanitising takes it away.
_APART = "<!-- -->"
_INDENT = "    "


@dataclass
class Node:
    """An element, or (`tag` is "") a text."""

    tag: str
    text: str = ""
    below: list["Node"] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)

    @property
    def is_block(self) -> bool:
        return self.tag in _BLOCKS

    @property
    def words(self) -> str:
        return self.text + "".join(one.words for one in self.below)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("root")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list) -> None:
        node = Node(tag, attributes={name: value or "" for name, value in attrs})
        self.open[-1].below.append(node)
        if tag not in _VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if any(node.tag == tag for node in self.open[1:]):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1].below.append(Node("", data))


def marked_down(html: str | None, left: Left) -> str:
    """The Markdown of sanitised HTML; `left` hears of each tag that has no place in it."""
    reader = _Reader()
    reader.feed(html or "")
    reader.close()
    return "\n\n".join(_Writer(left).blocks(reader.root))


@dataclass(frozen=True)
class _Writer:
    left: Left

    def blocks(self, parent: Node) -> Iterator[str]:
        before = ""
        for is_block, nodes in groupby(parent.below, key=lambda one: one.is_block):
            for node in nodes if is_block else [Node("p", below=list(nodes))]:
                if not (told := self.block(node)):
                    continue
                if node.tag == before and node.tag in {"ul", "ol", "blockquote"}:
                    yield _APART
                yield told
                before = node.tag

    def block(self, node: Node) -> str:
        if node.tag == "hr":
            return "---"
        if node.tag in {"ul", "ol"}:
            return self.list(node)
        if node.tag == "blockquote":
            return indent("\n\n".join(self.blocks(node)), "> ")
        words = re.sub(r"\n\s+", "\n", self.inline(node.below).strip())
        if node.tag in _HEADINGS:
            # A heading is one line, and may not end with its own sign.
            words = re.sub("#$", r"\#", words.replace(_BREAK, "<br>").replace("\n", " "))
            return f"{_HEADINGS[node.tag]} {words}" if words else ""
        return _opened(words)

    def list(self, node: Node) -> str:
        items = [one for one in node.below if one.tag == "li"]
        told = [
            f"{f'{number}.' if node.tag == 'ol' else '-'} {words}"
            for number, words in enumerate(filter(None, map(self.item, items)), start=1)
        ]
        return ("\n\n" if any(map(_is_loose, items)) else "\n").join(told)

    def item(self, item: Node) -> str:
        """The item's words, then what stands below them, indented."""
        told = ("\n\n" if _is_loose(item) else "\n").join(self.blocks(item))
        return told.replace("\n", f"\n{_INDENT}")

    def inline(self, nodes: Iterable[Node]) -> str:
        told, before = "", Node("")
        for node in nodes:
            words = self.one(node)
            if node.tag == "br" and not told.endswith(_BREAK):
                told = told.rstrip()
            elif node.tag != "br" and told.endswith(_BREAK):
                words = words.lstrip()
            if words.startswith("[") and told.endswith("!"):
                # Else the link would be a picture.
                told = f"{told[:-1]}\\!"
            elif told[-1:].strip() and before.tag in _MARKS and node.tag in _MARKS:
                told += _APART
            told, before = told + words, node
        return _BREAKS.sub(lambda found: "<br>" * found[0].count("\n"), told)

    def one(self, node: Node) -> str:
        if not node.tag:
            return _escaped(node.text)
        if node.tag == "br":
            return _BREAK
        words = self.inline(node.below)
        if node.tag == "a" and "href" in node.attributes:
            # A bracket and a colon would begin a note at the foot.
            words = words.replace("]:", "]&#58;")
            return f"[{words}]({_address(node.attributes['href'])})"
        if node.tag in _AS_THEY_ARE:
            return f"<{node.tag}>{words}</{node.tag}>"
        if node.tag not in _MARKS:
            if node.tag != "p":
                self.tell(node)
            return words
        if not words.strip():
            return words
        # A mark holds only where it touches a word.
        mark = _MARKS[node.tag]
        before, kept, after = re.fullmatch(r"(\s*)(.*?)(\s*)", words, re.DOTALL).groups()
        return f"{before}{mark}{kept}{mark}{after}"

    def tell(self, node: Node) -> None:
        if node.tag in {"embed", "img"}:
            said = _("“%(title)s” is a file of the library; it stays on the site.")
            self.left(said % {"title": node.attributes.get("alt") or node.tag})
        elif "linktype" in node.attributes:
            said = _("The link at “%(words)s” leads to something of this site; its words are kept.")
            self.left(said % {"words": node.words.strip()})
        else:
            said = _("“<%(tag)s>” has no place in the files; the words in it are kept.")
            self.left(said % {"tag": node.tag})


def _is_loose(item: Node) -> bool:
    return any(one.is_block and one.tag not in {"ul", "ol"} for one in item.below)


def _ampersands(text: str) -> str:
    """Only where one would begin a sign."""
    return re.sub(r"&(?=#|\w+;)", "&amp;", text)


def _escaped(text: str) -> str:
    kept = _ampersands(text).replace("<", "&lt;").replace("\xa0", "&nbsp;")
    return _SPECIAL.sub(lambda m: m[0] if len(m[0]) > 2 else f"\\{m[0]}", kept)


def _opened(words: str) -> str:
    def escape(found: re.Match) -> str:
        sign = f"{found[2]}\\." if found[2] else f"\\{found[3]}"
        # Markdown knows no escape for this one.
        return found[1] + ("&#61;" if found[3] == "=" else sign)

    return _OPENS.sub(escape, words)


def _address(href: str) -> str:
    """As it stands in the brackets of a link: in angles where it has brackets of its own."""
    kept = re.sub(r"[\s\\`<>\"]", lambda found: quote(found[0]), _ampersands(href))
    return f"<{kept}>" if re.search(r"[()']", kept) else kept
