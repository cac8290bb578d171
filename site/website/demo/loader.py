"""Loads the demo: five districts under one national office. Safe to repeat; edits stay."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from django.utils import timezone
from wagtail.models import Site

from districts.models import District
from districts.services.aliases import sync_aliases
from districts.services.founding import found_district
from districts.services.regions import load_five_districts
from modules.loading.folder import CONTENT as MODULES
from website.demo import records
from website.demo.attendance import load_attendance
from website.demo.events import load_events, write_feeds_again
from website.demo.modules import load_class_runs, load_house_modules
from website.demo.pages import TreeLoader
from website.demo.reports import load_reports
from website.demo.requests import load_requests
from website.demo.texts import CONTENT, read_data
from website.reference import FOLDER as REFERENCE
from website.reference import load_reference

PASSWORD = "lindungi-contoh-2026"  # noqa: S105 – a demo's, printed on the terminal
NATIONAL_HOST = "localhost"

Progress = Callable[[str], None]


def content_fingerprint() -> str:
    """Changes whenever a text or a data file of the demo does, or a module of the house."""
    digest = hashlib.sha256()
    for folder in (CONTENT, MODULES, REFERENCE):
        for path in sorted([*folder.rglob("*.md"), *folder.rglob("*.yaml")]):
            digest.update(str(path.relative_to(folder)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


Logins = list[tuple[str, str, str]]


def load_offices(*, port: int, progress: Progress) -> Logins:
    """Everything but the sessions: offices, their pages, modules and people."""
    progress("1.271 wilayah")
    load_five_districts()
    load_reference()
    districts: dict[str, District] = {}
    for entry in read_data("districts")["districts"]:
        progress(entry["short_name"])
        districts[entry["slug"]] = _district(entry, port)
    organisations = records.load_organisations(districts)
    records.load_channels(districts, organisations)
    records.load_kla(districts)
    records.load_commitments(districts, organisations)
    names = {code: organisation.name for code, organisation in organisations.items()}
    for slug, district in districts.items():
        progress(f"halaman {district.short_name}")
        if slug == "nasional":
            # Texts lead to modules, so these stand before the texts are filled in.
            TreeLoader(district, names).plant()
            progress("modul")
            load_house_modules()
        TreeLoader(district, names).load()
        if slug == "nasional":
            for other in districts.values():
                if not other.is_national:
                    sync_aliases(other)
    people = records.load_people(districts, organisations, PASSWORD)
    load_requests(districts, now=timezone.now())
    return people


def load_sessions(*, unfinished: bool = False) -> None:
    """Class runs and the calendar with its attendance and reports. Makes no pages.

    `unfinished` goes on where an earlier load was cut.
    """
    districts = {district.slug: district for district in District.objects.select_related("site")}
    organisations = records.load_organisations(districts)
    now = timezone.now()
    load_class_runs(now=now)
    load_events(districts, organisations, now=now)
    load_attendance(now=now, unfinished=unfinished)
    load_reports(now=now, unfinished=unfinished)


def _district(entry: dict, port: int) -> District:
    found = District.objects.filter(slug=entry["slug"]).select_related("site").first()
    if found is not None:
        return found
    prefix = entry["host_prefix"]
    return found_district(
        slug=entry["slug"],
        hostname=f"{prefix}.{NATIONAL_HOST}" if prefix else NATIONAL_HOST,
        port=port,
        level=entry["level"],
        region_code=entry["code"],
        short_name=entry["short_name"],
        office_name=entry["office_name"],
        timezone=entry["timezone"],
        languages=entry["languages"],
        cloth=entry["cloth"],
        accent=entry["accent"],
        letterhead="\n".join(entry["letterhead"]),
        signatory=entry.get("signatory_label") or "",
        number_format=entry.get("number_format") or "",
        kla_target=(entry["kla"].get("target") or ""),
        exit_url=entry["exit_url"],
        placeholders=False,
    )


def set_ports(port: int) -> None:
    """Every Site answers on the port the demo serves; Wagtail puts it into full addresses."""
    if Site.objects.exclude(port=port).update(port=port):
        write_feeds_again()


def code_fingerprint(base: Path) -> str:
    """Changes whenever a migration comes or goes."""
    digest = hashlib.sha256()
    for package in ("site", "campaigns", "modules", "events"):
        for path in sorted((base / package).glob("**/migrations/0*.py")):
            digest.update(str(path.relative_to(base)).encode())
    return digest.hexdigest()
