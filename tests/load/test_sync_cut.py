"""R-04 and R-05: 2,000 facts of an offline day over a bad line, and a server that dies.

The line is cut before, within and after the request, answers are lost, batches come twice at once
and in another order: in the end the database holds what a clean sync leaves. Whatever was
acknowledged before a `kill -9` is there afterwards. `-m slow` runs them.
"""

import json
import os
import random
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from uuid import UUID

import pytest

from tests.load.classroom import environment, served, start
from tests.load.meeting import headers, person_key, send, set_up, state_of

pytestmark = pytest.mark.slow
FACTS, PEOPLE, BATCH = 2_000, 700, 125
SAFE = {"created", "already", "quarantined"}


def stream(made: dict) -> list[dict]:
    """What devices of a day tell: marks, people who are new, corrections, counts."""
    lot = random.Random(20_260_312)
    began = datetime.fromisoformat(made["start"])
    first = made["dates"][0]
    facts = []
    for number in range(FACTS):
        kind = lot.choices(["hadir", "hadir-ubah", "hitung", "hadir-lembaga"], [60, 25, 10, 5])[0]
        body: dict = {"occurrence": first}
        if kind.startswith("hadir-l"):
            label = lot.choice(["Polsek", "Puskesmas", "Koramil"])
            body |= {"label": label, "came": lot.choice([True, False])}
        elif kind == "hitung":
            cell = {"sex": lot.choice("LP"), "age_group": "6-12", "number": lot.randrange(90)}
            body["cells"] = [cell]
        else:
            # A third of them was never written down before; their words come with one mark alone.
            who = lot.randrange(PEOPLE * 3 // 2)
            body |= {"person": {"key": person_key(who)}, "status": lot.choice(["hadir", "izin"])}
            if who >= PEOPLE and kind == "hadir":
                words = {"name": f"Tamu {who}", "sex": "P", "age_group": "25-59"}
                body["person"] |= words
        at = began + timedelta(seconds=lot.randrange(3_000))
        key = str(UUID(int=2**126 + number))
        facts.append({"kind": kind, "key": key, "client_time": at.isoformat(), "body": body})
    return facts


def batches(facts: list[dict]) -> list[list[dict]]:
    return [facts[n : n + BATCH] for n in range(0, len(facts), BATCH)]


def cut(port: int, token: str, facts: list[dict], share: float, waits: float) -> None:
    """Send a share of the request, wait, and hang up without reading."""
    body = json.dumps({"facts": facts}).encode()
    head = {**headers(token), "Content-Length": str(len(body)), "Connection": "close"}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    whole = f"POST /api/v1/sync HTTP/1.1\r\n{lines}\r\n".encode() + body
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(whole[: int(len(whole) * share)])
        time.sleep(waits)


def until_safe(port: int, token: str, facts: list[dict]) -> None:
    """As a device does it: what is not safe yet is sent again."""
    left = facts
    for _try in range(20):
        outcomes = send(port, token, left)
        done = {one["key"] for one in outcomes if one["status"] in SAFE}
        assert {one["status"] for one in outcomes} <= SAFE | {"conflict"}
        left = [one for one in left if one["key"] not in done]
        if not left:
            return
        time.sleep(0.2)
    raise AssertionError(f"{len(left)} facts were never judged")


def test_a_day_offline_over_a_line_that_is_cut_ends_as_a_clean_sync(tmp_path: Path):
    clean = environment(tmp_path / "bersih")
    made = set_up(clean, PEOPLE)
    with served(clean) as port:
        for batch in batches(stream(made)):
            until_safe(port, made["token"], batch)

    torn = environment(tmp_path / "putus")
    other = set_up(torn, PEOPLE)
    other["start"] = made["start"]
    facts = stream(other)
    lot = random.Random(7)
    with served(torn) as port:
        token = other["token"]
        lot.shuffle(facts)
        for number, batch in enumerate(batches(facts)):
            # Nothing, the head, a part of the body, all of it; the answer is never read.
            share = (0.0, 0.01, 0.5, 0.97, 1.0)[number % 5]
            cut(port, token, batch, share, waits=0.05 * (number % 4))
        again = batches(lot.sample(facts, len(facts)))
        with ThreadPoolExecutor(4) as pool:
            # Two devices with the same queue, each in its own order.
            sent = [*again, *lot.sample(again, len(again))]
            list(pool.map(lambda batch: until_safe(port, token, batch), sent))
    left, wanted = state_of(torn), state_of(clean)
    assert left["intact"] == wanted["intact"] == "ok"
    assert left == wanted
    assert len(wanted["facts"]) >= FACTS


def test_nothing_that_was_acknowledged_dies_with_the_server(tmp_path: Path):
    environ = environment(tmp_path)
    made = set_up(environ, FACTS)
    began = made["start"]
    facts = [
        {
            "kind": "hadir", "key": str(UUID(int=2**126 + n)), "client_time": began,
            "body": {"occurrence": made["dates"][0], "person": {"key": person_key(n)},
                     "status": "hadir"},
        }
        for n in range(FACTS)
    ]  # fmt: skip
    process, port = start(environ, "website.wsgi:application")
    acknowledged: set[str] = set()
    lock, half = threading.Lock(), threading.Event()

    def gate(number: int) -> None:
        """One of four doors, each with people of its own, ten at a time."""
        mine = facts[number::4]
        for first in range(0, len(mine), 10):
            try:
                outcomes = send(port, made["token"], mine[first : first + 10])
            except (OSError, HTTPException, ValueError):
                return
            with lock:
                acknowledged.update(o["key"] for o in outcomes if o["status"] in SAFE)
                if len(acknowledged) >= FACTS // 2:
                    half.set()

    gates = [threading.Thread(target=gate, args=(n,)) for n in range(4)]
    for one in gates:
        one.start()
    try:
        assert half.wait(timeout=300)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=20)
    for one in gates:
        one.join()
    assert FACTS // 2 <= len(acknowledged) < FACTS
    held = state_of(environ)
    assert held["intact"] == "ok"
    assert acknowledged <= {row[-1] for row in held["attendance"]}
    # A fact and its row stand or fall together.
    assert [row[-1] for row in held["attendance"]] == [row[1] for row in held["facts"]]
    with served(environ) as again:
        for batch in batches(facts):
            until_safe(again, made["token"], batch)
    assert len(state_of(environ)["attendance"]) == FACTS
