"""P-10: certificates in bulk, from rows to one PDF, beside the bare compiler in the same run.

`python -m tests.bench.bench_certificates` prints the table and ends with 1 when the bar is missed.
Both set the same layout; the bare one is a compiler of typst alone, reused, that gets its source,
its data and its drawn codes ready made. Ours makes serials and codes as well. No two rounds set the
same people, for typst remembers what it has set.
"""

import json
import os
import sys
import time
from datetime import UTC, date, datetime
from uuid import uuid4

from tests.bench.bench_paper import prepare

ROUNDS, EACH = 5, 200
BAR = 0.5


def made_up(event, number: int, first: int):
    from events.models import Certificate
    from events.serials import new_serial
    from safeguards.tokens import digest

    made = []
    for n in range(first, first + number):
        key = uuid4()
        made.append(
            Certificate(
                key=key,
                serial_digest=digest(new_serial(key)),
                event=event,
                name=f"Peserta Nomor {n}",
                title=event.title,
                first_day=date(2031, 3, 3),
                last_day=date(2031, 3, 4),
                minutes=180,
                issued_at=datetime(2031, 3, 5, tzinfo=UTC),
            )
        )
    return made


def office():
    from wagtail.models import Site

    from districts.models import District
    from events.models import Event

    site = Site(hostname="contoh.localhost", port=80)
    district = District(
        site=site, office_name="Dinas Contoh", short_name="Contoh", cloth="tenun", accent="#6b1d2a"
    )
    return Event(title="Mengasuh tanpa kekerasan", district=district)


def main() -> int:
    press = prepare()
    import typst

    from events.documents.certificates import certificates_pdf, data_of, verification_address
    from events.documents.drawn_codes import codes_for
    from events.serials import serial_of

    event = office()
    compiler = typst.Compiler(root=str(press._root(os.getpid())), ignore_system_fonts=True)
    source = press.MAIN.format(layout="events/certificate").encode()

    def ready(first: int) -> dict[str, str]:
        printed = [(one, serial_of(one)) for one in made_up(event, EACH, first)]
        prefix, suffix = verification_address(event.district)
        codes = codes_for(prefix, [serial for _one, serial in printed], suffix)
        pictures = {f"qr{n}": {"svg": code.decode()} for n, code in enumerate(codes)}
        data = data_of(event.district, printed)
        return {"data": json.dumps(data), "pictures": json.dumps(pictures)}

    def bare(inputs: dict[str, str]) -> bytes:
        return compiler.compile(
            source, format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"], timestamp=0
        )

    bare(ready(0)), certificates_pdf(event, made_up(event, EACH, EACH))
    spent = {"ours": 0.0, "bare": 0.0}
    number, size = 2 * EACH, 0
    for _round in range(ROUNDS):
        inputs, people = ready(number), made_up(event, EACH, number + EACH)
        number += 2 * EACH
        started = time.perf_counter()
        bare(inputs)
        spent["bare"] += time.perf_counter() - started
        started = time.perf_counter()
        size = len(certificates_pdf(event, people))
        spent["ours"] += time.perf_counter() - started
    rates = {name: ROUNDS * EACH / seconds for name, seconds in spent.items()}
    ratio = rates["ours"] / rates["bare"]
    print(f"{ROUNDS} PDFs of {EACH} certificates, {size / 1024:.0f} KB each")
    print(f"{'typst, compiler reused':<32} {rates['bare']:8.0f}/s")
    print(f"{'serials, codes and PDF of ours':<32} {rates['ours']:8.0f}/s")
    print(f"P-10 ratio {ratio:.2f} (bar {BAR})")
    return 0 if ratio >= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
