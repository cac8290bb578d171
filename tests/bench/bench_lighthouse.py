"""P-06: Lighthouse, mobile, slow 4G, median of five, on a served demo.

`python -m tests.bench.bench_lighthouse [address] [runs]` needs Node and Chromium; it installs
Lighthouse in a temporary folder. Ends with 1 when a bar is missed.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

PAGES = {
    "home": "/",
    "campaign": "/kampanye/stop-kekerasan-terhadap-anak/",
    "help": "/bantuan/",
    "topic": "/topik/perundungan/",
    "news": "/berita/",
}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
# Help pages are kept out of search engines by their own choice, so SEO is measured elsewhere.
BARS = {"lcp": 1200, "cls": 0, "tbt": 50}
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)


def measure(lighthouse: Path, url: str, folder: Path) -> dict:
    report = folder / "report.json"
    subprocess.run(
        [lighthouse, url, "--quiet", "--output=json", f"--output-path={report}"]
        + [f"--chrome-flags={FLAGS}"],
        check=True,
        env=os.environ | {"CHROME_PATH": shutil.which("chromium") or ""},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    data = json.loads(report.read_text())
    audits = data["audits"]
    scores = {name: round((data["categories"][name]["score"] or 0) * 100) for name in CATEGORIES}
    return scores | {
        "lcp": audits["largest-contentful-paint"]["numericValue"],
        "cls": audits["cumulative-layout-shift"]["numericValue"],
        "tbt": audits["total-blocking-time"]["numericValue"],
        "failed": [
            name
            for name, audit in audits.items()
            if audit.get("score") is not None and audit["score"] < 0.9
        ],
    }


def main() -> int:
    address = sys.argv[1] if len(sys.argv) > 1 else "http://klaten.localhost:8000"
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    missed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lighthouse = Path(os.environ.get("LIGHTHOUSE", ""))
        if not lighthouse.is_file():
            subprocess.run(["npm", "install", "--silent", "lighthouse@12"], cwd=folder, check=True)
            lighthouse = folder / "node_modules/.bin/lighthouse"
        for page, path in PAGES.items():
            rows = [measure(lighthouse, address + path, folder) for _run in range(runs)]
            middle = {
                key: statistics.median(row[key] for row in rows) for key in (*CATEGORIES, *BARS)
            }
            ok = all(middle[name] == 100 for name in CATEGORIES) and all(
                middle[key] <= bar for key, bar in BARS.items()
            )
            missed += not ok
            print(
                f"{page:10}"
                + "".join(f" {name} {middle[name]:.0f}" for name in CATEGORIES)
                + f"  LCP {middle['lcp']:.0f} ms  CLS {middle['cls']:.3f}  TBT {middle['tbt']:.0f} ms"
                + ("" if ok else f"  MISSED {rows[-1]['failed']}")
            )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
