"""P-09: answers of a quiz, durable on SQLite, beside the same row written by Django alone.

`python -m tests.bench.bench_writes` prints the table and ends with 1 when the bar is missed. 100
clients ask two workers at once, as in production; rounds of the two kinds are interleaved, because
such figures drift on a shared machine. The smallest row there is stands beside them without a bar.
"""

import statistics
import sys
import tempfile
from pathlib import Path

from tests.load.classroom import Phone, at_once, environment, percentile, served, set_up

CLIENTS = 100
ROUNDS = 5
KINDS = ("single", "true_false", "multiple", "order", "match", "scenario", "likert")
BAR, P99_SECONDS = 0.6, 1.0
WAYS = {
    "/kecil/": "smallest row",
    "/polos/": "row of a submission, Django alone",
    "/jawab/": "submission through its service",
}


def measure(port: int, way: str, people: list[int]) -> tuple[float, list[float], int]:
    """(writes a second, seconds of each, errors): each client answers every kind of question."""
    phones = [Phone(port) for _person in people]

    def send(phone: Phone, person: int) -> None:
        for kind in KINDS:
            phone.ask("POST", f"{way}?orang={person}&jenis={kind}")
        phone.close()

    seconds = at_once(
        [
            lambda phone=phone, person=person: send(phone, person)
            for phone, person in zip(phones, people, strict=True)
        ]
    )
    took = [each for phone in phones for each in phone.took]
    wrong = sum(status != 201 for phone in phones for status in phone.statuses)
    return len(took) / seconds, took, wrong


def main() -> int:
    rates: dict[str, list[float]] = {way: [] for way in WAYS}
    took: dict[str, list[float]] = {way: [] for way in WAYS}
    errors = 0
    with tempfile.TemporaryDirectory(prefix="lindungi-bench-") as name:
        environ = environment(Path(name))
        made = set_up(environ, CLIENTS * (ROUNDS + 1))
        with served(environ, "tests.bench.writes_wsgi:application") as port:
            for number in range(ROUNDS + 1):
                people = made["participants"][number * CLIENTS : (number + 1) * CLIENTS]
                for way in WAYS:
                    rate, each, wrong = measure(port, way, people)
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
        ours / bare for ours, bare in zip(rates["/jawab/"], rates["/polos/"], strict=True)
    )
    slowest = percentile(took["/jawab/"], 0.99)
    ok = ratio >= BAR and not errors and slowest <= P99_SECONDS
    print(
        f"P-09 submission : bare {ratio:5.2f}  bar {BAR}, {errors} errors, p99 {slowest:.2f} s"
        f" (at most {P99_SECONDS:.0f})  {'ok' if ok else 'MISSED'}"
    )
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
