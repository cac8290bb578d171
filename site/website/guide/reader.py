import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.safestring import SafeString
from markdown import markdown
from wagtail.rich_text import RichText

from safeguards.html import sanitise

HERE = Path(__file__).parent
PICTURE = re.compile(r"^!\[(.+?)\]\((.+?)\)\n", re.MULTILINE)


@dataclass(frozen=True)
class Section:
    """One task: what one wants to do, how it looks, and how it is done."""

    anchor: str
    title: str
    text: RichText | SafeString
    picture: str
    alt: str


@cache
def sections(language: str) -> list[Section]:
    """The guide in this language; Indonesian where there is no translation."""
    path = HERE / f"{language}.md"
    source = (path if path.exists() else HERE / "id.md").read_text(encoding="utf-8")
    found = []
    for number, part in enumerate(re.split(r"^## ", source, flags=re.MULTILINE)[1:], start=1):
        title, _sep, body = part.partition("\n")
        picture = PICTURE.search(body)
        text = PICTURE.sub("", body)
        found.append(
            Section(
                anchor=f"b{number}",
                title=title.strip(),
                text=RichText(sanitise(markdown(text))),
                picture=f"website/guide/{picture[2]}" if picture else "",
                alt=picture[1] if picture else "",
            )
        )
    return found
