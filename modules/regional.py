"""Titles of modules and a few words of the interface in languages of the regions.

Only these: what keeps people safe is never shown in a language that nobody here can review. Each
title and each set of words is a draft, and says so, until a speaker has put their name to it.
What a language has no word for is not shown in its name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from districts.content_languages import REGIONAL, language_label
from modules.loading.folder import CONTENT, TITLES_FILE

WORDS = Path(__file__).with_name("regional_words.yaml")


@dataclass(frozen=True)
class Words:
    """A few words of the interface in one language, each empty where it has none of its own."""

    language: str
    modules: str
    lesson: str
    minutes: str
    title: str
    is_reviewed: bool

    @property
    def told(self) -> list[str]:
        """Those it has."""
        return [word for word in (self.modules, self.lesson, self.minutes, self.title) if word]

    @property
    def label(self) -> str:
        return language_label(self.language)


@dataclass(frozen=True)
class Title:
    """What a module is called in a language of the regions."""

    language: str
    title: str
    is_reviewed: bool

    @property
    def label(self) -> str:
        return language_label(self.language)


def regional_languages(languages: Iterable[str]) -> list[str]:
    """Those of an office's languages for which there are titles alone."""
    return [code for code in languages if code in REGIONAL]


def regional_of(page: Any, office: Any) -> list[str]:
    """The languages of the office's region beside a page in the site's own language."""
    if office is None or page.locale.language_code != settings.LANGUAGE_CODE:
        return []
    return regional_languages(office.languages)


def titles_of(slug: str, languages: Iterable[str]) -> list[Title]:
    """The titles that the module with this address has in these languages."""
    told = _titles(slug)
    return [
        Title(code, told[code]["title"], bool(told[code].get("reviewer")))
        for code in regional_languages(languages)
        if code in told
    ]


def words_in(language: str) -> Words:
    own = _words().get(language, {})
    words = {name: own.get(name) or "" for name in _words()[settings.LANGUAGE_CODE]}
    return Words(language=language, is_reviewed=bool(own.get("reviewer")), **words)


@cache
def _titles(slug: str) -> Mapping[str, Any]:
    path = CONTENT / slug / TITLES_FILE
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}


@cache
def _words() -> Mapping[str, Any]:
    return yaml.safe_load(WORDS.read_text(encoding="utf-8"))
