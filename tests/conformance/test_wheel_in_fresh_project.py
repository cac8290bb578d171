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
    "campaigns", "districts", "safeguards", "wagtail.contrib.settings", "django_tasks",
    *INSTALLED_APPS,
]
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Indonesian"), ("en", "English")]
PRIVATE_MEDIA_ROOT = BASE_DIR / "private"
SILENCED_SYSTEM_CHECKS = ["safeguards.E001"]
"""
URLS = """
from django.urls import include, path
urlpatterns.insert(0, path("", include("safeguards.urls")))
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
def served(tmp_path_factory) -> str:
    """What the fresh project answers for a campaign page: the status, then the HTML."""
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
    (project / "content.py").write_text(CONTENT)
    apps = {"PYTHONPATH": str(folder / "apps"), "PYTHONWARNINGS": "ignore"}
    run(project, "manage.py", "migrate", "--verbosity=0", **apps)
    assert str(folder) in run(
        project, "manage.py", "shell", "-c", "import campaigns; print(campaigns.__file__)", **apps
    )
    return run(
        project, "manage.py", "shell", "-v", "0", "-c", "exec(open('content.py').read())", **apps
    )


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
