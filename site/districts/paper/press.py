"""Typesetting: a layout and its data become a PDF or a picture.

Layouts are `<app>/paper/<name>.typ` and see one virtual folder: `/house.typ` (the furniture of
every page), `/<app label>/…` and `/cloth/<name>.svg`. They read their data with `house.typ`; what
people typed is never read as Typst.
"""

import atexit
import hashlib
import json
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

import typst
from django.apps import apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

from districts.paper.flow import is_blank, without_empty_headings

HERE = Path(__file__).parent
CLOTHS = HERE.parent / "static" / "districts" / "cloth"
LAYOUT = re.compile(r"[a-z_]+/[a-z_]+\Z")
IMPORTED = re.compile(r'"([^"\n]+\.typ)"')
# The hour at which every paper says it was made: the same data are the same bytes.
TIMESTAMP = 1_735_689_600
STANDARDS = ["ua-1"]
ROUNDS = 5
UNDISPLAYABLE = re.compile(r'the text `"(.+?)"` could not be displayed')
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
FIRST_FOREIGN = "\u0300"
# What layouts set as a heading, or as the title of the file.
TITLES = {"title", "pile"}
# A PDF takes its language from the outermost text alone.
MAIN = """#import "/house.typ": data
#set document(title: data.title, date: none)
#set text(lang: data.at("language", default: "id"))
#include "/{layout}.typ"
"""

_local = threading.local()


class PaperFault(Exception):
    """A layout could not be set; the message is the typesetter's, for whoever wrote the layout."""


def typeset(
    layout: str,
    data: Mapping[str, Any],
    *,
    form: Literal["pdf", "png"] = "pdf",
    ppi: float = 144,
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """Set `layout` ("campaigns/poster") with `data`; return a tagged PDF, or page one as PNG.

    `data` becomes JSON and holds at least `title` and `language`; `pictures` are bytes of SVG,
    PNG, JPEG or WebP that the layout places by their names. Raises `PaperFault`.
    """
    source = MAIN.format(layout=_checked(layout)).encode()
    root = _root(os.getpid())
    folder = root / "pictures" / uuid4().hex
    told = json.loads(json.dumps(data, cls=DjangoJSONEncoder))
    try:
        laid = json.dumps(_laid_out(pictures or {}, folder))
        # Each round takes away what the one before could not show.
        for _round in range(ROUNDS):
            try:
                pages = _compiler(root).compile(
                    source,
                    format=form,
                    ppi=ppi,
                    sys_inputs={"data": json.dumps(told, ensure_ascii=False), "pictures": laid},
                    pdf_standards=STANDARDS if form == "pdf" else [],
                    timestamp=TIMESTAMP,
                )
                break
            except typst.TypstError as error:
                message = error.diagnostic or error.message
                shown = _displayable(told, message)
                if shown == told:
                    raise PaperFault(f"{layout}: {message}") from error
                told = shown
        else:
            raise PaperFault(f"{layout}: {message}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return pages[0] if isinstance(pages, list) else pages


def _displayable(told: Any, message: str) -> Any:
    """The data without the signs that the font has no picture of: "?" for letters, else nothing.

    A title with an emoji must not leave a district without its poster. Of a title that was nothing
    else "?" stays, and a heading of a text that was nothing else goes.
    """
    signs = "".join(
        ESCAPED.sub(lambda match: chr(int(match[1], 16)), found)
        for found in UNDISPLAYABLE.findall(message)
    )
    # A letter of ours that carries a mark of somebody else's stays.
    foreign = {sign for sign in signs if sign >= FIRST_FOREIGN or not sign.isprintable()}
    return _translated(told, {ord(sign): "?" if sign.isalpha() else "" for sign in foreign})


def _translated(told: Any, signs: dict[int, str]) -> Any:
    if isinstance(told, str):
        return told.translate(signs)
    if isinstance(told, list):
        found = [_translated(one, signs) for one in told]
        is_text = all(isinstance(one, dict) and "kind" in one for one in found)
        return without_empty_headings(found) if is_text else found
    if not isinstance(told, dict):
        return told
    found = {name: _translated(one, signs) for name, one in told.items()}
    for name in TITLES & found.keys():
        if isinstance(told[name], str) and told[name] and is_blank(found[name]):
            found[name] = "?"
    return found


def layout_digest(layout: str) -> str:
    """A digest of the layout, of all layouts it imports and of the cloths."""
    return _digest_now(layout) if settings.DEBUG else _digest_once(layout)


@cache
def _digest_once(layout: str) -> str:
    return _digest_now(layout)


def _digest_now(layout: str) -> str:
    root = _root(os.getpid())
    waiting, seen = [f"/{_checked(layout)}.typ"], {}
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        try:
            seen[name] = (root / name.lstrip("/")).read_bytes()
        except OSError as error:
            raise PaperFault(f"{layout}: there is no {name}") from error
        for found in IMPORTED.findall(seen[name].decode()):
            here = Path(name).parent
            waiting.append(os.path.normpath(found if found.startswith("/") else here / found))
    digest = hashlib.sha256(version("typst").encode())
    for name in sorted(seen):
        digest.update(name.encode() + b"\0" + hashlib.sha256(seen[name]).digest())
    for path in sorted(CLOTHS.glob("*.svg")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _checked(layout: str) -> str:
    if not LAYOUT.match(layout):
        raise PaperFault(f"{layout!r} is no name of a layout")
    return layout


def _laid_out(pictures: Mapping[str, bytes], folder: Path) -> dict[str, dict[str, str]]:
    """Drawings travel with the data; other pictures lie in a folder for as long as they are set."""
    laid = {}
    for name, content in pictures.items():
        if content.lstrip()[:1] == b"<":
            laid[name] = {"svg": content.decode()}
            continue
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / hashlib.sha256(content).hexdigest()
        path.write_bytes(content)
        laid[name] = {"path": f"/pictures/{folder.name}/{path.name}"}
    return laid


def _compiler(root: Path) -> typst.Compiler:
    """This thread's own compiler: one may not be shared, and a warm one is twice as fast."""
    known = getattr(_local, "compiler", None)
    if known is None or known[0] != root:
        made = typst.Compiler(root=str(root), ignore_system_fonts=True)
        known = _local.compiler = (root, made)
    return known[1]


@cache
def _root(process: int) -> Path:
    """The virtual folder of all layouts, a new one for each process, gone when it ends."""
    root = Path(tempfile.mkdtemp(prefix="lindungi-paper-"))
    atexit.register(_remove, process, root)
    for app in apps.get_app_configs():
        folder = Path(app.path) / "paper"
        if any(folder.glob("*.typ")):
            (root / app.label).symlink_to(folder, target_is_directory=True)
    (root / "house.typ").symlink_to(HERE / "house.typ")
    (root / "cloth").symlink_to(CLOTHS, target_is_directory=True)
    return root


def _remove(process: int, root: Path) -> None:
    if os.getpid() == process:
        shutil.rmtree(root, ignore_errors=True)
