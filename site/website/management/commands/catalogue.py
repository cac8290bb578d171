"""Interface translation without system gettext: extract, tidy, compile, check.

Source texts are English. `locale/id` holds our Indonesian; `locale/en` repeats the source. The
compiled Indonesian also carries what Wagtail has under `id_ID` (Django looks for `id` only) and
`locale/id/wagtail_topup.po`, kept by hand, for the editors' screens that Wagtail leaves English.
"""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

SOURCES = ("campaigns", "modules", "events", "site")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}|%%")
# A date in the header would change the file at every run.
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def root() -> Path:
    return Path(settings.LOCALE_PATHS[0]).parent


def folder(language: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES"


def new_catalog(language: str):
    from babel.messages.catalog import Catalog

    catalog = Catalog(
        locale=language,
        project="Lindungi",
        version="1",
        copyright_holder="Lindungi contributors",
        header_comment="# Lindungi's interface texts; `manage.py catalogue` keeps them tidy.",
        creation_date=EPOCH,
        revision_date=EPOCH,
        last_translator="Lindungi contributors",
        language_team="Lindungi contributors",
        fuzzy=False,
    )
    if language == "id":  # Babel does not know that Indonesian has one plural form.
        catalog.mime_headers = [("Plural-Forms", "nplurals=1; plural=0;")]
    return catalog


def source_files() -> Iterator[Path]:
    for name in SOURCES:
        for path in sorted((root() / name).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
                yield path


def messages_of(path: Path) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    """(msgid or (singular, plural), context) for every text in a Python file or a template."""
    from babel.messages.extract import extract

    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        if "{%" not in text and "{{" not in text:
            return
        # What is left between the calls is no Python: indentation would trip the tokenizer.
        text = "\n".join(line.strip() for line in templatize(text).splitlines())
    stream = io.BytesIO(text.encode())
    for _line, message, _comments, context in extract("python", stream, KEYWORDS):
        yield message, context


def extracted() -> dict[tuple[str, str | None], str | tuple[str, str]]:
    """(singular, context) → the msgid as the source has it."""
    found: dict[tuple[str, str | None], str | tuple[str, str]] = {}
    for path in source_files():
        for message, context in messages_of(path):
            message = tuple(message[:2]) if isinstance(message, tuple | list) else message
            key = (message if isinstance(message, str) else message[0], context)
            # The same text with and without a plural is one entry, with the plural.
            if key[0] and (key not in found or not isinstance(message, str)):
                found[key] = message
    return found


def read(path: Path, language: str):
    from babel.messages.pofile import read_po

    if not path.exists():
        return new_catalog(language)
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def tidied(language: str, texts: dict):
    """Our catalogue with exactly the texts in the source; known translations are kept."""
    old, catalog = read(folder(language) / "django.po", language), new_catalog(language)
    for (singular, context), message in texts.items():
        known = old.get(singular, context)
        plural = not isinstance(message, str)
        if language == "en":
            string = message
        elif known is None:
            string = ""
        else:
            string = known.string
            string = string[0] if isinstance(string, tuple | list) else string
            string = (string,) if plural else string
        catalog.add(message, string, context=context)
    return catalog


def po_text(catalog) -> str:
    from babel.messages.pofile import write_po

    stream = io.BytesIO()
    write_po(stream, catalog, sort_output=True, no_location=True, ignore_obsolete=True, width=100)
    noise = ("POT-Creation-Date", "PO-Revision-Date", "Generated-By", "Report-Msgid-Bugs-To")
    lines = stream.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(tuple(f'"{n}' for n in noise)))


def wagtail_catalogues(locale: str, domain: str) -> Iterator[Path]:
    """Wagtail's own source files of one locale, app by app."""
    package = Path(find_spec("wagtail").origin).parent
    yield from sorted(package.glob(f"**/locale/{locale}/LC_MESSAGES/{domain}.po"))


def complete(language: str, ours):
    """What is compiled: ours first, then the top-up, then Wagtail's own Indonesian."""
    layers = [ours]
    if language == "id":
        layers.append(read(topup_path(), language))
        layers += [read(path, language) for path in wagtail_catalogues("id_ID", "django")]
    return merged(language, layers)


def scripts():
    """The same for the texts in the admin's JavaScript, of which none are ours."""
    known: set = set()
    for path in wagtail_catalogues("en", "djangojs"):
        known |= plain(read(path, "en")).keys()
    topup = new_catalog("id")
    for message in read(topup_path(), "id"):
        if message.id and plain([message]).keys() <= known:
            topup.add(message.id, message.string, context=message.context)
    borrowed = [read(path, "id") for path in wagtail_catalogues("id_ID", "djangojs")]
    return merged("id", [topup, *borrowed])


def merged(language: str, layers: list):
    whole = new_catalog(language)
    for layer in layers:
        for message in layer:
            filled = message.string and (isinstance(message.string, str) or all(message.string))
            if message.id and filled and not message.fuzzy:
                singular = message.id if isinstance(message.id, str) else message.id[0]
                if whole.get(singular, message.context) is None:
                    whole.add(message.id, message.string, context=message.context)
    return whole


def compiled(language: str, catalog) -> dict[Path, object]:
    """Every .mo file of a language with what belongs in it."""
    files = {folder(language) / "django.mo": complete(language, catalog)}
    if language == "id":
        files[folder(language) / "djangojs.mo"] = scripts()
    return files


def topup_path() -> Path:
    return folder("id").parent / "wagtail_topup.po"


def plain(catalog) -> dict:
    """{(msgids, context): strings}, the same whether it was read from .po or .mo."""

    def flat(value) -> tuple[str, ...]:
        return (value,) if isinstance(value, str) else tuple(value)

    def text(value) -> str | None:
        return value.decode() if isinstance(value, bytes) else value

    return {(flat(m.id), text(m.context)): flat(m.string) for m in catalog if m.id}


def faults(language: str, catalog) -> Iterator[str]:
    """What is wrong with the catalogue as it lies on the disk, compared with the tidied one."""
    from babel.messages.mofile import read_mo

    po = folder(language) / "django.po"
    if not po.exists() or po.read_text(encoding="utf-8") != po_text(catalog):
        yield f"{language}/django.po differs from the source: run manage.py catalogue"
    for message in read(po, language):
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        if not ids[0]:
            continue
        if message.fuzzy or not all(strings):
            yield f"{language}: not translated: {ids[0]!r}"
        elif not set(PLACEHOLDER.findall("".join(strings))) <= set(
            PLACEHOLDER.findall("".join(ids))
        ):
            yield f"{language}: placeholders differ: {ids[0]!r}"
    for mo, wanted in compiled(language, catalog).items():
        if not mo.exists():
            yield f"{language}/{mo.name} is missing: run manage.py catalogue"
            continue
        with mo.open("rb") as stream:
            if plain(read_mo(stream)) != plain(wanted):
                yield f"{language}/{mo.name} is stale: run manage.py catalogue"


def placeholders(strings: list[str]) -> set[str]:
    return set(PLACEHOLDER.findall("".join(strings)))


def write(language: str, catalog) -> None:
    from babel.messages.mofile import write_mo

    folder(language).mkdir(parents=True, exist_ok=True)
    (folder(language) / "django.po").write_text(po_text(catalog), encoding="utf-8")
    for path, content in compiled(language, catalog).items():
        with path.open("wb") as stream:
            write_mo(stream, content)


class Command(BaseCommand):
    help = "Extracts the texts of the source into locale/ and compiles them; --check only compares."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="change nothing, fail on faults")

    def handle(self, *, check: bool, **options):
        texts = extracted()
        found = []
        for language, _name in settings.LANGUAGES:
            catalog = tidied(language, texts)
            if check:
                found += faults(language, catalog)
                continue
            write(language, catalog)
            empty = sum(not m.string or not all(m.string) for m in catalog if m.id)
            self.stdout.write(f"{language}: {len(catalog)} texts, {empty} not translated")
        if found:
            raise CommandError("\n".join(found))
