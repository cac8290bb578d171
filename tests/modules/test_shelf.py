"""The shelf at `/modul/`: what a reader finds, filters, and what it costs the server."""

import gzip
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Locale, PageViewRestriction

from districts.models import Term, Vocabulary
from districts.services.aliases import sync_aliases
from modules.days import ends_after
from modules.models import ModuleIndexPage, ModulePage
from safeguards import generation
from tests.factories.modules import make_module, sign
from tests.factories.pages import _add, below
from tests.factories.places import make_district, national

pytestmark = pytest.mark.django_db

MOST_QUERIES = 6
TERMS = (
    ("audience", "smp-mts", "SMP/MTs"),
    ("audience", "orang-tua", "Orang tua"),
    ("issue_area", "KtA", "Kekerasan terhadap anak"),
    ("violence_form", "perundungan", "Perundungan"),
)


@pytest.fixture(autouse=True)
def terms():
    for number, (vocabulary, code, label) in enumerate(TERMS):
        row, _new = Vocabulary.objects.get_or_create(code=vocabulary, defaults={"name": "S"})
        Term.objects.get_or_create(
            vocabulary=row, code=code, defaults={"label_id": label, "position": number}
        )


@pytest.fixture
def klaten():
    return make_district("klaten")


def visit(path: str = "/modul/", host: str = "klaten"):
    generation.forget()
    return Client().get(path, headers={"host": f"{host}.localhost"})


def titles(answer) -> list[str]:
    return re.findall(r'<h3><a href="[^"]*">(.*?)</a></h3>', answer.content.decode())


def shelf(district) -> None:
    make_module(
        district, title="Bercanda", audience_codes=["smp-mts"], age_from=12, age_to=15, minutes=80,
        issue_codes=["KtA"], violence_codes=["perundungan"], needs="kertas",
    )  # fmt: skip
    make_module(
        district, title="Rumah", audience_codes=["orang-tua"], age_from=18, age_to=99, minutes=60,
        issue_codes=["KtA"], needs="tanpa",
    )  # fmt: skip
    make_module(
        district, title="Jejak", audience_codes=["smp-mts", "orang-tua"], age_from=15, age_to=18,
        minutes=40, needs="ponsel",
    )  # fmt: skip


FILTERED = [
    ("", ["Bercanda", "Rumah", "Jejak"]),
    ("?sasaran=smp-mts", ["Bercanda", "Jejak"]),
    ("?usia=15", ["Bercanda", "Jejak"]),
    ("?usia=60&sasaran=", ["Rumah"]),
    ("?menit=60", ["Rumah", "Jejak"]),
    ("?menit=45", ["Jejak"]),
    ("?topik=KtA", ["Bercanda", "Rumah"]),
    ("?topik=perundungan&menit=90", ["Bercanda"]),
    ("?perlu=tanpa", ["Bercanda", "Rumah"]),
    ("?bahasa=id&perlu=tanpa&usia=14", ["Bercanda"]),
    # Known values that nothing has together: an empty state, not an error.
    ("?usia=3", []),
    ("?menit=5", []),
    ("?sasaran=orang-tua&topik=perundungan", []),
    # What is no answer to the question.
    ("?sasaran=smp", None),
    ("?sasaran=smp-mts%22", None),
    ("?usia=dua", None),
    ("?usia=-1", None),
    ("?usia=%C2%B2", None),
    ("?usia=900", None),
    ("?menit=1e9", None),
    ("?menit=99999999", None),
    ("?topik=kta", None),
    ("?topik=%00", None),
    ("?bahasa=en", None),
    ("?perlu=ponsel", None),
    ("?sasaran=" + "a" * 3_000, None),
]


def check_filters(district) -> None:
    shelf(district)
    for query, expected in FILTERED:
        answer = visit(f"/modul/{query}")
        assert (query, titles(answer)) == (query, expected or [])
        assert answer.status_code == (404 if expected is None else 200), query
        assert 'id="saring-usia"' in answer.content.decode(), query


def test_a_filter_shows_what_fits_and_nothing_else(klaten):
    check_filters(klaten)


@pytest.mark.postgres
def test_a_filter_shows_the_same_on_postgres(klaten):
    check_filters(klaten)


def in_english(district, **fields) -> ModulePage:
    """A module on the district's English shelf."""
    english = Locale.objects.get(language_code="en")
    return _add(below(district, ModuleIndexPage).get_translation(english), ModulePage, **fields)


