"""`/api/v1/docs`: the OpenAPI document as a page to read, in both languages."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from events.views.api.reading import _indonesian, document, manual, texts
from tests.factories.places import make_district, national

pytestmark = pytest.mark.django_db
DOCS = "/api/v1/docs"


@pytest.fixture
def klaten():
    national()
    return make_district("klaten")


@pytest.fixture
def read(klaten):
    def get(path: str = DOCS) -> str:
        answer = Client(SERVER_NAME=klaten.site.hostname).get(path)
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/html; charset=utf-8")
        return answer.content.decode()

    return get


def test_it_names_every_operation_schema_and_answer(read):
    text = read()
    for path, one in document()["paths"].items():
        for method, told in one.items():
            assert f"<code>{method.upper()} {path}</code>" in text
            for status in told["responses"]:
                assert f'<th scope="row">{status}</th>' in text
    for name, schema in document()["components"]["schemas"].items():
        assert f'id="bentuk-{name}"' in text
        for inner in schema.get("properties", {}):
            assert f"{inner}</code>" in text
    for anchor in set(re.findall(r'href="#(bentuk-\w+)"', text)):
        assert f'id="{anchor}"' in text


def test_both_languages_say_the_whole_document(read):
    every = list(texts(document()))
    assert set(_indonesian()) == set(every)
    said = {code: manual(code).operations[0].summary for code in ("id", "en")}
    assert said == {"id": "Kirim sekelompok fakta", "en": "Send a batch of facts"}
    assert [said["id"] in read(), said["en"] in read()] == [True, False]
    english = read(f"{DOCS}/en")
    assert [said["id"] in english, said["en"] in english] == [False, True]
    assert '<html lang="en"' in english


class Loads(HTMLParser):
    """What a page would fetch or run."""

    def __init__(self):
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag in {"script", "img", "iframe", "link"}:
            self.found.append(told.get("src") or told.get("href") or "inline")
        assert "style" not in told


def test_nothing_comes_from_elsewhere_and_nothing_is_written_into_the_page(read):
    loads = Loads()
    loads.feed(read())
    assert "inline" not in loads.found
    assert [one for one in loads.found if not one.startswith("/")] == []


def test_no_other_language_and_no_method_that_changes(klaten):
    client = Client(SERVER_NAME=klaten.site.hostname)
    assert client.get(f"{DOCS}/xx/").status_code == 404
    assert client.post(DOCS).status_code == 405
