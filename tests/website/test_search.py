"""`/cari/`: what is found and said, and what never is."""

import logging
import time

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from districts.services.aliases import sync_aliases
from safeguards.logs import NoPersonalData
from tests.factories.channels import make_channel, make_emergency, make_placeholder
from tests.factories.pages import make_campaign, make_news, make_story, make_topic, paragraph
from tests.factories.places import make_district, national
from website.search import indexing, views
from website.search.models import IndexedPage

pytestmark = pytest.mark.django_db

HELP = {"type": "help", "value": {"issue": "kanarikode"}}


def indexed() -> None:
    """What the commit of a publishing does; inside a test nothing is committed."""
    indexing.forget_unreadable()
    indexing.bring_up_to_date()


def ask(host: str, query: str, language: str = "", **more):
    indexed()
    return Client().get(
        f"{language}/cari/", {"q": query} | more, headers={"host": f"{host}.localhost"}
    )


def titles(response) -> list[str]:
    return [
        "".join(part.text for part in hit.title)
        for group in response.context["answer"].groups
        for hit in group.hits
        if hasattr(hit, "title")
    ]


def test_a_page_is_found_by_any_form_of_its_words(klaten):
    make_campaign(klaten, title="Berani melaporkan", slug="berani")

    response = ask("klaten", "laporan")

    assert titles(response) == ["Berani melaporkan"]
    html = response.content.decode()
    assert "Berani <mark>melaporkan</mark>" in html
    assert '<a href="/kampanye/berani/">' in html


@pytest.mark.parametrize(
    "fields",
    [
        {"search_description": "Ringkas: layangan."},
        {"slogan": "Layangan untuk semua"},
        {"partners": "Rumah Layangan\nKarang Taruna"},
        {"body": [paragraph("<p>Main <b>layangan</b> bersama.</p>")]},
        {"body": [{"type": "steps", "value": {"items": [{"title": "Buat layangan", "text": ""}]}}]},
        {"body": [{"type": "do_dont", "value": {"do": ["Layangan"], "dont": ["Marah"]}}]},
    ],
    ids=["summary", "slogan", "partners", "text", "steps", "do"],
)
def test_everything_a_reader_sees_is_found(klaten, fields):
    page = make_campaign(klaten, title="Sore hari", slug="sore", **fields)
    page.tags.add("petang")
    page.save()
    IndexedPage.objects.all().delete()

    assert titles(ask("klaten", "layangan")) == ["Sore hari"]
    assert titles(ask("klaten", "petang")) == ["Sore hari"]


def test_what_a_reader_does_not_see_is_not_found(klaten):
    callout = {"type": "callout", "value": {"tone": "urgent", "title": "", "text": "<p>Halo</p>"}}
    make_campaign(klaten, title="Sore hari", illustration="schoolyard", body=[HELP, callout])

    for hidden in ("kanarikode", "schoolyard", "urgent", "Bahaya"):
        assert titles(ask("klaten", hidden)) == [], hidden


def test_results_stand_in_groups_with_whom_to_reach_first(klaten):
    national()
    make_channel(klaten, label="Perundungan: tanya di sini")
    make_topic(klaten, title="Apa itu perundungan?")
    campaign = make_campaign(klaten, title="Tanpa perundungan")
    make_story(campaign, title="Cerita perundungan di desa")
    make_news(klaten, title="Rapat tentang perundungan")

    response = ask("klaten", "merundung")

    groups = {group.source.name: group.total for group in response.context["answer"].groups}
    assert groups == {"bantuan": 1, "topik": 1, "kampanye": 2, "berita": 1}
    html = response.content.decode()
    assert html.index("tanya di sini") < html.index("Apa itu") < html.index("Rapat tentang")


def test_pages_with_all_words_leave_out_those_with_some(klaten):
    make_news(klaten, title="Layangan dan kelereng")
    make_news(klaten, title="Layangan saja")

    assert titles(ask("klaten", "kelereng layangan")) == ["Layangan dan kelereng"]
    assert len(titles(ask("klaten", "layangan congklak"))) == 2


def test_a_typing_error_is_corrected_and_said(klaten):
    make_news(klaten, title="Melawan perundungan")

    response = ask("klaten", "perundngan")

    assert response.context["answer"].corrected == "perundungan"
    assert titles(response) == ["Melawan perundungan"]
    html = response.content.decode()
    assert "<strong>perundungan</strong>" in html
    assert 'href="?q=perundngan&amp;persis=1"' in html


