"""P-09: check-ins, durable on SQLite, beside the same row written by Django alone.

`python -m tests.bench.bench_checkin` prints the table and ends with 1 when the bar is missed. 100
clients ask two workers at once, as in production; rounds of the kinds are interleaved, because such
figures drift on a shared machine. The smallest row there is, and check-ins of people whom nobody
knew before, stand beside them without a bar.
"""

import statistics
import sys
import tempfile
from pathlib import Path

from tests.load.classroom import Phone, at_once, environment, percentile, served
from tests.load.meeting import set_up

CLIENTS, EACH = 100, 7
ROUNDS = 5
BAR, P99_SECONDS = 0.6, 1.0
WAYS = {
    "/kecil/": "smallest row",
    "/polos/": "row of an attendance, Django alone",
    "/hadir/": "check-in through its service",
    "/baru/": "check-in of somebody new",
}


def measure(port: int, way: str, first: int) -> tuple[float, list[float], int]:
    """(writes a second, seconds of each, errors): each client checks seven people in."""
    phones = [Phone(port) for _n in range(CLIENTS)]

    def send(phone: Phone, number: int) -> None:
        for one in range(EACH):
            phone.ask("POST", f"{way}?{number + one}")
        phone.close()

    seconds = at_once(
        [
            lambda phone=phone, number=first + EACH * place: send(phone, number)
            for place, phone in enumerate(phones)
        ]
    )
    took = [each for phone in phones for each in phone.took]
    wrong = sum(status != 201 for phone in phones for status in phone.statuses)
    return len(took) / seconds, took, wrong


def main() -> int:
    rates: dict[str, list[float]] = {way: [] for way in WAYS}
    took: dict[str, list[float]] = {way: [] for way in WAYS}
    errors = 0
    people = CLIENTS * EACH
    with tempfile.TemporaryDirectory(prefix="lindungi-bench-") as name:
        environ = environment(Path(name))
        set_up(environ, people * (ROUNDS + 1))
        with served(environ, "tests.bench.checkin_wsgi:application") as port:
            for number in range(ROUNDS + 1):
                for way in WAYS:
                    rate, each, wrong = measure(port, way, number * people)
                    errors += wrong
                    # The first round warms up.
                    if number:
                        rates[way].append(rate)
                        took[way] += each
    print(f"{'':36}{'writes/s':>9}{'p50 ms':>9}{'p99 ms':>9}")
    for way, label in WAYS.items():
        print(
            f"{label:36}{statistics.median(rates[way]):9.0f}"
            f"{percentile(took[way], 0.5) * 1000:9.0f}{percentile(took[way], 0.99) * 1000:9.0f}"
        )
    ratio = statistics.median(
        ours / bare for ours, bare in zip(rates["/hadir/"], rates["/polos/"], strict=True)
    )
    slowest = percentile(took["/hadir/"], 0.99)
    ok = ratio >= BAR and not errors and slowest <= P99_SECONDS
    print(
        f"P-09 check-in : bare {ratio:5.2f}  bar {BAR}, {errors} errors, p99 {slowest:.2f} s"
        f" (at most {P99_SECONDS:.0f})  {'ok' if ok else 'MISSED'}"
    )
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
