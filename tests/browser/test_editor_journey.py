"""An editor of Lebak publishes a story with a second person, and sees Klaten nowhere."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from campaigns.models import StoryPage
from tests.factories.pages import make_campaign
from tests.factories.places import PASSWORD, make_district, make_user, national
from tests.isolation import canary
from tests.isolation.world import disguise, furnish

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    # Wagtail 8.0 sends its notices through what Django 6.1 deprecates.
    pytest.mark.filterwarnings(r"ignore:get_connection\(\) is deprecated"),
]

DESK = {"width": 1280, "height": 800}
TITLE = "Pos ronda yang mendengarkan"
WORDS = "Malam itu seorang anak duduk lama di pos ronda."
REPORTS = (
    "locked_pages",
    "workflow",
    "workflow_tasks",
    "site_history",
    "aging_pages",
    "page_types_usage",
)


@pytest.fixture
def klaten():
    """Full of canaries: in pages, drafts, files, tags, notes of who did what, and people."""
    national()
    side = furnish(make_district("klaten"), canary.SECRET, canary.PUBLIC)
    disguise(side)
    return side


@pytest.fixture
def lebak(klaten):
    return make_district("lebak")


@pytest.fixture
def sign_in(browser, address):
    contexts = []

    def enter(user, host="lebak"):
        context = browser.new_context(viewport=DESK, locale="id-ID")
        contexts.append(context)
        page = context.new_page()
        page.goto(address(host, "/masuk/"))
        page.locator("[name=login]").fill(user.email)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main form button").click()
        expect(page).to_have_url(address(host, "/ruang/"))
        page.goto(address(host, "/admin/"))
        expect(page.locator("main h1, .w-header h1, h1").first).to_be_visible()
        return page

    yield enter
    for context in contexts:
        context.close()


def fetch(page, path, query=None, method="GET", token=""):
    """Ask as the page itself asks; returns (status, text)."""
    return page.evaluate(
        """async ([path, query, method, token]) => {
            const url = path + (query ? "?" + new URLSearchParams(query) : "");
            const headers = {"X-Requested-With": "XMLHttpRequest"};
            if (token) headers["X-CSRFToken"] = token;
            const answer = await fetch(url, {method, headers});
            return [answer.status, await answer.text()];
        }""",
        [path, query, method, token],
    )


def press(page, selector):
    """Press an action at the foot of the editor, unfolding the others when it is one of them."""
    button = page.locator(selector).first
    button.wait_for(state="attached")
    if not button.is_visible():
        page.locator("footer .w-dropdown__toggle").last.click()
    button.click()


def test_a_story_needs_two_people_and_then_everybody_reads_it(
    lebak, sign_in, browser, address, complaints
):
    campaign = make_campaign(lebak, title="Stop Kekerasan", slug="stop-kekerasan")
    editor = make_user("editor", lebak)
    moderator = make_user("moderator", lebak)

    page = sign_in(editor)
    page.goto(address("lebak", reverse("wagtailadmin_explore", args=[campaign.pk])))
    page.locator("a[href*='/add_subpage/']").first.click()
    page.locator("#id_title").fill(TITLE)
    page.locator("[data-streamfield-stream-container] button.c-sf-add-button").first.click()
    page.locator("[role=option]:visible").first.click()
    page.locator(".public-DraftEditor-content").last.fill(WORDS)
    # The rich-text editor hands its text to the form a moment later.
    page.wait_for_function(
        """words => [...document.querySelectorAll("[name$='-value']")]"""
        ".some(field => field.value.includes(words))",
        arg=WORDS,
    )
    press(page, "[name=action-submit]")
    page.wait_for_url("**/admin/pages/**")
    story = StoryPage.objects.get(title=TITLE)
    assert WORDS in story.get_latest_revision_as_object().body.render_as_block()
    assert story.live is False
    state = story.current_workflow_task_state

    # Whoever submitted it has no button, and no way round the missing button.
    edit = address("lebak", reverse("wagtailadmin_pages:edit", args=[story.pk]))
    page.goto(edit)
    assert page.locator("[data-workflow-action-name=approve]").count() == 0
    assert page.locator("[name=action-publish]").count() == 0
    act = reverse("wagtailadmin_pages:workflow_action", args=[story.pk, "approve", state.pk])
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    status, _said = fetch(page, act, method="POST", token=token)
    assert status in {403, 404}
    story.refresh_from_db()
    assert story.live is False
    read = address("lebak", "/kampanye/stop-kekerasan/" + story.slug + "/")
    stranger = complaints(browser.new_context())
    reader = stranger.new_page()
    assert reader.goto(read).status == 404

    second = sign_in(moderator)
    expect(second.locator("main")).to_contain_text(TITLE)
    second.goto(edit)
    press(second, "[data-workflow-action-name=approve]:not([data-workflow-action-modal-url])")
    second.wait_for_url(re.compile(r"/admin/(pages/\d+/)?$"))
    story.refresh_from_db()
    assert story.live is True

    assert reader.goto(read).status == 200
    expect(reader.locator("h1")).to_have_text(TITLE)
    expect(reader.locator("article")).to_contain_text(WORDS)
    stranger.close()


def test_the_editor_sees_the_other_district_nowhere(klaten, lebak, sign_in, address, client):
    make_campaign(lebak, title="Stop Kekerasan", slug="stop-kekerasan")
    editor = make_user("editor", lebak)
    things = klaten.things
    asked = {"q": canary.PUBLIC.lower().split("-")[0]}
    lists = {
        "explorer": (reverse("wagtailadmin_explore_root"), {}),
        "search": (reverse("wagtailadmin_pages:search"), asked),
        "page chooser": (reverse("wagtailadmin_choose_page"), {}),
        "page chooser search": (reverse("wagtailadmin_choose_page_search"), asked),
        "explorer menu": (reverse("wagtailadmin_api:pages:listing"), {"for_explorer": "1"}),
        "images": (reverse("wagtailimages:index"), asked),
        "image chooser": (reverse("wagtailimages_chooser:choose"), asked),
        "documents": (reverse("wagtaildocs:index"), asked),
        "document chooser": (reverse("wagtaildocs_chooser:choose"), asked),
        "tags": (reverse("wagtailadmin_tag_autocomplete"), {"term": "kanari"}),
        "account": (reverse("wagtailadmin_account"), {}),
        "organisations and channels": (reverse("wagtailadmin_home"), {}),
        **{name: (reverse(f"wagtailadmin_reports:{name}"), {}) for name in REPORTS},
    }
    single = {
        "page": reverse("wagtailadmin_pages:edit", args=[things["page"].pk]),
        "below": reverse("wagtailadmin_explore", args=[things["live_page"].pk]),
        "history": reverse("wagtailadmin_pages:history", args=[things["page"].pk]),
        "chooser below": reverse("wagtailadmin_choose_page_child", args=[things["live_page"].pk]),
        "image": reverse("wagtailimages:edit", args=[things["image"].pk]),
        "document": reverse("wagtaildocs:edit", args=[things["document"].pk]),
        "users": reverse("wagtailusers_users:index"),
        "user": reverse("wagtailusers_users:edit", args=[things["user"].pk]),
        "groups": reverse("wagtailusers_groups:index"),
    }

    # The canaries are there to be seen: their own editor meets them.
    client.force_login(klaten.users["editor"])
    for name in ("search", "images", "image chooser", "documents", "tags"):
        path, query = lists[name]
        body = client.get(path, query, headers={"host": klaten.host}).content.decode()
        assert canary.ANY in body.lower(), name

    page = sign_in(editor)
    seen = []

    def look(name, text):
        if canary.ANY in text.lower() or "klaten" in text.lower():
            spot = re.search(r".{60}(kanari-|klaten).{60}", text, re.I | re.S)
            seen.append((name, spot and spot[0]))

    look("admin home", page.content())
    doors = page.locator("nav a[href^='/admin/'], main a[href^='/admin/']")
    for path in sorted({door.get_attribute("href") for door in doors.all()}):
        look(path, fetch(page, path)[1])
    page.get_by_role("button", name=re.compile("Halaman|Pages")).first.click()
    page.locator(".c-page-explorer__item, .c-page-explorer").first.wait_for()
    look("explorer in the menu", page.content())
    for name, (path, query) in lists.items():
        status, text = fetch(page, path, query)
        look(name, text)
        assert status in {200, 404}, (name, status)
    nothing = fetch(page, "/admin/pages/77777777/edit/")
    assert nothing[0] == 404
    for name, path in single.items():
        assert fetch(page, path) == nothing, name
    assert seen == []
