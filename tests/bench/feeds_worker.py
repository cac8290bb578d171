"""Measures the feed of an office in one process; prints JSON. `python -m tests.bench.feeds_worker`

CPU seconds of: what `icalendar` alone needs to build and serialise as many events (the floor), the
first answer of `/kalender.ics` with nothing remembered, and one answer to If-None-Match.
"""

import gc
import json
import time
from datetime import timedelta
from zoneinfo import ZoneInfo

from tests.bench.worker import environ

HOST = "klaten.localhost"
ASKED_AGAIN = 4_000


def floor(rows: list) -> float:
    """Seconds of icalendar for these events, one VEVENT each with the lines that ours have."""
    from icalendar import Calendar, vRecur
    from icalendar import Event as VEvent

    began = time.process_time()
    calendar = Calendar()
    calendar.add("prodid", "-//floor//")
    calendar.add("version", "2.0")
    for row in rows:
        one, start = VEvent(), row.starts_at.astimezone(ZoneInfo(row.timezone))
        one.add("uid", row.uid)
        for name in ("dtstamp", "created", "last-modified"):
            one.add(name, row.modified_at)
        one.add("sequence", row.sequence)
        one.add("summary", row.title)
        one.add("description", row.summary)
        one.add("location", row.venue)
        one.add("categories", [row.kind, *row.issue_codes])
        one.add("url", f"http://{HOST}/kalender/{row.slug}/")
        one.add("status", "CONFIRMED")
        one.add("dtstart", start)
        one.add("dtend", start + timedelta(minutes=row.minutes))
        if row.rrule:
            one.add("rrule", vRecur.from_ical(row.rrule))
        calendar.add_component(one)
    calendar.to_ical()
    return time.process_time() - began


def main() -> None:
    import django
    from django.core.handlers.wsgi import WSGIHandler

    django.setup()
    from events.models import Event
    from safeguards import generation
    from website.pagecache import PageCacheMiddleware

    handler, told = WSGIHandler(), {}
    caches = [found for found in gc.get_objects() if type(found) is PageCacheMiddleware]

    def ask(path: str, **headers: str) -> int:
        def start(status: str, pairs: list) -> None:
            told.update(dict(pairs), status=status)

        response = handler(environ(HOST, path) | headers, start)
        size = sum(len(part) for part in response)
        response.close()
        return size

    def first(path: str) -> tuple[float, int]:
        generation.forget()
        for cache in caches:
            cache.entries.clear()
        began = time.process_time()
        size = ask(path)
        if not told["status"].startswith("200"):
            raise SystemExit(told["status"])
        return time.process_time() - began, size

    ask("/kalender.ics")
    rows = list(Event.objects.public())
    answer: dict = {"events": len(rows)}
    # Interleaved, because such figures drift on a shared machine.
    rounds = [(floor(rows), first("/kalender.ics"), first("/kalender.ics?datar=1")) for _n in "123"]
    answer["floor"] = [one for one, _whole, _flat in rounds]
    answer["whole"] = [whole[0] for _floor, whole, _flat in rounds]
    answer["flat"] = [flat[0] for _floor, _whole, flat in rounds]
    answer["bytes"] = rounds[0][1][1]
    ask("/kalender.ics")
    known = {"HTTP_IF_NONE_MATCH": told["ETag"]}
    began = time.process_time()
    for _request in range(ASKED_AGAIN):
        ask("/kalender.ics", **known)
    answer["again"] = (time.process_time() - began) / ASKED_AGAIN
    answer["status"] = told["status"]
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
