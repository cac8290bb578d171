"""The wheel in a project that `wagtail start` has just made, with nothing of ours around it."""

import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]

SETTINGS = """
INSTALLED_APPS = [
    "campaigns", "modules", "events", "districts", "safeguards", "wagtail.contrib.settings",
    "django_tasks", *INSTALLED_APPS,
]
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Indonesian"), ("en", "English")]
PRIVATE_MEDIA_ROOT = BASE_DIR / "private"
SILENCED_SYSTEM_CHECKS = ["safeguards.E001"]
LOGIN_URL = "/admin/login/"
"""
URLS = """
from django.urls import include, path
urlpatterns.insert(0, path("", include("safeguards.urls")))
urlpatterns.insert(0, path("", include("modules.urls")))
urlpatterns.insert(0, path("", include("events.urls")))
"""
CONTENT = """
from django.test import Client
from wagtail.models import Locale, Page, Site

from campaigns.models import CampaignIndexPage, CampaignPage

site = Site.objects.get(is_default_site=True)
index = CampaignIndexPage(title="Kampanye", slug="kampanye")
site.root_page.add_child(instance=index)
page = CampaignPage(
    title="Stop Kekerasan terhadap Anak",
    slug="stop",
    slogan="Berani bicara",
    search_description="Setiap anak berhak aman.",
    body=[("paragraph", "<p>Setiap anak berhak atas rumah yang aman.</p>")],
)
index.add_child(instance=page)
response = Client().get("/kampanye/stop/")
print(response.status_code)
print(response.content.decode())
"""

OFFICE = """
from wagtail.models import Site

from districts.models import District, Membership

site = Site.objects.get(is_default_site=True)
office, _made = District.objects.get_or_create(
    site=site,
    defaults={
        "level": "nasional", "slug": "sekolah", "short_name": "Sekolah",
        "office_name": "Sekolah Kami",
    },
)
"""

TEACHING = """
import re
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from modules.agenda import agenda
from modules.models import ClassRun, ModuleIndexPage, ModulePage, Submission
from modules.services.groups import Cell
from modules.services.runs import close_run, go_to, open_run, plan_run
from uuid import UUID, uuid4

site.root_page.add_child(instance=ModuleIndexPage(title="Modul", slug="modul"))

from django.core.management import call_command
call_command("load_modules", verbosity=0)
slug = "bercanda-atau-merundung"
for path in ("", f"{slug}/", f"{slug}/pakai/", f"{slug}/layar/1/"):
    print("page", Client().get(f"/modul/{path}").status_code)

teacher = get_user_model().objects.create_user("guru", "guru@contoh.invalid", "rahasia-panjang")
Membership.objects.create(user=teacher, district=office, role="guru")
console = Client()
console.force_login(teacher)
print("room", console.get("/ruang/kelas/").status_code)
now = timezone.now()
told = plan_run(
    district=office, facilitator=teacher, key=uuid4(), mode="ponsel", now=now,
    module=ModulePage.objects.get(slug=slug), cells=[Cell("P", "", False, 30)],
)
run = open_run(run=ClassRun.objects.get(pk=told.response["run"]), now=now)
print("console", console.get(f"/ruang/kelas/{run.pk}/").status_code)
pupil = Client()
door = pupil.get(f"/gabung/{run.code}/").content.decode()
key = re.search(r'name="key" value="([^"]+)"', door)[1]
print("joined", pupil.post(f"/gabung/{run.code}/", {"key": key}).status_code)
print("waiting", pupil.get(f"/gabung/{run.code}/").status_code, run.participants.count())

chosen = ("single", "true_false")
number, item = next(
    (point.number, block["id"])
    for point in agenda(run) if point.step
    for block in point.step.learner if block["type"] in chosen
)
go_to(run=run, step=number, now=timezone.now())
asked = pupil.get(f"/gabung/{run.code}/").content.decode()
key = re.search(rf'id="isi-{item}".*?name="key" value="([^"]+)"', asked, re.S)[1]
sent = pupil.post(f"/gabung/{run.code}/jawab/", {"key": key, "item": item, "jawaban": "0"})
kept = list(Submission.objects.values_list("run", "item", "answer"))
print("answered", sent.status_code, kept == [(run.pk, UUID(item), {"choice": 0})])
close_run(run=run, now=timezone.now())
results = console.get(f"/ruang/kelas/{run.pk}/hasil/")
print("results", results.status_code, "result-head" in results.content.decode())
"""

