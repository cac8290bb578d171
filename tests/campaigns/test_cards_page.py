"""`/bantuan/kartu/`: a kecamatan, its villages, and what each paper costs to fetch."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from districts.models import Paper, Region
from safeguards import generation
from tests.factories.channels import make_emergency
from tests.factories.places import make_district, national

pytestmark = pytest.mark.django_db

HOST = {"host": "lebak.localhost"}
MOST_QUERIES = 6


@pytest.fixture
def lebak():
    make_emergency(national())
    return make_district("lebak")


def body_of(client, query: str = "", *, status: int = 200, host: str = "lebak.localhost") -> str:
    answer = client.get(f"/bantuan/kartu/{query}", headers={"host": host})
    assert answer.status_code == status
    return answer.content.decode()


def test_help_leads_to_the_papers(client, lebak):
    body = client.get("/bantuan/", headers=HOST).content.decode()
    assert 'href="/bantuan/kartu/"' in body


def test_a_kecamatan_lists_its_villages(client, lebak):
    assert "2001.pdf" not in body_of(client)
    body = body_of(client, "?kec=36.02.01")
    assert re.findall(r'href="(/bantuan/kartu/[^"]*)"', body) == [
        "/bantuan/kartu/36.02.01.2001.pdf",
        "/bantuan/kartu/36.02.01.pdf",
    ]
    assert 'value="36.02.01" selected' in body


def test_the_size_is_said_of_what_is_made(client, lebak):
    body = body_of(client, "?kec=36.02.01")
    assert "KB" not in body
    b"".join(client.get("/bantuan/kartu/36.02.01.2001.pdf", headers=HOST).streaming_content)
    Paper.objects.update(size=38_912)
    generation.forget()
    body = body_of(client, "?kec=36.02.05")
    assert "KB" not in body
    body = body_of(client, "?kec=36.02.01&page=1")
    assert re.search(r"PDF · 38[,.]0\sKB", body)


@pytest.mark.parametrize("code", ["33.10.01", "36.02.99", "36.02.01.2001", "x", "9" * 200])
def test_an_unknown_kecamatan_is_404_with_a_sentence(client, lebak, code):
    make_district("klaten")
    body = body_of(client, f"?kec={code}", status=404)
    assert 'id="kec-error"' in body
    assert 'href="/bantuan/poster.pdf"' in body


def test_a_kecamatan_without_villages_says_so(client, lebak):
    Region.objects.filter(parent="36.02.05").delete()
    body = body_of(client, "?kec=36.02.05")
    assert "l-notice" in body
    assert "36.02.05.pdf" not in body


def test_the_national_page_leads_to_the_districts(client, lebak):
    body = body_of(client, host="localhost")
    assert 'href="http://lebak.localhost/bantuan/kartu/"' in body
    assert "<select" not in body


def test_the_page_leaves_no_topic_behind(client, lebak):
    answer = client.get("/bantuan/kartu/", headers=HOST)
    title = re.search(r"<title>(.*?)</title>", answer.content.decode(), re.DOTALL)[1]
    assert not re.search(r"kekerasan|bantu|lapor|anak|korban|kartu", title, re.IGNORECASE)
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


def test_queries_do_not_grow_with_the_villages(client, lebak):
    parent = Region.objects.get(pk="36.02.01")
    body_of(client, "?kec=36.02.01")
    counts = []
    for number in (1, 3):
        for n in range(number):
            Region.objects.get_or_create(
                code=f"36.02.01.3{number}{n:02d}",
                defaults={"name": f"Desa {n}", "level": "desa", "parent": parent},
            )
        # Another address: the page cache must not answer, what is remembered may.
        with CaptureQueriesContext(connection) as queries:
            body_of(client, f"?kec=36.02.01&page={number}")
        counts.append(len(queries))
    assert counts[0] == counts[1], queries.captured_queries
    assert counts[0] <= MOST_QUERIES
