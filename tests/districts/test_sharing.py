"""Short addresses and their QR codes: whose page, which language, and nothing of others."""

import re

import pytest
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from campaigns.models import ChildHelpPage, HelpPage
from districts.sharing.codes import code_of
from tests.factories.pages import below, make_campaign, make_news, make_story
from tests.factories.places import make_district

pytestmark = pytest.mark.django_db


@pytest.fixture
def klaten():
    return make_district("klaten")


def ask(path: str, host: str = "klaten", **more):
    return Client(**more).get(path, headers={"host": f"{host}.localhost"})


def same_as_nowhere(answer) -> bool:
    nowhere = ask("/tidak-ada/")
    return (answer.status_code, answer.content) == (404, nowhere.content)


def test_a_short_address_leads_to_its_page(klaten):
    page = make_campaign(klaten, slug="aman")
    answer = ask(f"/s/{code_of(page.pk)}/")

    assert (answer.status_code, answer["Location"]) == (302, "/kampanye/aman/")
    assert not answer.cookies


def test_it_may_be_typed_in_capitals_and_without_the_last_stroke(klaten):
    page = make_campaign(klaten, slug="aman")
    code = code_of(page.pk).upper()

    assert ask(f"/s/{code}/")["Location"] == "/kampanye/aman/"
    assert ask(f"/S/{code}/")["Location"] == "/kampanye/aman/"
    assert ask(f"/s/{code}")["Location"] == f"/s/{code}/"


def test_it_keeps_the_language_of_the_page(klaten):
    english = Page.objects.get(url_path="/klaten-en/kampanye/")

    assert ask(f"/s/{code_of(english.pk)}/")["Location"] == "/en/kampanye/"


def test_it_follows_a_page_that_moved(klaten):
    page = make_campaign(klaten, slug="aman")
    code = code_of(page.pk)
    page.slug = "aman-bersama"
    page.save_revision().publish()

    assert ask(f"/s/{code}/")["Location"] == "/kampanye/aman-bersama/"


def forbidden(klaten, case: str) -> Page:
    page = make_campaign(klaten, slug="aman")
    if case == "draft":
        page.unpublish()
    if case == "restricted":
        PageViewRestriction.objects.create(page=page, restriction_type="login")
    if case == "below a restricted one":
        PageViewRestriction.objects.create(page=page, restriction_type="login")
        return make_story(page)
    if case == "another district's":
        return make_campaign(make_district("lebak"))
    if case == "discreet":
        return below(klaten, HelpPage)
    if case == "discreet for children":
        return below(klaten, ChildHelpPage)
    if case == "the root of all":
        return Page.get_first_root_node()
    return page


@pytest.mark.parametrize(
    "case",
    [
        "draft",
        "restricted",
        "below a restricted one",
        "another district's",
        "discreet",
        "discreet for children",
        "the root of all",
    ],
)
def test_a_closed_page_answers_as_if_it_did_not_exist(klaten, case):
    number = forbidden(klaten, case).pk
    code = code_of(number)

    assert same_as_nowhere(ask(f"/s/{code}/"))
    assert same_as_nowhere(ask(f"/s/{code}.svg"))
    assert same_as_nowhere(ask(f"/og/{number}-0123456789abcdef.png"))


@pytest.mark.parametrize(
    "path",
    [
        "/s/3333/",
        "/s/ooooo/",
        "/s/xxxxxxxx/",
        f"/s/{'x' * 5000}/",
        "/s/%00/",
        "/s/%E2%84%AA/",
        "/s/xxxxxxxx.svg",
        "/og/99999999999999999999999-0.png",
        "/og/77777777-0123456789abcdef.png",
    ],
)
def test_a_mistyped_address_is_not_found(klaten, path):
    assert same_as_nowhere(ask(path))


def test_the_code_to_scan_is_a_drawing_that_may_be_kept(klaten):
    page = make_campaign(klaten, slug="aman")
    client = Client()
    path, host = f"/s/{code_of(page.pk)}.svg", {"host": "klaten.localhost"}
    answer = client.get(path, headers=host)

    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Cache-Control"] == "public, max-age=86400"
    assert answer.content.startswith(b"<svg")
    assert client.get(path, headers=host | {"if-none-match": answer["ETag"]}).status_code == 304


def test_a_page_offers_itself_with_its_short_address(klaten):
    page = make_news(klaten, title="Rapat & <b>makan</b>", slug="rapat")
    klaten.site.port = 8133
    klaten.site.save()
    html = ask("/berita/rapat/").content.decode()
    short = f"http://klaten.localhost:8133/s/{code_of(page.pk)}/"

    assert f">Rapat &amp; &lt;b&gt;makan&lt;/b&gt;\n{short}</textarea>" in html
    wanted = "https://wa.me/?text=Rapat%20%26%20%3Cb%3Emakan%3C%2Fb%3E%0Ahttp%3A%2F%2Fklaten"
    link = re.search(r'<a [^>]*href="(https://wa[^"]+)"[^>]*>', html)
    assert link[1].startswith(wanted)
    assert 'rel="noreferrer noopener"' in link[0]


def test_help_offers_nothing_and_has_no_code(klaten):
    make_campaign(klaten)
    for path in ("/bantuan/", "/bantuan/aku/", "/bantuan/kartu/"):
        html = ask(path).content.decode()
        assert "wa.me/?text=Inf" not in html
        assert "/s/" not in html
        assert "teks-bagikan" not in html
        assert f"klaten.localhost{path}" in html


def test_a_preview_and_a_page_for_some_are_offered_to_nobody(klaten, rf):
    page = make_campaign(klaten)
    request = rf.get("/", headers={"host": "klaten.localhost"})
    request.district = klaten
    assert page.share(request) is not None
    request.is_preview = True
    assert page.share(request) is None
    request.is_preview = False
    page.is_restricted = True
    assert page.share(request) is None
