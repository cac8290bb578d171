"""From an empty, migrated database to an office that takes requests, by the command and forms."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import Site

from campaigns.models import SessionRequest
from districts.models import District, Region, Regulation, Term, Vocabulary
from districts.services.vocabularies import load_vocabulary, use_version
from safeguards.models import AuditEntry
from tests import migrated
from tests.factories.places import make_district
from tests.factories.requests import typed
from website.accounts.models import User

pytestmark = pytest.mark.django_db
NAME = "Kementerian Contoh"
BOSS = "pusat@contoh.go.id"
PASSWORD = "tikar-anyam-pandan"
KLATEN = {
    "level": "kabupaten",
    "region_code": "33.10",
    "slug": "klaten",
    "hostname": "klaten.localhost",
    "short_name": "Klaten",
    "office_name": "Dinas Contoh Kabupaten Klaten",
    "timezone": "Asia/Jakarta",
    "cloth": "lurik",
    "accent": "#6b1d2a",
    "placeholders": "on",
}


def found(capsys, *arguments, hostname="localhost", name=NAME) -> str:
    call_command("found_office", hostname, "--name", name, *arguments)
    return capsys.readouterr().out


def test_a_fresh_database_becomes_offices_that_take_requests(
    capsys, django_capture_on_commit_callbacks
):
    browser = Client(headers={"host": "localhost"})
    assert browser.get("/").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        told = found(capsys, "--superuser", BOSS)
    # Wagtail's own first site answered for any host; now none does.
    assert list(Site.objects.values_list("hostname", "is_default_site")) == [("localhost", False)]
    home = browser.get("/")
    assert (home.status_code, NAME in home.content.decode()) == (200, True)

    link = re.search(r"http://localhost(/masuk/lupa/\S+/)", told)[1]
    page = browser.get(link, follow=True)
    browser.post(page.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    assert browser.login(email=BOSS, password=PASSWORD)
    assert "password1" not in Client(headers={"host": "localhost"}).get(link).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post(reverse("kantor:add"), KLATEN)
    assert (answer.status_code, answer["Location"]) == (302, reverse("kantor:index"))

    klaten, host = District.objects.get(slug="klaten"), {"host": "klaten.localhost"}
    visitor = Client(headers=host)
    assert visitor.get("/").status_code == 200
    assert visitor.get("/bantuan/").status_code == 200
    form = visitor.get("/minta/").content.decode()
    codes = {
        name: re.search(rf'name="{name}" value="([^"]+)"', form)[1]
        for name in ("audience_codes", "issue_codes")
    }
    village = Region.objects.filter(pk__startswith="33.10.", level="desa").first().pk
    sent = typed(klaten, region=village, **{name: [code] for name, code in codes.items()})
    assert visitor.post("/minta/", sent).status_code == 303
    assert SessionRequest.objects.get().district == klaten


def test_what_the_command_brings_is_all_in_use(capsys):
    found(capsys)

    assert Region.objects.count() == 1_271
    assert Regulation.objects.exists() is True
    codes = set(Vocabulary.objects.values_list("code", flat=True))
    assert set(Vocabulary.objects.filter(is_current=True).values_list("code", flat=True)) == codes
    assert {"audience", "issue_area", "violence_form"} <= codes
    assert User.objects.count() == 0


def test_to_repeat_changes_nothing_and_keeps_what_people_did(capsys):
    found(capsys)
    Term.objects.filter(code="fisik").update(label_id="Diubah orang")
    new = [{"code": "baru", "label_id": "Baru"}]
    load_vocabulary(code="audience", version="9", name="Baru", terms=new, current=False)
    use_version(Vocabulary.objects.get(code="audience", version="9"))
    before = [model.objects.count() for model in (District, Site, Region, Vocabulary, Term)]
    again = found(capsys, name="Nama lain")

    assert f"{NAME} " in again
    assert [m.objects.count() for m in (District, Site, Region, Vocabulary, Term)] == before
    assert Term.objects.get(code="fisik").label_id == "Diubah orang"
    assert Vocabulary.objects.get(code="audience", is_current=True).version == "9"


def test_a_list_that_nobody_uses_is_put_in_use(capsys):
    found(capsys)
    Vocabulary.objects.filter(code="audience").update(is_current=False)
    found(capsys)

    assert Vocabulary.objects.get(code="audience").is_current is True


def test_a_list_of_regions_that_is_there_stays(capsys):
    Region.objects.create(code="11", name="Aceh", level="provinsi")
    found(capsys)

    assert list(Region.objects.values_list("name", flat=True)) == ["Aceh"]


def test_an_account_that_is_there_is_named_and_needs_no_link(capsys):
    user = User.objects.create_user(BOSS, PASSWORD, name="Ibu Pusat")
    sessions = user.sessions_ended
    told = found(capsys, "--superuser", BOSS.upper())
    user.refresh_from_db()

    assert "/masuk/lupa/" not in told
    assert (user.is_superuser, user.is_staff, user.sessions_ended) == (True, True, sessions + 1)
    assert user.check_password(PASSWORD) is True
    assert AuditEntry.objects.get(verb="superuser.named").object_id == str(user.pk)
    found(capsys, "--superuser", BOSS)
    assert AuditEntry.objects.filter(verb="superuser.named").count() == 1


def test_a_link_that_nobody_used_is_made_again(capsys):
    links = [found(capsys, "--superuser", BOSS) for _again in range(2)]

    assert ["/masuk/lupa/" in link for link in links] == [True, True]
    assert User.objects.get().has_usable_password() is False


@pytest.mark.parametrize(
    ("hostname", "more"),
    [
        ("pusat.example.go.id", []),
        ("buruk_host.localhost", []),
        ("localhost", ["--slug", "dua kata"]),
        ("localhost", ["--superuser", "bukan alamat"]),
        ("localhost", ["--superuser", "tutup@contoh.go.id"]),
    ],
)
def test_a_fault_is_one_sentence(capsys, hostname, more):
    User.objects.create_user("tutup@contoh.go.id", PASSWORD, name="Tutup", is_active=False)
    with pytest.raises(CommandError) as refused:
        found(capsys, *more, hostname=hostname)

    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) > 15
    assert User.objects.filter(is_superuser=True).count() == 0


def test_a_second_national_office_is_refused_by_name(capsys):
    found(capsys)
    with pytest.raises(CommandError, match="localhost"):
        found(capsys, hostname="pusat.localhost")

    assert District.objects.count() == 1


def test_all_that_is_wrong_is_told_at_once(capsys):
    """A name of the tree and a host that an office has already."""
    make_district("klaten")
    with pytest.raises(CommandError) as refused:
        found(capsys, "--slug", "klaten", hostname="klaten.localhost")

    told = str(refused.value)
    assert ("\n" in told, told.count(".") >= 2) == (False, True)
    assert told == (
        "Nama pendek ini sudah dipakai kantor lain. Nama host ini sudah dipakai kantor lain."
    )


def test_tables_that_are_not_up_to_date_are_told_first(capsys):
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder.Migration.objects.filter(app="campaigns").delete()
    with pytest.raises(CommandError, match="migrate"):
        found(capsys)

    assert District.objects.count() == 0


@pytest.mark.sqlite
def test_after_migrate_alone_the_cache_of_a_real_start_works(tmp_path):
    """It is a file of its own, which no migration makes."""
    migrated.copy(migrated.template(), tmp_path / "lindungi.sqlite3")
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    asked = "from django.core.cache import cache; cache.set('a', 41); print(cache.get('a') + 1)"
    told = [
        subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=settings.BASE_DIR,
            env=kept | {"LINDUNGI_DATA": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=300,
        )
        for command in (["found_office", "localhost", "--name", NAME], ["shell", "-c", asked])
    ]

    assert [done.returncode for done in told] == [0, 0], told
    assert told[1].stdout.split()[-1] == "42"