def test_what_was_typed_can_be_searched_exactly(klaten):
    make_news(klaten, title="Melawan perundungan")

    response = ask("klaten", "perundngan", persis="1")

    assert (response.context["answer"].corrected, titles(response)) == ("", [])


def test_a_known_word_is_never_corrected(klaten):
    make_news(klaten, title="Kasur baru")
    for _time in range(3):
        make_news(klaten, title="Kasar")

    assert titles(ask("klaten", "kasur")) == ["Kasur baru"]


def test_a_word_of_a_channel_corrects_too(klaten):
    make_channel(klaten, label="Puskesmas Pedan")

    response = ask("klaten", "pukesmas")

    assert response.context["answer"].corrected == "puskesmas"
    assert "Puskesmas Pedan" in response.content.decode()


def test_nothing_of_another_district_is_found_or_suggested(klaten, lebak):
    make_news(lebak, title="Layangan rahasia tetangga")
    make_channel(lebak, label="Layangan Rangkasbitung")

    for query in ("layangan", "layngan"):
        response = ask("klaten", query)
        assert (titles(response), response.context["answer"].corrected) == ([], "")
        assert "tetangga" not in response.content.decode()


@pytest.mark.parametrize("way", ["draft", "unpublished", "restricted", "restricted above"])
def test_what_is_not_for_everybody_is_neither_found_nor_suggested(klaten, way):
    campaign = make_campaign(klaten, title="Kampanye")
    page = make_story(campaign, title="Layangan")
    indexed()
    if way == "draft":
        page.title = "Congklak"
        page.save_revision()
    elif way == "unpublished":
        page.unpublish()
    else:
        PageViewRestriction.objects.create(
            page=page if way == "restricted" else campaign, restriction_type="login"
        )
    # Asked before anybody has tidied the index, and after.
    for _time in ("before", "after"):
        for query in ("congklak", "congklk") if way == "draft" else ("layangan", "layngan"):
            response = Client().get("/cari/", {"q": query}, headers={"host": "klaten.localhost"})
            assert titles(response) == []
            assert response.context["answer"].corrected == ""
        indexed()


def test_national_pages_and_channels_are_found_in_every_district():
    nation = national()
    make_topic(nation, title="Apa itu perundungan?", slug="perundungan")
    make_emergency(nation, label="Polisi 110")
    klaten = make_district("klaten")
    sync_aliases(klaten)

    assert titles(ask("klaten", "merundung")) == ["Apa itu perundungan?"]
    assert "Polisi 110" in ask("klaten", "polisi").content.decode()


def test_the_languages_do_not_mix(klaten):
    make_news(klaten, title="Layangan")

    response = ask("klaten", "layangan", "/en")

    assert titles(response) == []
    assert 'href="/cari/?q=layangan"' in response.content.decode()


def test_a_published_change_is_found_and_the_old_word_is_not(
    klaten, django_capture_on_commit_callbacks
):
    page = make_news(klaten, title="Layangan")
    indexed()
    page.title = "Congklak"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()

    def found(query):
        response = Client().get("/cari/", {"q": query}, headers={"host": "klaten.localhost"})
        return titles(response)

    assert (found("congklak"), found("layangan")) == (["Congklak"], [])
    with django_capture_on_commit_callbacks(execute=True):
        page.unpublish()
    assert (found("congklak"), IndexedPage.objects.filter(pk=page.pk).exists()) == ([], False)


def test_a_moved_page_is_found_where_it_stands(klaten, lebak, django_capture_on_commit_callbacks):
    campaign = make_campaign(klaten, title="Layangan")
    indexed()
    target = make_campaign(lebak, title="Lain").get_parent()
    with django_capture_on_commit_callbacks(execute=True):
        campaign.move(target, pos="last-child")

    assert titles(ask("klaten", "layangan")) == []
    assert titles(ask("lebak", "layangan")) == ["Layangan"]


