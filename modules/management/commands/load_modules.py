from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from tqdm import tqdm

from modules.loading.faults import Fault, Faulty
from modules.loading.folder import ModuleText, house_folders
from modules.loading.load import Loaded, NoShelf, State, codes_in_use, load_whole
from modules.loading.plainness import long_sentences, unexplained_words
from modules.loading.sense import Codes
from modules.loading.translated import read_with_translations

Whole = tuple[ModuleText, list[ModuleText]]

# State of a page → what is said of it, the number of pages before it.
SAID = {
    State.CREATED: gettext_lazy("new"),
    State.UPDATED: gettext_lazy("updated"),
    State.UNCHANGED: gettext_lazy("as before"),
    State.EDITED: gettext_lazy("edited by the office, not changed"),
    State.GONE: gettext_lazy("no file any more, not changed"),
    State.NO_SHELF: gettext_lazy("not loaded: there is no shelf of modules in this language"),
    State.DRAFT: gettext_lazy("not loaded: a draft in a language that nobody here can review"),
}


class Command(BaseCommand):
    help = _("Load learning modules from folders; what the office has edited stays as it is.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folders",
            nargs="*",
            type=Path,
            metavar="FOLDER",
            help=_("folders with a modul.yaml; without any, the modules that come with the house"),
        )
        parser.add_argument(
            "--check", action="store_true", help=_("say what is wrong, and write nothing")
        )
        parser.add_argument(
            "--difference",
            action="store_true",
            help=_("show how pages that the office has edited differ from the files"),
        )
        parser.add_argument(
            "--demo",
            action="store_true",
            help=_("publish also what needs a moderator's approval; for a demo only"),
        )

    def handle(self, *, folders: list[Path], check: bool, difference: bool, demo: bool, **options):
        if demo and not getattr(settings, "MODULES_DEMO", False):
            said = _(
                "This is not a demo, so a second person approves first: nothing was loaded. Run "
                "the command without --demo."
            )
            raise CommandError(said)
        texts = self.read(folders or house_folders())
        if check:
            self.advise(texts)
            said = ngettext(
                "%(number)d module without a fault.",
                "%(number)d modules without a fault.",
                len(texts),
            )
            self.stdout.write(said % {"number": len(texts)})
            return
        # `disable=None`: no bar where nobody watches.
        for text, translations in tqdm(texts, unit="", leave=False, disable=None):
            try:
                done = load_whole(text=text, translations=translations, unreviewed=demo)
            except NoShelf as error:
                said = _("There is no page for modules yet. Make a module index page first.")
                raise CommandError(said) from error
            except Faulty as error:
                raise self.refused(error.faults) from error
            self.tell(done, difference=difference)

    def read(self, folders: list[Path]) -> list[Whole]:
        """Every module with its translations, or every fault of all of them."""
        codes, texts, faults = self.codes(), [], []
        for folder in folders:
            try:
                texts.append(read_with_translations(folder, codes))
            except Faulty as error:
                faults += error.faults
        if faults:
            raise self.refused(faults)
        return texts

    def advise(self, texts: list[Whole]) -> None:
        """What is no fault, but hard to read, or behind the original."""
        for original, translations in texts:
            for text in (original, *translations):
                name = original.slug if text is original else f"{text.slug}/{text.language}"
                for told in long_sentences(text):
                    said = _("%(module)s: a long sentence: %(told)s")
                    self.stdout.write(said % {"module": name, "told": told})
                for told in unexplained_words(text):
                    said = _("%(module)s: a hard word that the glossary does not explain: %(told)s")
                    self.stdout.write(said % {"module": name, "told": told})
                if text.module["version"] != original.module["version"]:
                    said = _("%(module)s: translates version %(old)s; the original is %(new)s.")
                    versions = {"old": text.module["version"], "new": original.module["version"]}
                    self.stdout.write(said % {"module": name, **versions})

    def refused(self, faults: list[Fault]) -> CommandError:
        for fault in faults:
            self.stderr.write(str(fault))
        said = ngettext(
            "%(number)d fault; nothing of it was loaded.",
            "%(number)d faults; nothing of it was loaded.",
            len(faults),
        )
        return CommandError(said % {"number": len(faults)})

    @staticmethod
    def codes() -> Codes:
        """The vocabularies of this installation; none before there is a database."""
        try:
            return codes_in_use()
        except DatabaseError:
            return {}

    def tell(self, done: list[Loaded], *, difference: bool) -> None:
        self.stdout.write(done[0].page.title)
        for one in done:
            self.stdout.write(f"  {one.name}: {SAID[one.state]}{self.waits(one)}")
            if difference and one.difference:
                self.stdout.write(one.difference)

    @staticmethod
    def waits(one: Loaded) -> str:
        if one.waits:
            said = _("a draft: the office has edited the original; compare both, then publish")
        elif not one.page.live:
            said = _("not published")
        elif one.page.has_unpublished_changes and one.state is not State.EDITED:
            said = _("the new version is not published yet")
        else:
            return ""
        return f" ({said})"
