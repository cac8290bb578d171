"""P-01, P-02, P-04, P-05: a campaign page beside the barest Wagtail page and a trivial view.

`python -m tests.bench.bench_pages` prints the table and ends with 1 when a bar is missed. Rounds
are interleaved, because such figures drift on a shared machine.
"""

import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Found, found after a correction, not found: printed, without a bar.
SEARCHES = ["/cari/?q=perundungan", "/cari/?q=perundngan", "/cari/?q=zzyzxw"]
ROUNDS = 7
REQUESTS = 120
HOST = "klaten.localhost"
CAMPAIGN = "/kampanye/stop-kekerasan-terhadap-anak/"
PAGES = ["/", CAMPAIGN, "/bantuan/", "/topik/perundungan/", "/berita/"]


def environment(settings: str, **more: str) -> dict[str, str]:
    return os.environ | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")]),
        "DJANGO_SETTINGS_MODULE": settings,
        **more,
    }


class Asker:
    """One process that answers; see worker.py."""

    def __init__(self, settings: str, **more: str):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=environment(settings, **more),
        )

    def ask(self, path: str, *, host: str = HOST, flag: str = "warm", count: int = REQUESTS):
        self.process.stdin.write(f"{count} {host} {path} {flag}\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if not answer["status"].startswith("200"):
            raise SystemExit(f"{path}: {answer['status']}")
        return answer | {"each": answer["cpu"] / count, "rate": count / answer["wall"]}

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def prepare(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Set up the demo and the yardstick site in `folder`; return their environments."""
    ours = {"LINDUNGI_DATA": str(folder)}
    command = [sys.executable, "-m", "django"]
    subprocess.run(
        [*command, "demo", "localhost:8000", "--only-setup"],
        check=True,
        env=environment("website.settings.dev", **ours),
        stdout=subprocess.DEVNULL,
    )
    return ours, prepare_bare(folder)


def prepare_bare(folder: Path) -> dict[str, str]:
    """Set up the yardstick, the barest Wagtail page, in `folder`; return its environment."""
    bare = {"BARE_DATABASE": str(folder / "bare.sqlite3")}
    script = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "call_command('migrate', verbosity=0)\n"
        "from wagtail.models import Site\n"
        "from tests.bench.bare.models import BarePage\n"
        "root = Site.objects.get().root_page\n"
        "root.add_child(instance=BarePage(title='Bare', slug='bare', body='kata ' * 2000))\n"
    )
    subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        cwd=ROOT,
        env=environment("tests.bench.bare.settings", **bare),
    )
    return bare


def median(rows: list[dict], key: str) -> float:
    return statistics.median(row[key] for row in rows)


def main() -> int:
    failed = 0
    with tempfile.TemporaryDirectory(prefix="lindungi-bench-") as name:
        ours_env, bare_env = prepare(Path(name))
        ours = Asker("website.settings.dev", **ours_env)
        bare = Asker("tests.bench.bare.settings", **bare_env)
        rows: dict[str, list[dict]] = {key: [] for key in ("bare", "ours", "trivial", "cached")}
        for _round in range(ROUNDS):
            rows["bare"].append(bare.ask("/bare/"))
            rows["ours"].append(ours.ask(CAMPAIGN, flag="cold"))
            rows["trivial"].append(bare.ask("/trivial/", count=REQUESTS * 20))
            rows["cached"].append(ours.ask(CAMPAIGN, count=REQUESTS * 20))
        print(f"{'':24}{'CPU ms':>9}{'req/s':>9}{'queries':>9}{'bytes':>9}")
        for key, label in (
            ("bare", "bare Wagtail page"),
            ("ours", "campaign page, uncached"),
            ("trivial", "trivial view"),
            ("cached", "campaign page, cached"),
        ):
            print(
                f"{label:24}{median(rows[key], 'each') * 1000:9.2f}{median(rows[key], 'rate'):9.0f}"
                f"{rows[key][-1]['queries']:9}{rows[key][-1]['bytes']:9}"
            )
        for bar, label, ours_key, base_key in (
            (0.8, "P-01 uncached : bare", "ours", "bare"),
            (0.9, "P-02 cached : trivial", "cached", "trivial"),
        ):
            ratio = statistics.median(
                base["each"] / mine["each"]
                for mine, base in zip(rows[ours_key], rows[base_key], strict=True)
            )
            failed += ratio < bar
            print(f"{label:24}{ratio:9.2f}  bar {bar}  {'ok' if ratio >= bar else 'MISSED'}")
        print()
        styles = [ROOT / "site/website/static/website/site.css"]
        css = sum(len(gzip.compress(path.read_bytes(), 9)) for path in styles)
        for path in PAGES:
            answer = ours.ask(path, count=5, flag="cold")
            total = answer["bytes"] + css
            ok = answer["queries"] <= 6 and total <= 14 * 1024
            failed += not ok
            print(
                f"P-04/P-05 {path:44}{answer['queries']:3} queries "
                f"{answer['bytes']:6} HTML + {css} CSS  {'ok' if ok else 'MISSED'}"
            )
        print()
        for path in SEARCHES:
            # Fewer than one address may ask in a minute.
            answer = ours.ask(path, count=REQUESTS, flag="cold")
            print(
                f"search    {path:44}{answer['queries']:3} queries "
                f"{answer['each'] * 1000:6.2f} CPU ms {answer['rate']:6.0f} req/s"
            )
        ours.close()
        bare.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