PLANNING = """
from datetime import timedelta
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from districts.services.vocabularies import load_vocabulary
from events.models import CalendarPage
from events.services.deciding import approve
from events.services.planning import propose

load_vocabulary(
    code="event_type",
    version="1",
    name="Jenis kegiatan",
    terms=[
        {"code": "sosialisasi", "label_id": "Sosialisasi"},
        {"code": "posyandu", "label_id": "Posyandu", "members": True},
    ],
)
site.root_page.add_child(instance=CalendarPage(title="Agenda kita", slug="kalender"))
people = {}
for role in ("kader", "moderator"):
    people[role] = get_user_model().objects.create_user(role, f"{role}@contoh.invalid", "rahasia")
    Membership.objects.create(user=people[role], district=office, role=role)
now = timezone.now()


def plan(kind, title):
    return propose(
        district=office, actor=people["kader"], key=uuid4(), now=now,
        values={
            "kind": kind, "title": title, "venue": "Aula desa", "minutes": 90,
            "starts_at": now + timedelta(days=3), "timezone": "Asia/Jakarta",
        },
    )[0]


plan("posyandu", "Posyandu Melati")
event = plan("sosialisasi", "Bercanda atau merundung")
anyone = Client()
print("waiting", "Bercanda" in anyone.get("/kalender/").content.decode())
approve(event=event, actor=people["moderator"], version=event.version, now=now)
for path in ("/kalender/", "/kalender.ics", f"/kalender/{event.slug}/", "/kalender/feed.atom"):
    answer = anyone.get(path)
    content = b"".join(answer) if answer.streaming else answer.content
    print("=====", path, answer.status_code, answer["Content-Type"])
    print(content.decode())
member = Client()
member.force_login(people["kader"])
print("=====", "/ruang/kalender/", member.get("/ruang/kalender/").status_code, "")
"""


def run(folder: Path, *command: str, **environ: str) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)} | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    return done.stdout


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """`fresh(script)`: what a script prints inside the project that uses the wheel."""
    folder = tmp_path_factory.mktemp("fresh")
    run(folder, "-m", "build", "--wheel", "--no-isolation", "--outdir", "dist", str(ROOT))
    wheel = next((folder / "dist").glob("*.whl"))
    run(folder, "-m", "pip", "install", "--no-deps", "--no-index", "--target", "apps", str(wheel))
    wagtail = Path(sysconfig.get_path("scripts")) / "wagtail"
    run(folder, str(wagtail), "start", "sekolah")
    project = folder / "sekolah"
    with (project / "sekolah/settings/base.py").open("a") as settings:
        settings.write(SETTINGS)
    with (project / "sekolah/urls.py").open("a") as urls:
        urls.write(URLS)
    apps = {"PYTHONPATH": str(folder / "apps"), "PYTHONWARNINGS": "ignore"}
    run(project, "manage.py", "migrate", "--verbosity=0", **apps)
    assert str(folder) in run(
        project, "manage.py", "shell", "-c", "import campaigns; print(campaigns.__file__)", **apps
    )

    def play(script: str) -> str:
        (project / "content.py").write_text(script)
        read = "exec(open('content.py').read())"
        return run(project, "manage.py", "shell", "-v", "0", "-c", read, **apps)

    return play


@pytest.fixture(scope="module")
def served(fresh) -> str:
    """What the fresh project answers for a campaign page: the status, then the HTML."""
    return fresh(CONTENT)


def test_a_module_is_taught_there(fresh):
    told = fresh(OFFICE + TEACHING).splitlines()
    assert [line for line in told if line.startswith("page")] == ["page 200"] * 4
    assert told[-6:] == [
        "room 200",
        "console 200",
        "joined 303",
        "waiting 200 1",
        "answered 303 True",
        "results 200 True",
    ]


def test_a_calendar_and_its_feed_are_served_there(fresh):
    told = fresh(OFFICE + PLANNING).replace("\r\n", "\n")
    # Beside what the background says of itself.
    assert "waiting False" in told.partition("=====")[0].splitlines()
    answers = {}
    for part in told.split("===== ")[1:]:
        head, _end, body = part.partition("\n")
        path, status, kind = head.split(" ", 2)
        answers[path] = (status, kind.partition(";")[0], body)
    assert {path: answer[:2] for path, answer in answers.items()} == {
        "/kalender/": ("200", "text/html"),
        "/kalender.ics": ("200", "text/calendar"),
        "/kalender/bercanda-atau-merundung/": ("200", "text/html"),
        "/kalender/feed.atom": ("200", "application/atom+xml"),
        "/ruang/kalender/": ("200", ""),
    }
    page, feed = answers["/kalender/"][2], answers["/kalender.ics"][2]
    assert "/static/css/sekolah.css" in page
    assert "Agenda kita" in page
    assert "Bercanda atau merundung" in page
    assert "SUMMARY:Bercanda atau merundung\n" in feed
    assert feed.startswith("BEGIN:VCALENDAR\n")
    assert feed.rstrip().endswith("END:VCALENDAR")
    # What is for members stays with them.
    assert "Melati" not in page + feed


def test_the_projects_checks_miss_nothing_of_the_calendar(fresh):
    told = fresh(
        "from django.core.management import call_command as c; c('check', databases=['default'])"
    )
    assert "events." not in told


def test_campaign_page_is_served_inside_the_projects_own_template(served):
    status, html = served.strip().split("\n", 1)
    assert status == "200"
    assert "/static/css/sekolah.css" in html
    assert re.search(r"<h1[^>]*>\s*Stop Kekerasan terhadap Anak\s*</h1>", html)
    assert "Setiap anak berhak atas rumah yang aman." in html


def test_the_safety_bar_stands_on_the_page_with_a_working_exit(served):
    assert 'href="/keluar/"' in served


def test_the_words_around_the_content_are_indonesian(served):
    assert "Keluar" in served
    assert "I need help" not in served