def languages(answer) -> list[tuple[str, str]]:
    """(value, label) of the choices of language; this shelf's own is chosen."""
    body = answer.content.decode()
    select = re.search(r'<select[^>]*name="bahasa">(.*?)</select>', body, re.S)
    found = re.findall(r'<option value="(\w*)"( selected)?>(.*?)</option>', select[1])
    assert [value for value, chosen, _label in found if chosen] == [""]
    return [(value, label) for value, _chosen, label in found]


def test_the_shelf_of_another_language_is_a_choice_that_leads_there(klaten):
    shelf(klaten)
    in_english(klaten, title="Joking", audience_codes=["smp-mts"], age_from=12, age_to=15)
    in_english(klaten, title="Home", audience_codes=["orang-tua"], age_from=18, age_to=99)
    assert languages(visit()) == [("", "Bahasa Indonesia (3)"), ("en", "English (2)")]
    assert languages(visit("/modul/?usia=13")) == [
        ("", "Bahasa Indonesia (1)"),
        ("en", "English (1)"),
    ]

    answer = visit("/modul/?sasaran=smp-mts&usia=13&menit=&bahasa=en")
    address = "/en/modul/?sasaran=smp-mts&usia=13#hasil"
    assert (answer.status_code, answer["Location"]) == (302, address)
    there = visit(address)
    assert titles(there) == ["Joking"]
    assert languages(there) == [("", "English (1)"), ("id", "Bahasa Indonesia (1)")]
    assert visit("/en/modul/?bahasa=id&usia=13")["Location"] == "/modul/?usia=13#hasil"
    assert visit("/modul/?bahasa=en")["Location"] == "/en/modul/#hasil"


def test_a_language_that_has_nothing_of_it_is_no_choice(klaten):
    shelf(klaten)
    assert 'name="bahasa"' not in visit().content.decode()
    yesterday = timezone.localdate() - timedelta(days=1)
    in_english(klaten, title="Past", review_due=yesterday)
    assert 'name="bahasa"' not in visit().content.decode()
    in_english(klaten, title="Home", audience_codes=["orang-tua"], needs="ponsel")
    assert languages(visit("/modul/?perlu=tanpa")) == [("", "Bahasa Indonesia (2)")]
    assert languages(visit("/modul/?sasaran=orang-tua")) == [
        ("", "Bahasa Indonesia (2)"),
        ("en", "English (1)"),
    ]


def test_what_only_another_language_has_is_found_nowhere_and_known(klaten):
    make_module(klaten, title="Bercanda", audience_codes=["smp-mts"])
    in_english(klaten, title="Home", audience_codes=["orang-tua"])
    answer = visit("/modul/?sasaran=orang-tua")
    assert (answer.status_code, titles(answer)) == (200, [])
    assert languages(answer) == [("", "Bahasa Indonesia (0)"), ("en", "English (1)")]


def test_national_modules_in_english_count_on_the_shelf_of_a_district(klaten):
    make_module(title="Bercanda")
    in_english(national(), title="Joking")
    sync_aliases(klaten)
    assert languages(visit()) == [("", "Bahasa Indonesia (1)"), ("en", "English (1)")]
    assert titles(visit("/en/modul/")) == ["Joking"]


def test_a_filter_says_how_many_there_are_and_how_to_take_it_away(klaten):
    shelf(klaten)

    body = visit("/modul/?sasaran=smp-mts&usia=15").content.decode()

    assert '<option value="smp-mts" selected>SMP/MTs (2)</option>' in body
    assert '<option value="orang-tua">Orang tua (1)</option>' in body
    assert 'max="120" value="15">' in body
    assert re.findall(r'<li><a href="(/modul/[^"]*#hasil)"', body) == [
        "/modul/?usia=15#hasil",
        "/modul/?sasaran=smp-mts#hasil",
        "/modul/#hasil",
    ]


def test_a_card_says_what_one_must_know_before_opening_it(klaten):
    module = make_module(
        klaten, title="Bercanda", search_description="Membedakan.", audience_codes=["smp-mts"],
        age_from=12, age_to=15, minutes=80, preparation="<p>Baca dulu.</p>" * 400,
    )  # fmt: skip
    sign(make_module(klaten, title="Ditinjau", age_from=18, age_to=99))

    first, second = visit().content.decode().split("<h3>")[1:]

    for words in ("Membedakan.", "SMP/MTs", "12–15", "80 "):
        assert words in first, words
    size = re.search(r"(\d+,\d)\sKB", first)
    assert 2 < float(size[1].replace(",", ".")) < 4
    assert 'class="l-label"' in first
    assert 'class="l-label"' not in second
    assert f'href="/modul/{module.slug}/"' in first


