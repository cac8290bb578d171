"""The sheet a specialist signs: what to check, what it rests on, what is open, which version."""

from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client
from wagtail.models import Page

from districts.services.aliases import sync_aliases
from modules.models import ModulePage
from modules.models.module import EXTREMISM
from safeguards import generation
from tests.factories.modules import make_module, sign
from tests.factories.places import make_district, make_user, national
from tests.papers import info_of, text_of

pytestmark = pytest.mark.django_db
UNREVIEWED = "Belum ditinjau ahli"


@pytest.fixture(autouse=True)
def _private(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.PRIVATE_MEDIA_ROOT = tmp_path / "private"
    cache.clear()


@pytest.fixture
def module():
    national()
    return make_module(
        title="Modul uji",
        slug="modul-uji",
        version="2.3",
        open_questions="Apakah contohnya tepat?\nApakah waktunya cukup?",
        sources=[
            {"type": "source", "value": {"title": "Olweus 1993", "note": "Tiga ciri."}},
        ],
    )


def fetch(module: ModulePage, user=None, host: str = "localhost"):
    client = Client()
    if user:
        client.force_login(user)
    return client.get(f"/admin/modul/{module.pk}/lembar-telaah.pdf", headers={"host": host})


def words(response) -> str:
    return " ".join(text_of(b"".join(response.streaming_content)).split())


def test_the_sheet_holds_what_to_check_and_where_to_sign(module):
    response = fetch(module, make_user("editor", national()))
    content = b"".join(response.streaming_content)
    text = " ".join(text_of(content).split())
    told = info_of(content)

    assert (told["Tagged"], told["Title"]) == ("yes", "Modul uji")
    assert b"<pdfuaid:part>1<" in content
    assert "no-store" in response["Cache-Control"]
    said = (
        "2.3", UNREVIEWED, "Olweus 1993", "Tiga ciri.", "Apakah contohnya tepat?",
        "Apakah waktunya cukup?", "Bahasa Indonesia",
    )  # fmt: skip
    assert [one for one in said if one not in text] == []
    assert "24." in text
    assert "25." not in text


@pytest.mark.parametrize("questions", [8, 14])
def test_the_signature_stands_below_what_was_noted(module, questions):
    module.open_questions = "\n".join(f"Pertanyaan nomor {n}?" for n in range(questions))
    module.save_revision()

    response = fetch(module, make_user("editor", national()))
    *_others, last = text_of(b"".join(response.streaming_content)).split("\f")[:-1]

    assert "Hal lain yang perlu diperbaiki" in last
    assert "Tanda tangan" in last


def test_a_module_on_extremism_is_asked_more(module):
    editor = make_user("editor", national())
    before = words(fetch(module, editor))
    draft = module.get_latest_revision_as_object()
    draft.issue_codes, draft.review_due = [EXTREMISM], date(2027, 5, 31)
    draft.save_revision()

    after = words(fetch(module, editor))

    assert "27." not in before
    assert "27." in after


def test_the_sheet_is_of_the_version_that_was_saved_last(module):
    draft = module.get_latest_revision_as_object()
    draft.version = "3.0"
    draft.save_revision()

    text = words(fetch(module, make_user("editor", national())))

    assert "3.0" in text
    assert "2.3" not in text


def test_a_module_that_was_never_published_has_a_sheet(module):
    module.unpublish()
    assert "Modul uji" in words(fetch(module, make_user("moderator", national())))


def test_the_sheet_is_for_those_who_keep_the_module(module):
    klaten = make_district("klaten")
    sync_aliases(klaten)
    others = [
        fetch(module),
        fetch(module, make_user("guru", national())),
        fetch(module, make_user("editor", klaten), host="klaten.localhost"),
    ]

    assert [answer.status_code for answer in others] == [302, 404, 404]
    assert all(answer["Content-Type"] != "application/pdf" for answer in others)


def test_the_overview_leads_to_the_sheet(module):
    client = Client()
    client.force_login(make_user("editor", national()))
    text = client.get("/admin/modul/tinjauan/", headers={"host": "localhost"}).content.decode()
    assert f'href="/admin/modul/{module.pk}/lembar-telaah.pdf"' in text


def read(path: str, host: str = "localhost") -> str:
    generation.forget()
    return Client().get(path, headers={"host": host}).content.decode()


def test_a_national_signature_counts_in_every_district(module):
    klaten = make_district("klaten")
    sync_aliases(klaten)
    for path in ("/modul/", "/modul/modul-uji/"):
        assert UNREVIEWED in read(path, "klaten.localhost")

    sign(module)

    for path in ("/modul/", "/modul/modul-uji/"):
        assert UNREVIEWED not in read(path, "klaten.localhost")
    assert "Psikolog Ayu, Dinas, 1 Maret 2026" in read("/modul/modul-uji/", "klaten.localhost")


def test_a_district_that_made_the_module_its_own_signs_for_itself(module):
    klaten = make_district("klaten")
    sign(module)
    sync_aliases(klaten)
    alias = ModulePage.objects.get(alias_of=module.pk)
    Page.objects.filter(pk=alias.pk).update(alias_of=None)
    own = ModulePage.objects.get(pk=alias.pk)
    sign(own, by=("Psikolog Bima", "Klaten", ""), day=date(2026, 4, 1))

    district = read("/modul/modul-uji/", "klaten.localhost")

    assert "Psikolog Bima, Klaten, 1 April 2026" in district
    assert "Psikolog Ayu" not in district
    assert "Psikolog Ayu, Dinas, 1 Maret 2026" in read("/modul/modul-uji/")
