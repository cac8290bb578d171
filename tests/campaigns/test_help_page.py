"""`/bantuan/` as the server answers it: helps before it asks, keeps no trace, never invents."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from districts.models import Channel, Region
from districts.services import channels as services
from safeguards import generation
from safeguards.models import Generation
from tests.factories.channels import (
    ALWAYS,
    make_channel,
    make_emergency,
    make_placeholder,
)
from tests.factories.people import make_member
from tests.factories.places import make_district, national

pytestmark = pytest.mark.django_db

HOST = {"host": "klaten.localhost"}


@pytest.fixture
def klaten():
    nation = national()
    make_emergency(nation, position=10)
    make_channel(
        nation,
        label="Nasional lewat WhatsApp",
        kind="whatsapp",
        value="+628111129129",
        display="08111-129-129",
        hours=ALWAYS,
    )
    return make_district("klaten")


def body_of(client, path: str = "/bantuan/") -> str:
    return client.get(path, headers=HOST).content.decode()


def test_help_stands_before_the_question(client, klaten):
    body = body_of(client)
    call, write, ask = (body.index(mark) for mark in ('href="tel:110"', "https://wa.me/", "l-near"))

    assert call < write < ask


@pytest.mark.parametrize("path", ["/bantuan/", "/bantuan/aku/", "/en/bantuan/", "/en/bantuan/aku/"])
def test_every_help_page_has_a_number_to_tap(client, klaten, path):
    answer = client.get(path, headers=HOST)

    assert answer.status_code == 200
    assert 'href="tel:110"' in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


def test_ways_out_tell_nobody_where_they_come_from(client, klaten):
    links = re.findall(r"<a [^>]*href=\"https://wa\.me/[^>]*>", body_of(client))

    assert links
    assert all('rel="noreferrer"' in link for link in links)


def test_titles_say_nothing(client, klaten):
    for path in ("/bantuan/", "/bantuan/aku/"):
        title = re.search(r"<title>(.*?)</title>", body_of(client, path), re.DOTALL)[1]
        assert not re.search(r"kekerasan|bantu|lapor|anak|korban", title, re.IGNORECASE)


def test_kecamatan_is_chosen_and_its_channel_shown(client, klaten):
    make_channel(
        klaten,
        label="PATBM Kecamatan",
        region=Region.objects.get(pk="33.10.05"),
        value="+622719990055",
        display="0271 9990055",
    )
    assert "PATBM Kecamatan" not in body_of(client)
    body = body_of(client, "/bantuan/?kec=33.10.05")

    assert 'href="tel:+622719990055"' in body
    assert '<b>Kecamatan 05</b> <a href="/bantuan/#dekat">' in body
    assert 'href="/bantuan/?kec=' not in body


@pytest.mark.parametrize(
    "query",
    ["kec=33.10.99", "kec=36.02.14", "kec=abc", "kec=%00", "kec=33.10.05%0d%0aX:y", "kec=%3Ci%3E"],
)
def test_unknown_kecamatan_is_404_that_still_helps(client, klaten, query):
    answer = client.get(f"/bantuan/?{query}", headers=HOST)
    body = answer.content.decode()

    assert answer.status_code == 404
    assert 'id="kec-error"' in body
    assert 'href="tel:110"' in body
    assert "<i>" not in body
    assert "X:y" not in str(answer.headers)
    # What was asked stays on no device.
    assert "no-store" in answer["Cache-Control"]


def test_very_long_query_is_answered_without_harm(client, klaten):
    answer = client.get("/bantuan/?kec=" + "9" * 4000, headers=HOST)

    assert answer.status_code == 404
    assert "9" * 50 not in answer.content.decode()


def test_unknown_kecamatan_is_never_kept(client, klaten):
    assert client.get("/bantuan/?kec=33.10.07", headers=HOST).status_code == 404
    Region.objects.create(
        pk="33.10.07", name="Kecamatan baru", level="kecamatan", parent_id="33.10"
    )
    generation.forget()

    assert client.get("/bantuan/?kec=33.10.07", headers=HOST).status_code == 200


def test_other_queries_are_not_known(client, klaten):
    answer = client.get("/bantuan/?topik=kdrt&nama=Ani", headers=HOST)

    assert answer.status_code == 200
    assert "kdrt" not in answer.content.decode()
    assert "Ani" not in answer.content.decode()


def test_placeholder_is_marked_and_cannot_be_tapped(client, klaten):
    make_placeholder(klaten, label="UPTD PPA contoh")
    Channel.objects.filter(district__level="nasional").exclude(label="Polisi 110").delete()
    body = body_of(client)

    assert "UPTD PPA contoh" in body
    assert "contoh – belum diverifikasi" in body
    assert re.findall(r'href="(tel:[^"]*|https://wa\.me[^"]*)"', body).count("tel:110") >= 1
    assert set(re.findall(r'href="(?:tel:|https://wa\.me)[^"]*"', body)) == {'href="tel:110"'}


def test_no_user_and_no_session_is_asked(client, klaten, django_assert_max_num_queries):
    with django_assert_max_num_queries(30) as captured:
        body_of(client)

    for query in captured.captured_queries:
        assert "session" not in query["sql"]
        assert "accounts_user" not in query["sql"]


def test_as_many_queries_for_one_channel_as_for_three(
    client, klaten, django_assert_max_num_queries
):
    asked = []
    body_of(client)
    for number in (1, 2, 3):
        for code in ("33.10.01", "33.10.05"):
            make_channel(klaten, label=f"{code}-{number}", region=Region.objects.get(pk=code))
        generation.forget()
        generation.current()
        with django_assert_max_num_queries(6) as captured:
            body = body_of(client, f"/bantuan/?kec=33.10.05&page={number}")
        assert f"33.10.05-{number}" in body
        asked.append(len(captured.captured_queries))

    assert asked == [6, 6, 6]


def test_answer_ends_with_the_next_change(rf, klaten):
    from campaigns.models import HelpPage

    now = timezone.now()
    day = str(timezone.localtime(now + timedelta(days=1)).isoweekday())
    make_channel(klaten, hours={"days": {day: [["10:00", "11:00"]]}})
    page = HelpPage.objects.get(locale__language_code="id", url_path__contains="klaten")
    request = rf.get("/bantuan/")
    request.district = klaten
    response = page.serve(request)

    assert now < response.fresh_until <= now + timedelta(days=2)
    assert response.fresh_until == request.fresh_until


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_hidden_number_is_gone_from_every_page_at_once(client):
    nation = national()
    make_emergency(nation)
    klaten = make_district("klaten")
    channel = make_channel(klaten, label="Nomor salah", value="+622719990066")
    assert "+622719990066" in body_of(client)
    before = Generation.objects.get(pk=1).number
    services.hide(channel=channel, actor=make_member("editor", klaten), reason="Nomor orang lain")

    assert Generation.objects.get(pk=1).number > before
    assert "+622719990066" not in body_of(client)
