"""R-01: 500 pupils submit at the same instant, 20 % of them twice: 500 rows, none lost, none twice.

Served as in production (two workers, SQLite in WAL with every commit on the disk, or PostgreSQL),
over HTTP, from one address. `-m slow` runs it.
"""

import json
import re
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack
from uuid import uuid4

import pytest

from tests.load.classroom import ROOT, Phone, at_once, percentile, served, set_up

pytestmark = pytest.mark.slow
PUPILS, TWICE = 500, 100
COUNT = """
import django, json
django.setup()
from collections import Counter
from modules.models import ClassRun, Participant, Submission
from safeguards.models import Fact, RateWindow
run = ClassRun.objects.get()
told = Counter(Fact.objects.values_list("kind", flat=True))
print(json.dumps({
    "participants": run.participants.count(),
    "nicknames": run.participants.values("nickname").distinct().count(),
    "submissions": run.submissions.count(),
    "answered": run.submissions.values("participant").distinct().count(),
    "keys": sorted(str(key) for key in run.submissions.values_list("key", flat=True)),
    "joined": told["modules.join"], "told": told["modules.submission"],
    "wrong_codes": RateWindow.objects.count(),
}))
"""


def rows(environ: dict[str, str]) -> dict:
    """What the database holds, asked in a process with its settings."""
    done = subprocess.run(
        [sys.executable, "-c", COUNT],
        cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def join(phone: Phone, code: str) -> None:
    """As a browser does it: open the page, tap the one button."""
    page = phone.ask("GET", f"/gabung/{code}/")
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    phone.ask("POST", f"/gabung/{code}/", {"key": key})


def test_five_hundred_join_and_answer_at_the_same_instant(environ):
    made = set_up(environ, 0)
    code, item = made["code"], made["items"]["single"]
    with ExitStack() as stack:
        port = stack.enter_context(served(environ))
        phones = [Phone(port) for _n in range(PUPILS)]
        for phone in phones:
            stack.callback(phone.close)

        seconds = at_once([lambda phone=phone: join(phone, code) for phone in phones])
        assert Counter(status for phone in phones for status in phone.statuses) == {
            200: PUPILS,
            303: PUPILS,
        }
        # S-06: one school address, all of them in within a minute.
        assert seconds <= 60

        keys = [str(uuid4()) for _phone in phones]
        again = [Phone(port, dict(phone.cookies)) for phone in phones[:TWICE]]
        for phone in again:
            stack.callback(phone.close)
        for phone in phones:
            phone.took.clear()
            phone.statuses.clear()
        rush = [*zip(phones, keys, strict=True), *zip(again, keys, strict=False)]

        def answer(phone: Phone, key: str) -> None:
            phone.ask("POST", f"/gabung/{code}/jawab/", {"key": key, "item": item, "jawaban": "0"})

        seconds = at_once([lambda phone=phone, key=key: answer(phone, key) for phone, key in rush])

    took = [each for phone, _key in rush for each in phone.took]
    print(  # noqa: T201 – the figures, with `-s`
        f"\nR-01 {len(took)} answers in {seconds:.1f} s,"
        f" p50 {percentile(took, 0.5):.2f} s, p95 {percentile(took, 0.95):.2f} s"
    )
    statuses = Counter(status for phone, _key in rush for status in phone.statuses)
    assert statuses == {303: PUPILS + TWICE}
    assert percentile(took, 0.95) <= 10
    assert rows(environ) == {
        "participants": PUPILS,
        "nicknames": PUPILS,
        "submissions": PUPILS,
        "answered": PUPILS,
        "keys": sorted(keys),
        "joined": PUPILS,
        "told": PUPILS,
        "wrong_codes": 0,
    }
