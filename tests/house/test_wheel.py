import gettext
import io
import subprocess
import sys
import zipfile

import pytest


@pytest.fixture(scope="module")
def wheel(root, tmp_path_factory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, root],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    return zipfile.ZipFile(next(folder.glob("lindungi-*-py3-none-any.whl")))


def test_wheel_holds_the_apps_and_not_the_site(wheel):
    top = {name.split("/")[0] for name in wheel.namelist()}
    apps = {name for name in top if not name.endswith(".dist-info")}
    assert {"campaigns", "districts", "safeguards"} <= apps
    assert apps <= {"campaigns", "districts", "safeguards", "modules", "events"}


def test_wheel_holds_what_the_apps_show(wheel, files):
    for app, folder in {"campaigns": "campaigns", "safeguards": "site/safeguards"}.items():
        shown = [
            path.as_posix().removeprefix("site/")
            for path in files
            if path.as_posix().startswith(folder + "/") and path.suffix in {".html", ".css", ".svg"}
        ]
        assert shown, app
        assert set(shown) <= set(wheel.namelist())


def test_wheel_speaks_indonesian(wheel):
    compiled = wheel.read("safeguards/locale/id/LC_MESSAGES/django.mo")
    assert gettext.GNUTranslations(io.BytesIO(compiled)).gettext("Page") == "Halaman"


def test_wheel_asks_for_what_the_apps_import_only(wheel):
    name = next(name for name in wheel.namelist() if name.endswith("METADATA"))
    metadata = wheel.read(name).decode()
    plain = [
        line
        for line in metadata.splitlines()
        if line.startswith("Requires-Dist:") and "extra ==" not in line
    ]
    assert any("wagtail<9,>=8.0.1" in line for line in plain)
    assert not any("allauth" in line or "granian" in line for line in plain)


def test_wheel_holds_the_modules_to_load(wheel, files):
    told = [
        path.as_posix()
        for path in files
        if path.as_posix().startswith("modules/") and path.suffix in {".yaml", ".txt"}
    ]
    assert "modules/content/bercanda-atau-merundung/modul.yaml" in told
    assert set(told) <= set(wheel.namelist())
