"""Where a specialist's judgement is written down, and where readers and members meet it."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from districts.services.aliases import sync_aliases
from modules.models import ModulePage, SignOff
from modules.services import signing
from modules.shelf import resting_below
from safeguards import generation
from tests.factories.modules import make_module, sign
from tests.factories.places import make_district, make_user
from tests.papers import text_of

pytestmark = [
    pytest.mark.django_db,
    # Wagtail 8.0 sends its notices through what Django 6.1 deprecates.
    pytest.mark.filterwarnings(r"ignore:get_connection\(\) is deprecated"),
]
KLATEN, PUSAT = {"host": "klaten.localhost"}, {"host": "localhost"}
LIST = "/admin/modul/ahli/"
MOST_QUERIES = 6


@pytest.fixture(autouse=True)
def _private(settings, tmp_path):
    settings.PRIVATE_MEDIA_ROOT = tmp_path / "private"
    cache.clear()


@pytest.fixture
def klaten():
    return make_district("klaten")


@pytest.fixture
def module(klaten):
    page = make_module(title="Modul uji", slug="uji", version="2.3")
    sync_aliases(klaten)
    return page


@pytest.fixture
def here(module, klaten):
    return ModulePage.objects.get(alias_of=module.pk)


@pytest.fixture
def moderator(klaten):
    return make_user("moderator", klaten)


def address(page) -> str:
    return f"/admin/modul/{page.pk}/ahli/"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def look(user, path: str, headers=KLATEN):
    return signed_in(user).get(path, headers=headers)


def send(user, page, sent: dict, headers=KLATEN):
    return signed_in(user).post(address(page), sent, headers=headers)


def filled(page, **more) -> dict:
    """The form as it is sent on the first page."""
    return {
        "entry": str(uuid4()),
        "after": "0",
        "verdict": "setuju",
        "text": signing.texts_of(page)[0].digest,
        "signed_name": "Psikolog Bima",
        "signed_office": "UPTD PPA Klaten",
        "signed_role": "psikolog anak",
        "day": "2026-03-05",
        "note": "",
    } | more


def words(response) -> str:
    return " ".join(response.content.decode().split())


def read(path: str, headers=KLATEN):
    generation.forget()
    return Client().get(path, headers=headers)


def test_a_review_is_asked_twice_recorded_and_shown(here, moderator):
    empty = look(moderator, address(here))
    assert (empty.status_code, empty.context["entries"]) == (200, [])
    sent = filled(here)

    asked = send(moderator, here, sent)
    assert (asked.status_code, asked.context["asks"], SignOff.objects.count()) == (200, True, 0)
    assert "Psikolog Bima, UPTD PPA Klaten, psikolog anak" in words(asked)
    changed = send(moderator, here, sent | {"ubah": "1"})
    assert 'value="Psikolog Bima"' in changed.content.decode()
    assert (changed.context["asks"], SignOff.objects.count()) == (False, 0)
    done = send(moderator, here, sent | {"catat": "1"})
    again = send(moderator, here, sent | {"catat": "1"})

    assert [(one.status_code, one.url) for one in (done, again)] == [(302, address(here))] * 2
    [row] = SignOff.objects.all()
    assert (row.district.slug, row.recorded_by, row.day, row.version) == (
        "klaten", moderator, date(2026, 3, 5), "2.3",
    )  # fmt: skip
    history = words(look(moderator, address(here)))
    assert f"{row.key}" in history
    told = "Psikolog Bima, psikolog anak, UPTD PPA Klaten, 5 Maret 2026"
    assert told in words(look(moderator, LIST))
    assert told in words(read("/modul/uji/"))
    for path in ("/modul/", "/modul/uji/"):
        assert "Belum ditinjau ahli" not in words(read(path))
        assert "Belum ditinjau ahli" in words(read(path, PUSAT))


def test_what_was_typed_stays_when_something_is_missing(here, moderator):
    for more, field in (
        ({"signed_name": ""}, "signed_name"),
        ({"verdict": "keberatan"}, "note"),
        ({"verdict": ""}, "verdict"),
        ({"text": "f" * 64}, "text"),
        ({"day": "besok"}, "day"),
        ({"signed_office": "NIK 3310011203900001"}, "signed_office"),
        ({"signed_role": "x" * 121}, "signed_role"),
        ({"signed_name": "B"}, "signed_name"),
        ({"day": "2099-01-01"}, "day"),
        ({"day": "2099-01-01", "catat": "1"}, "day"),
    ):
        answer = send(moderator, here, filled(here, **{"signed_role": "Peneliti"} | more))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
        typed = more.get("signed_role", "Peneliti")
        assert f'value="{typed}"' in answer.content.decode()
    assert SignOff.objects.count() == 0


def test_who_is_second_is_told_and_decides_once_more(here, klaten, moderator):
    sent = filled(here) | {"catat": "1"}
    sign(here, klaten, by=("Psikolog Lain", "Dinas", ""))

    answer = send(moderator, here, sent)

    assert (answer.status_code, SignOff.objects.count()) == (409, 1)
    body = words(answer)
    assert "Psikolog Lain" in body
    assert 'value="Psikolog Bima"' in body
    form = answer.context["form"]
    again = sent | {name: form[name].value() for name in ("entry", "after")}
    assert send(moderator, here, again).status_code == 302
    assert [row.signed_name for row in SignOff.objects.all()] == ["Psikolog Bima", "Psikolog Lain"]


def test_taking_back_twice_is_once(here, klaten, moderator):
    sign(here, klaten)
    sent = {"entry": str(uuid4()), "after": "1", "verdict": "dicabut", "day": "2026-03-06"}
    sent |= {"note": "Salah orang.", "catat": "1"}
    assert [send(moderator, here, sent).status_code for _time in range(2)] == [302, 302]
    assert [row.verdict for row in SignOff.objects.all()] == ["dicabut", "setuju"]
    nothing = sent | {"entry": str(uuid4()), "after": "2"}
    assert send(moderator, here, nothing).status_code == 422


def test_an_editor_reads_and_does_not_record(here, klaten):
    editor = make_user("editor", klaten)
    assert look(editor, address(here)).context["signs"] is False
    assert send(editor, here, filled(here) | {"catat": "1"}).status_code == 403
    assert SignOff.objects.count() == 0


def test_anothers_module_is_not_there(here, module, klaten, moderator):
    lebak = make_district("lebak")
    sync_aliases(lebak)
    sign(here, klaten, by=("Psikolog Rahasia", "Dinas", ""))
    outsider = make_user("moderator", lebak)
    theirs = {"host": "lebak.localhost"}
    own = ModulePage.objects.get(alias_of=module.pk, path__startswith=lebak.site.root_page.path)

    answers = [
        look(outsider, address(page), headers)
        for page in (here, module)
        for headers in (theirs, KLATEN)
    ]
    assert [one.status_code for one in answers] == [404] * 4
    assert send(outsider, here, filled(here) | {"catat": "1"}, theirs).status_code == 404
    assert look(moderator, address(module)).status_code == 404
    shown = look(outsider, address(own), theirs)
    assert (shown.status_code, "Psikolog Rahasia" in words(shown)) == (200, False)
    assert "Psikolog Rahasia" not in words(look(outsider, LIST, theirs))
    assert SignOff.objects.exclude(district=klaten).count() == 0


def test_an_office_without_modules_and_a_search_without_a_hit_say_so(klaten, moderator):
    empty = look(moderator, LIST)
    assert (empty.status_code, list(empty.context["rows"])) == (200, [])
    assert 'id="q"' not in words(empty)
    answer = look(moderator, f"{LIST}?q=tidak+ada")
    assert (answer.status_code, list(answer.context["rows"])) == (200, [])
    assert look(moderator, f"{LIST}?p=9").status_code == 404


def test_an_objection_takes_it_from_this_office_alone(here, klaten, moderator):
    lebak = make_district("lebak")
    sync_aliases(lebak)
    why = "Contohnya tidak cocok di sini."
    sent = filled(here, verdict="keberatan", note=why) | {"catat": "1"}
    guru = make_user("guru", klaten)
    assert send(moderator, here, sent).status_code == 302

    there = {"host": "lebak.localhost"}
    paths = ("/modul/uji/", "/modul/uji/pakai/", "/modul/uji/layar/")
    assert [read(path).status_code for path in paths] == [410] * 3
    assert [read(path, there).status_code for path in paths] == [200] * 3
    shelves = [words(read("/modul/", headers)) for headers in (KLATEN, there)]
    assert ["Modul uji" in shelf for shelf in shelves] == [False, True]
    roots = [office.site.root_page.path for office in (klaten, lebak)]
    now = signing.SignOff.objects.get().recorded_at
    assert [len(resting_below(root, now)) for root in roots] == [1, 0]
    # A member is told why; a visitor is not.
    start = look(guru, "/ruang/kelas/mulai/?modul=uji")
    assert (start.status_code, why in words(start)) == (410, True)
    assert why not in words(read("/modul/uji/"))
    assert list(look(guru, "/ruang/kelas/mulai/").context["modules"]) == []


def test_the_run_sheet_and_the_review_sheet_name_the_review(here, klaten, moderator):
    def told(path: str, user=None) -> str:
        generation.forget()
        client = signed_in(user) if user else Client()
        answer = client.get(path, headers=KLATEN)
        return " ".join(text_of(b"".join(answer.streaming_content)).split())

    sheet = f"/admin/modul/{here.pk}/lembar-telaah.pdf"
    before = told("/modul/uji/panduan.pdf"), told(sheet, moderator)
    mark = signing.texts_of(here)[0].mark
    assert ["Belum ditinjau ahli" in text for text in before] == [True, True]
    assert mark in before[1]

    sign(here, klaten)

    for text in (told("/modul/uji/panduan.pdf"), told(sheet, moderator)):
        assert "Psikolog Ayu, Dinas, 1 Maret 2026" in text
        assert "Belum ditinjau ahli" not in text


def test_reviews_cost_the_public_pages_no_more_than_a_page_may(klaten):
    counted = {}
    for number in (1, 3):
        for _n in range(number - ModulePage.objects.count()):
            sign(make_module(klaten, lessons=2))
        first = ModulePage.objects.first()
        assert ModulePage.objects.count() == number
        for path in ("/modul/", f"/modul/{first.slug}/"):
            read(path)
            with CaptureQueriesContext(connection) as captured:
                Client().get(path, headers=KLATEN)
            counted.setdefault(path, []).append(len(captured))
            generation.forget()
            with CaptureQueriesContext(connection) as cold:
                Client().get(path, headers=KLATEN)
            counted.setdefault(f"cold {path}", []).append(len(cold))

    warm = {path: numbers for path, numbers in counted.items() if not path.startswith("cold")}
    assert all(few == many for few, many in counted.values()), counted
    assert max(max(numbers) for numbers in warm.values()) <= MOST_QUERIES, counted


def test_the_list_asks_as_often_for_three_modules_as_for_one(klaten, moderator):
    counted = []
    for number in (1, 2):
        for _n in range(number):
            sign(make_module(klaten))
        look(moderator, LIST)
        with CaptureQueriesContext(connection) as captured:
            answer = look(moderator, LIST)
        counted.append((len(answer.context["rows"]), len(captured)))
    assert [rows for rows, _queries in counted] == [1, 3]
    assert counted[0][1] == counted[1][1]