def test_the_command_makes_the_index_anew(klaten, capsys):
    make_news(klaten, title="Layangan")
    call_command("reindex")
    IndexedPage.objects.update(text="", version=1)
    call_command("reindex", missing=True)
    assert set(IndexedPage.objects.values_list("text", flat=True)) == {""}
    call_command("reindex", verbosity=0)

    assert indexing.out_of_date().count() == 0
    assert "halaman diindeks" in capsys.readouterr().out


def test_many_results_are_shown_in_pages_of_their_group(klaten):
    for number in range(13):
        make_news(klaten, title=f"Layangan ke {number}")

    assert len(titles(ask("klaten", "layangan"))) == 5
    assert len(titles(ask("klaten", "layangan", bagian="berita"))) == 10
    last = ask("klaten", "layangan", bagian="berita", page="2")
    assert len(titles(last)) == 3
    assert 'rel="prev" href="?q=layangan&amp;bagian=berita&amp;page=1"' in last.content.decode()


@pytest.mark.parametrize(
    "more",
    [
        {"bagian": "berita", "page": "1000000000"},
        {"bagian": "berita", "page": "2"},
        {"bagian": "berita", "page": "0"},
        {"bagian": "berita", "page": "²"},
        {"bagian": "rahasia"},
        {"bagian": "bantuan"},
        {"page": "2"},
    ],
    ids=str,
)
def test_a_page_of_results_that_is_not_there_is_not_found(klaten, more):
    make_news(klaten, title="Layangan")

    assert ask("klaten", "layangan", **more).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "%00layangan%00%07%1b",
        "%22layangan",
        "layangan+AND+OR+NOT+NEAR+*+%28+%29+-",
        "%27;DROP+TABLE+layangan--",
        "layangan%ff%fe",
        "l%61yangan%25_",
        "%E2%80%AElayangan",
        "%EF%BC%AC%EF%BD%81%EF%BD%99%EF%BD%81%EF%BD%8E%EF%BD%87%EF%BD%81%EF%BD%8E",
    ],
)
def test_signs_and_operators_are_harmless(klaten, query):
    make_news(klaten, title="Layangan")
    indexed()

    response = Client().get(f"/cari/?q={query}", headers={"host": "klaten.localhost"})

    assert (response.status_code, titles(response)[0]) == (200, "Layangan")


@pytest.mark.parametrize("query", ["%", "_", "*", '"', "'", "()", "yang dan di", "a", "\x00", " "])
def test_a_question_of_nothing_finds_nothing_and_says_what_to_do(klaten, query):
    make_news(klaten, title="Layangan")

    response = ask("klaten", query)

    assert response.status_code == 200
    assert "Layangan" not in response.content.decode()


def test_the_query_is_escaped_wherever_it_is_shown(klaten):
    make_news(klaten, title="Tag <b>perundungan</b> & lain")
    evil = '"><script>alert(1)</script> perundngan'

    html = ask("klaten", evil).content.decode()

    assert "<script>alert" not in html
    assert "&quot;&gt;&lt;script&gt;" in html
    assert "&lt;b&gt;<mark>perundungan</mark>&lt;/b&gt; &amp; lain" in html


