"""The months of a public calendar, read as a visitor sees them."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from bs4 import BeautifulSoup
from django.test import Client

from events.ical import plain


class Seen(NamedTuple):
    """One date in a list: its day, when it begins ("09.00 WIB"), its title, and what is said."""

    day: date
    begins: str
    title: str
    said: str


def months(days: Iterable[date]) -> list[str]:
    """The addresses of all months in which these days are."""
    return sorted({f"/kalender/{day:%Y/%m}/" for day in days})


def soup_of(client: Client, path: str) -> BeautifulSoup:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return BeautifulSoup(answer.content, "html.parser")


def dates_of_list(page: BeautifulSoup) -> list[Seen]:
    found = []
    for heading in page.select(".c-day"):
        day = date.fromisoformat(heading.time["datetime"])
        for item in heading.find_next_sibling("ul").select(":scope > li"):
            told = [item.select_one(name) for name in (".c-when", ".c-title", ".c-said")]
            when, title, said = (one.get_text().strip() if one else "" for one in told)
            begins = re.sub(r"–\d\d\.\d\d|, sampai .*", "", when)
            found.append(Seen(day, begins, plain(title), said.split(" dari ")[0].split(".")[0]))
    return found


def read_months(client: Client, paths: Iterable[str]) -> tuple[list[Seen], dict[date, int]]:
    """(every date of these months, the number that the tables have for each day)."""
    found, numbers = [], {}
    for path in paths:
        number, more = 0, True
        while more:
            number += 1
            page = soup_of(client, f"{path}?page={number}" if number > 1 else path)
            # What began in the month before stands there as well.
            listed = dates_of_list(page)
            found += [one for one in listed if f"/kalender/{one.day:%Y/%m}/" == path]
            more = page.select_one("a[rel=next][href*='page=']") is not None
        for link in page.select("table.c-month td a"):
            day = date(*map(int, re.findall(r"\d+", link["href"])[:3]))
            numbers[day] = int(link["data-number"])
    return sorted(found), numbers


def counted(spans: Iterable[tuple[date, date]]) -> dict[date, int]:
    """How many of these (first day, last day) are on each day."""
    found: Counter[date] = Counter()
    for first, last in spans:
        found.update(first + timedelta(days=n) for n in range((last - first).days + 1))
    return dict(found)