def test_the_shelf_is_read_in_pages_that_keep_the_filter(klaten):
    for number in range(13):
        make_module(klaten, title=f"Modul {number:02d}", lessons=0, needs="tanpa")
    make_module(klaten, title="Ponsel", lessons=0, needs="ponsel")

    first, second = visit("/modul/?perlu=tanpa"), visit("/modul/?perlu=tanpa&page=2")

    assert len(titles(first)) == 12
    assert titles(second) == ["Modul 12"]
    assert 'href="?perlu=tanpa&amp;page=2"' in first.content.decode()
    assert len(gzip.compress(first.content)) <= 5 * 1024
    for number in ("3", "0", "-1", "1000000000", "%C2%B2", ""):
        answer = visit(f"/modul/?perlu=tanpa&page={number}")
        assert (answer.status_code, titles(answer)) == (404, []), number


def test_an_empty_shelf_leads_to_somebody(klaten):
    body = visit().content.decode()

    assert 'class="l-empty"' in body
    assert 'id="saring-usia"' not in body
    assert 'href="/bantuan/"' in body


def test_a_draft_a_restricted_and_another_districts_module_are_not_listed(klaten):
    make_module(klaten, title="Konsep", slug="konsep").unpublish()
    hidden = make_module(klaten, title="Rahasia", slug="rahasia")
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
    make_module(make_district("lebak"), title="Lebak", slug="lebak")
    make_module(klaten, title="Terbuka")

    assert titles(visit()) == ["Terbuka"]


def test_what_expired_or_was_withdrawn_is_left_out_when_it_is_read(klaten):
    """By the day itself, whatever a clock elsewhere did, and before aliases are refreshed."""
    today = timezone.localdate()
    yesterday = today - timedelta(days=1)
    nation = national()
    source = make_module(nation, title="Ditarik", slug="ditarik")
    sync_aliases(klaten)
    make_module(klaten, title="Ditinjau kemarin", slug="a", review_due=yesterday)
    make_module(klaten, title="Pensiun kemarin", slug="b", retire_on=yesterday)
    make_module(klaten, title="Hari terakhir", slug="c", review_due=today)

    assert set(titles(visit())) == {"Ditarik", "Hari terakhir"}
    ModulePage.objects.filter(pk=source.pk).update(withdrawn_at=timezone.now())

    answer = visit()
    assert titles(answer) == ["Hari terakhir"]
    assert answer.wsgi_request.fresh_until == ends_after(today, None)


def test_no_cache_keeps_the_shelf_beyond_the_next_last_day(klaten):
    today = timezone.localdate()
    make_module(klaten, title="Lama", slug="a", review_due=today + timedelta(days=90))
    make_module(klaten, title="Sebentar", slug="b", retire_on=today + timedelta(days=2))

    next_end = ends_after(today + timedelta(days=2), None)
    assert visit().wsgi_request.fresh_until == next_end
    # How many there are in another language is said as well.
    in_english(klaten, title="Tomorrow", retire_on=today + timedelta(days=1))
    next_end = ends_after(today + timedelta(days=1), None)
    assert visit().wsgi_request.fresh_until == next_end
    # Also where a filter shows none of them.
    assert visit("/modul/?usia=3").wsgi_request.fresh_until == next_end


def test_the_number_of_queries_does_not_depend_on_the_number_of_modules():
    counted = {}
    for slug, number in (("klaten", 1), ("lebak", 3)):
        district = make_district(slug)
        for _number in range(number):
            make_module(district, audience_codes=["smp-mts"], lessons=number)
            in_english(district, title="In English", audience_codes=["smp-mts"])
        for path in ("/modul/", "/modul/?sasaran=smp-mts&usia=13"):
            for _time in ("first", "second"):
                with CaptureQueriesContext(connection) as captured:
                    answer = Client().get(path, headers={"host": f"{slug}.localhost"})
            assert len(titles(answer)) == number
            counted.setdefault(path, []).append(len(captured))

    assert all(few == many for few, many in counted.values()), counted
    assert max(max(numbers) for numbers in counted.values()) <= MOST_QUERIES, counted
