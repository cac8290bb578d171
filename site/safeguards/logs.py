"""Logging that tells what went wrong and about nobody."""

import logging
import re
import traceback

_SCRUBBED = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[email]"),
    (re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])"), "[address]"),
    (re.compile(r"(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{0,4}(?![\w:])", re.I), "[address]"),
    (re.compile(r"(?<![\w:])(?:[0-9a-f]{1,4}:){1,6}:[0-9a-f:]*(?![\w:])", re.I), "[address]"),
    (re.compile(r"\?[^\s\"'<>]*=[^\s\"'<>]*"), "?[query]"),
    # Tokens in addresses: ours hold capitals, which slugs never do; Django's end in 32 hex digits.
    (re.compile(r"(?<=/)(?=[\w-]*[A-Z])[\w-]{22,}"), "[token]"),
    (re.compile(r"(?<=/)[\w-]*-[0-9a-f]{32,}"), "[token]"),
    (re.compile(r"(?:\+62|\b62|\b0)[ .-]?8\d(?:[ .-]?\d){6,11}"), "[number]"),
    (re.compile(r"\d(?:[ .-]?\d){15}"), "[number]"),
    (re.compile(r"\d{8,}"), "[number]"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")


def scrub(text: str) -> str:
    """Return ``text`` without e-mail and network addresses, long numbers and query strings."""
    for pattern, instead in _SCRUBBED:
        text = pattern.sub(instead, text)
    return text


def one_line(text: str) -> str:
    """Return ``text`` with control characters and line breaks as spaces: one entry, one line."""
    return _CONTROL.sub(" ", text).replace("\n", " ").replace("\t", " ")


class NoPersonalData(logging.Filter):
    """Scrubs a record: its message, its traceback, and the request that Django hangs on it.

    Put it on every handler (``"filters": ["no_personal_data"]``), since a logger's filters do not
    see the records of the loggers below it.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "scrubbed", False):
            return True
        try:
            message = record.getMessage()
        except (TypeError, ValueError):
            message = str(record.msg)
        record.msg = one_line(scrub(message))
        record.args = None
        if record.exc_info and record.exc_info[0] is not None:
            told = "".join(traceback.format_exception(*record.exc_info)).rstrip()
            record.exc_text = scrub(told)
        # Django's mail handler would send the locals and the posted form along.
        record.exc_info = None
        record.__dict__.pop("request", None)
        record.scrubbed = True
        return True
