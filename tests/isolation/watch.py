"""Sees what a request writes, logs, mails and caches."""

import logging
import re
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.core import mail
from django.core.cache import cache
from django.db import connection

WRITES = re.compile(
    r"^\s*(INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+[\"`]?(\w+)", re.IGNORECASE
)
# Sessions, audit rows, counters of attempts, Wagtail's notes of who has which page open or wants
# mail about it, and what is only made from data: sizes of pictures, papers to print.
NOT_DOMAIN = frozenset(
    {
        "django_session",
        "safeguards_auditentry",
        "safeguards_ratewindow",
        "wagtailadmin_editingsession",
        "wagtailcore_pagesubscription",
        "wagtailusers_userprofile",
        "media_customrendition",
        "districts_paper",
    }
)


class Pages(logging.Handler):
    """Keeps what was logged, from every logger, formatted as it would be written."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name} {record.getMessage()}")


@dataclass
class Seen:
    writes: set[str] = field(default_factory=set)
    log: Pages = field(default_factory=Pages)

    def domain_writes(self) -> set[str]:
        return self.writes - NOT_DOMAIN


@contextmanager
def watching():
    seen = Seen()

    def note(execute, sql, params, many, context):
        found = WRITES.match(sql)
        if found:
            seen.writes.add(found.group(2).lower())
        return execute(sql, params, many, context)

    root = logging.getLogger()
    before = root.level
    root.addHandler(seen.log)
    root.setLevel(logging.DEBUG)
    try:
        with connection.execute_wrapper(note):
            yield seen
    finally:
        root.removeHandler(seen.log)
        root.setLevel(before)


def kept_elsewhere() -> str:
    """All that the cache and the outbox hold, as one text."""
    stored = getattr(cache, "_cache", {})
    mails = [f"{m.subject} {m.body} {m.to} {m.extra_headers}" for m in getattr(mail, "outbox", [])]
    return " ".join([*map(repr, stored.keys()), *map(repr, stored.values()), *mails])
