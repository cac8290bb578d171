"""Papers in bulk (P-10): our typesetting against the bare compiler, in the same run.

`python -m tests.bench.bench_paper` prints the table and ends with 1 when the bar is missed. Both
set the same sheet with other data each time, interleaved round by round; the bare one is a
compiler of typst alone, reused, that gets its source and data ready made.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

ROUNDS, EACH = 6, 40
BAR = 0.5
# A certificate: what is set by the hundred.
SHEET = """#import "/house.typ": *
#show: paper.with(flipped: true)
#align(center + horizon)[
  = #data.title
  #text(size: 26pt, weight: "bold", data.name)
  #parbreak()
  #data.text
  #scan(data.address)
]
"""


def prepare():
    """Django, and the folder of layouts with the sheet in it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "website.settings.test")
    os.environ.setdefault("LINDUNGI_DATA", tempfile.mkdtemp(prefix="lindungi-bench-"))
    import django

    django.setup()
    from districts.paper import press

    folder: Path = press._root(os.getpid()) / "bench"
    folder.mkdir()
    (folder / "sheet.typ").write_text(SHEET)
    return press


def sheet_data(number: int) -> dict:
    head = {
        "cloth": "tenun",
        "accent": "#6b1d2a",
        "office_name": "Dinas Contoh",
        "short_name": "Contoh",
        "lines": ["Dinas Contoh"],
    }
    return {
        "title": "Piagam",
        "language": "id",
        "head": head,
        "name": f"Peserta {number}",
        "text": f"telah menyelesaikan modul nomor {number} " * 8,
        "address": f"contoh.localhost/periksa/{number:08}",
    }


def main() -> int:
    press = prepare()
    import typst

    from districts.paper import qr_svg, typeset

    drawn = {"qr": qr_svg("http://contoh.localhost/periksa/")}
    compiler = typst.Compiler(root=str(press._root(os.getpid())), ignore_system_fonts=True)
    source = press.MAIN.format(layout="bench/sheet").encode()
    pictures = json.dumps({"qr": {"svg": drawn["qr"].decode()}})

    def ours(number: int) -> bytes:
        return typeset("bench/sheet", sheet_data(number), pictures=drawn)

    def bare(inputs: dict[str, str]) -> bytes:
        return compiler.compile(
            source, format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"], timestamp=0
        )

    def ready(number: int) -> dict[str, str]:
        return {"data": json.dumps(sheet_data(number)), "pictures": pictures}

    ours(0), bare(ready(0))
    spent = {"ours": 0.0, "bare": 0.0}
    size = number = 0
    for _round in range(ROUNDS):
        inputs = [ready(number + n) for n in range(EACH)]
        number += EACH
        started = time.perf_counter()
        for one in inputs:
            bare(one)
        spent["bare"] += time.perf_counter() - started
        started = time.perf_counter()
        for _n in range(EACH):
            number += 1
            size = len(ours(number))
        spent["ours"] += time.perf_counter() - started

    rates = {name: ROUNDS * EACH / seconds for name, seconds in spent.items()}
    ratio = rates["ours"] / rates["bare"]
    print(f"papers of {size / 1024:.1f} KB, {ROUNDS} rounds of {EACH}")
    print(f"{'typst, compiler reused':<32} {rates['bare']:8.0f}/s")
    print(f"{'districts.paper.typeset':<32} {rates['ours']:8.0f}/s")
    print(f"P-10 ratio {ratio:.2f} (bar {BAR})")
    return 0 if ratio >= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
