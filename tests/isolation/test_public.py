"""What every public address sends besides its text: no cookie, a strict policy, a right status."""

import pytest
from django.test import Client
from wagtail.models import Page

from campaigns.models import CampaignIndexPage, NewsPage
from districts.services.aliases import sync_aliases
from tests.isolation.addresses import OWN, addresses, known_paths
from tests.isolation.watch import watching

pytestmark = pytest.mark.django_db

XSS = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
PUBLIC_PAGES = (
    *("/", "/en/", "/kampanye/", "/kampanye/aman/", "/bantuan/", "/berita/", "/topik/"),
    *("/kalender/", "/en/kalender/", "/kalender/2031/03/"),
)
PERSONAL = (
    *("/masuk/", "/masuk/lupa/", "/ruang/", "/ruang/tim/", "/ruang/kalender/"),
    *("/admin/", "/admin/account/"),
)


@pytest.fixture
def anyone(world) -> Client:
    return Client(SERVER_NAME=world.own.host, raise_request_exception=False)


def directives(response) -> dict[str, str]:
    policy = response.headers["Content-Security-Policy"]
    return dict(part.strip().partition(" ")[::2] for part in policy.split(";") if part.strip())


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_a_public_page_is_the_same_for_everybody(world, anyone, path):
    answer = anyone.get(path)
    assert answer.status_code == 200
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")
    member = Client(SERVER_NAME=world.own.host)
    member.force_login(world.own.users["admin"])
    assert member.get(path).content == answer.content


@pytest.mark.parametrize("path", [*PUBLIC_PAGES, "/tidak-ada/", "/en/tidak-ada/"])
def test_public_pages_allow_no_script_but_their_own(world, anyone, path):
    policy = directives(anyone.get(path))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["base-uri"] == "'none'"
    assert policy["object-src"] == "'none'"
    assert policy["form-action"] == "'self'"


def test_every_address_forbids_foreign_frames_and_guessing_of_types(world, anyone):
    faults = []
    for address in addresses():
        for path in known_paths(address, world, OWN)[:1]:
            answer = anyone.get(path)
            ancestors = directives(answer).get("frame-ancestors")
            framed = answer.headers.get("X-Frame-Options")
            # Wagtail gives files a policy of its own; there the older header speaks.
            if ancestors not in {"'self'", "'none'"} and framed not in {"DENY", "SAMEORIGIN"}:
                faults.append(f"{path}: frame-ancestors {ancestors}, {framed}")
            if answer.headers.get("X-Content-Type-Options") != "nosniff":
                faults.append(f"{path}: no nosniff")
            if answer.headers.get("Referrer-Policy") not in {"same-origin", "no-referrer"}:
                faults.append(f"{path}: referrer {answer.headers.get('Referrer-Policy')}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("role", ["anonymous", "admin"])
@pytest.mark.parametrize("path", PERSONAL)
def test_personal_and_form_pages_are_kept_by_nobody(world, role, path):
    client = Client(SERVER_NAME=world.own.host)
    if role != "anonymous":
        client.force_login(world.own.users[role])
    answer = client.get(path)
    kept = answer.headers.get("Cache-Control", "")
    assert "private" in kept, (path, answer.status_code, kept)
    assert "no-store" in kept, (path, answer.status_code, kept)


def test_every_page_with_a_form_of_ours_is_kept_by_nobody(world):
    client = Client(SERVER_NAME=world.own.host)
    client.force_login(world.own.users["admin"])
    faults = []
    for address in addresses():
        for path in known_paths(address, world, OWN)[:1]:
            answer = client.get(path)
            if answer.streaming or b"csrfmiddlewaretoken" not in answer.content:
                continue
            kept = answer.headers.get("Cache-Control", "")
            if "private" not in kept or "no-store" not in kept and "/admin/" not in path:
                faults.append(f"{path}: {kept}")
    assert not faults, "\n".join(faults)


def test_a_form_without_its_token_is_refused_everywhere(world):
    client = Client(SERVER_NAME=world.own.host, enforce_csrf_checks=True)
    client.force_login(world.own.users["admin"])
    faults = []
    for address in addresses():
        for path in known_paths(address, world, OWN)[:1]:
            with watching() as seen:
                answer = client.post(path)
            # 401 is for a device without its own token; 404 and 405 come from gates before the
            # check, or from pages that take no form.
            if answer.status_code not in {401, 403, 404, 405} and address.name != "quick_exit":
                faults.append(f"{path}: {answer.status_code}")
            if seen.domain_writes():
                faults.append(f"{path}: writes {seen.domain_writes()}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "path",
    ["/kalender/{}/", "/kalender/{}.ics", "/kalender/", "/kalender.ics", "/kalender.ics?datar=1"]
    + ["/kalender/feed.atom"],
)
def test_of_a_meeting_of_members_everybody_learns_kind_and_day_alone(world, path):
    anyone = Client(SERVER_NAME=world.foreign.host)
    answer = anyone.get(path.format(world.foreign.things["series_slug"]))
    text = b"".join(answer).decode().replace("\r\n ", "")
    assert answer.status_code == 200
    assert "Pertemuan PKK" in text
    assert "KANARI-RAHASIA" not in text
    if "{}" in path:
        assert "TZID" not in text
        assert "RRULE" not in text


@pytest.mark.parametrize("path", ["/", "/kampanye/", "/bantuan/"])
@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_pages_are_for_reading(world, anyone, path, method):
    assert getattr(anyone, method)(path).status_code in {403, 405}


@pytest.mark.parametrize(
    "host", ["jahat.example", "lain.localhost", "klaten.localhost.jahat.example"]
)
def test_an_unknown_host_gets_nothing(world, host):
    answer = Client(SERVER_NAME=host).get("/")
    assert answer.status_code in {400, 404}
    assert b"Klaten" not in answer.content


def test_a_port_does_not_matter_and_health_needs_no_host(world):
    assert Client(SERVER_NAME=world.own.host, SERVER_PORT="8123").get("/").status_code == 200
    assert Client(SERVER_NAME="10.0.0.7").get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "query",
    ["page=1000000000", "page=-1", "page=99999999999999999999", "page=²", "page=1e9", "page=%00"],
)
def test_a_page_that_cannot_be_is_missing(world, anyone, query):
    with watching() as seen:
        answer = anyone.get(f"/berita/?{query}")
    assert answer.status_code == 404
    assert seen.domain_writes() == set()