@pytest.mark.parametrize("length", [257, 10_000, 60_000])
def test_a_query_that_is_too_long_is_answered_at_once_and_kept(klaten, length):
    text = "perundungan " * (length // 12) + "x" * (length % 12)
    began = time.monotonic()
    response = Client().get("/cari/", {"q": text}, headers={"host": "klaten.localhost"})

    assert time.monotonic() - began < 1
    assert response.status_code == 400
    assert 'id="q-error"' in response.content.decode()
    assert response.context["typed"] == text


@pytest.mark.parametrize("query", ["ab" * 128, "meng" * 64, "a b " * 64, "perundngn " * 25])
def test_the_longest_query_is_answered_at_once(klaten, query):
    make_news(klaten, title="perundungan", body=[paragraph("<p>" + "kata " * 9_000 + "</p>")])
    indexed()
    began = time.monotonic()
    response = ask("klaten", query[:256])

    assert response.status_code == 200
    assert time.monotonic() - began < 1


def test_an_empty_page_helps_to_begin(klaten):
    make_topic(klaten, title="Apa itu perundungan?")

    response = Client().get("/cari/", headers={"host": "klaten.localhost"})

    assert response.status_code == 200
    assert "Apa itu perundungan?" in response.content.decode()
    assert "public" in response["Cache-Control"]


def test_nothing_found_leads_to_people(klaten):
    make_emergency(national(), label="Polisi 110")
    make_topic(klaten, title="Apa itu perundungan?")

    html = ask("klaten", "zzyzxw").content.decode()

    assert "Polisi 110" in html
    assert "Apa itu perundungan?" in html
    assert 'href="/bantuan/"' in html


def test_an_answer_is_kept_by_nobody_and_names_nothing(klaten):
    make_news(klaten, title="Layangan")

    response = ask("klaten", "layangan")

    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex"
    html = response.content.decode()
    assert '<meta name="robots" content="noindex">' in html
    assert "<title>Cari – Klaten</title>" in html or "<title>Search – Klaten</title>" in html
    assert not response.cookies


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_search_is_only_read(klaten, method):
    response = getattr(Client(), method)("/cari/?q=x", headers={"host": "klaten.localhost"})

    assert response.status_code == 405


def test_no_log_ever_holds_a_query(klaten, caplog):
    """Not of an answer, a wrong one, or a database that fails with the words in its message."""
    canary = "kanaricari"
    make_news(klaten, title="Layangan")
    indexed()
    caplog.set_level(logging.DEBUG)
    caplog.handler.addFilter(NoPersonalData())
    visitor = Client(raise_request_exception=False, headers={"host": "klaten.localhost"})

    def fails(execute, sql, params, many, context):
        if "search_indexed" in sql:
            raise OperationalError(f"near {params!r}: disk I/O error")
        return execute(sql, params, many, context)

    statuses = [
        visitor.get("/cari/", {"q": canary}).status_code,
        visitor.get("/cari/", {"q": canary * 40}).status_code,
        visitor.get("/cari/", {"q": canary, "page": "0"}).status_code,
        visitor.post(f"/cari/?q={canary}").status_code,
    ]
    with connection.execute_wrapper(fails):
        broken = visitor.get("/cari/", {"q": canary})
    assert [*statuses, broken.status_code] == [200, 400, 404, 405, 500]
    assert canary not in broken.content.decode()
    assert "Internal Server Error" in caplog.text
    assert canary not in caplog.text


def test_one_address_may_not_search_without_end(klaten, monkeypatch):
    monkeypatch.setattr(views, "PER_ADDRESS", 2)
    # Not while one minute ends and the next begins.
    middle = timezone.now().replace(second=30)
    monkeypatch.setattr(views.timezone, "now", lambda: middle)
    make_news(klaten, title="Layangan")

    answers = [ask("klaten", "layangan") for _time in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2]["Retry-After"]) <= 60
    assert 'value="layangan"' in answers[2].content.decode()


def test_a_whole_school_may_search_from_one_address():
    assert views.PER_ADDRESS >= 500 * 2


def test_the_number_of_queries_does_not_depend_on_the_results():
    districts = {1: make_district("klaten"), 3: make_district("lebak")}
    counted = {}
    for parts, district in districts.items():
        for _part in range(parts):
            make_news(district, title="Melawan perundungan")
            make_topic(district, title="Perundungan")
            make_channel(district, label="Tentang perundungan")
        for query in ("perundungan", "perundngan", "zzyzxw"):
            for _time in ("first", "second"):
                indexed()
                with CaptureQueriesContext(connection) as captured:
                    response = Client().get(
                        "/cari/", {"q": query}, headers={"host": f"{district.slug}.localhost"}
                    )
            assert response.status_code == 200
            counted.setdefault(query, []).append(len(captured))

    assert {query: numbers[0] for query, numbers in counted.items()} == {
        query: numbers[1] for query, numbers in counted.items()
    }
    assert max(max(numbers) for numbers in counted.values()) <= 6


def test_every_page_leads_to_search(klaten):
    visitor = Client(headers={"host": "klaten.localhost"})
    for path in ("/", "/kampanye/", "/bantuan/", "/tidak-ada/"):
        assert 'href="/cari/"' in visitor.get(path).content.decode()


def test_a_line_that_can_be_called_stands_before_an_unconfirmed_one(klaten):
    make_placeholder(klaten, label="Perundungan, perundungan")
    make_channel(klaten, label="Tanya soal perundungan")

    html = ask("klaten", "perundungan").content.decode()

    assert html.index("Tanya soal") < html.index("Perundungan, perundungan")
