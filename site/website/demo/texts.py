"""Reads the demo's texts: Markdown with YAML front matter, one file a page.

`extends: _bersama/bantuan` takes another file's front matter and body first; what stands in the
file itself is added to both.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

# The same reader in C, where PyYAML was built with it: ten times as fast.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
CONTENT = Path(__file__).parent / "content"
FENCE = "---\n"


@dataclass(frozen=True)
class PageText:
    """One page's words. `slug_path` is where it stands below the host's root, `""` for home."""

    slug_path: str
    language: str
    meta: dict[str, Any]
    body: str


def read_data(name: str) -> Any:
    """The parsed YAML of `content/data/<name>.yaml`."""
    text = (CONTENT / "data" / f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=LOADER)  # noqa: S506 – it is the safe one


def _parse(path: Path) -> tuple[dict[str, Any], str]:
    text = path.read_text(encoding="utf-8")
    if not text.startswith(FENCE):
        raise ValueError(f"{path}: front matter missing")
    front, _sep, body = text[len(FENCE) :].partition("\n" + FENCE)
    return yaml.load(front, Loader=LOADER) or {}, body.strip()  # noqa: S506


def _read(path: Path) -> tuple[dict[str, Any], str]:
    meta, body = _parse(path)
    base_name = meta.pop("extends", None)
    if base_name is None:
        return meta, body
    suffix = ".en.md" if path.name.endswith(".en.md") else ".md"
    base_meta, base_body = _read(CONTENT / f"{base_name}{suffix}")
    return base_meta | meta, f"{base_body}\n\n{body}".strip()


def read_site(slug: str) -> list[PageText]:
    """Every text of one host, parents before children."""
    root = CONTENT / slug
    texts = []
    for path in root.rglob("*.md"):
        language = "en" if path.name.endswith(".en.md") else "id"
        name = path.relative_to(root).as_posix().removesuffix(".md").removesuffix(".en")
        meta, body = _read(path)
        texts.append(
            PageText(
                slug_path="" if name == "home" else name, language=language, meta=meta, body=body
            )
        )
    return sorted(
        texts, key=lambda text: (text.language != "id", text.slug_path.count("/"), text.slug_path)
    )