@pytest.mark.parametrize(
    "path", ["/99999/", "/berita/99999/", "/kalender/99999/13/", "/%00/", "/" + "a/" * 900]
)
def test_an_address_that_cannot_be_is_missing(world, anyone, path):
    assert anyone.get(path).status_code == 404


def test_what_an_editor_types_is_shown_not_run(world, anyone):
    index = CampaignIndexPage.objects.descendant_of(world.own.district.site.root_page).get()
    page = Page.objects.get(pk=index.get_first_child().pk).specific
    page.title = page.seo_title = page.search_description = page.slogan = page.partners = XSS
    page.save_revision().publish()
    client = Client(SERVER_NAME=world.own.host)
    client.force_login(world.own.users["moderator"])
    shown = [
        anyone.get("/kampanye/aman/"),
        anyone.get("/kampanye/"),
        anyone.get("/"),
        client.get(f"/admin/pages/{index.pk}/"),
        client.get(f"/admin/pages/{page.pk}/history/"),
        client.get(f"/admin/pages/{page.pk}/edit/"),
    ]
    message = client.post(f"/admin/pages/{page.pk}/unpublish/", follow=True)
    for answer in [*shown, message]:
        assert answer.status_code == 200
        assert b"<script>alert(1)" not in answer.content
        assert b"<img src=x" not in answer.content
    assert b"&lt;script&gt;alert(1)" in message.content


def test_a_private_page_is_in_no_list_menu_or_alias(world, anyone):
    private = world.own.things["private"]
    assert anyone.get("/berita/tertutup/").status_code in {302, 404}
    NewsPage.objects.filter(pk=private.pk).update(show_in_menus=True)
    hidden = (private.title.encode(), b"/berita/tertutup/")
    for path in ("/", "/berita/", "/kampanye/", "/tidak-ada/"):
        content = anyone.get(path).content
        for text in hidden:
            assert text not in content, path


def test_a_private_national_page_has_no_reader_through_an_alias(world):
    from wagtail.models import PageViewRestriction

    from campaigns.models import TopicIndexPage, TopicPage

    nation = world.nation
    index = TopicIndexPage.objects.descendant_of(nation.site.root_page).get()
    topic = index.add_child(instance=TopicPage(title="Rahasia negara", slug="rahasia"))
    PageViewRestriction.objects.create(page=topic, restriction_type="login")
    sync_aliases(world.own.district)
    anyone = Client(SERVER_NAME=world.own.host)
    for path in ("/topik/rahasia/", "/topik/", "/"):
        assert b"Rahasia negara" not in anyone.get(path).content


@pytest.mark.parametrize(
    "wanted",
    ["https://jahat.example/", "//jahat.example/", "/\\jahat.example", "javascript:alert(1)"],
)
def test_sign_in_leads_only_to_this_host(world, wanted):
    from tests.factories.places import PASSWORD

    client = Client(SERVER_NAME=world.own.host)
    user = world.own.users["editor"]
    answer = client.post("/masuk/", {"login": user.email, "password": PASSWORD, "next": wanted})
    assert "jahat" not in answer.headers.get("Location", "")
    assert "javascript" not in answer.headers.get("Location", "")
