"""An editor of Lebak publishes a story with a second person, and sees Klaten nowhere."""

import re

import pytest
from django.core.management import call_command
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
    for record in (side.things[name] for name in ("organisation", "channel", "commitment")):
        rows = type(record).objects.filter(pk=record.pk)
        rows.update(**canary.words(canary.SECRET, type(record)))
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


def lists(things) -> dict[str, list[tuple[str, dict]]]:
    """What is asked in lists: they answer, or stay shut, and show nothing of another district."""
    asked = {"q": canary.PUBLIC.lower().split("-")[0]}
    tags = {"term": asked["q"]}
    explorer = {"for_explorer": "1", "child_of": str(things["live_page"].get_parent().pk)}
    found = {
        "pages": [
            ("wagtailadmin_home", {}),
            ("wagtailadmin_explore_root", {}),
            ("wagtailadmin_pages:search", asked),
            ("wagtailadmin_api:pages:listing", explorer),
        ],
        "images": [("wagtailimages:index", {}), ("wagtailimages:index", asked)],
        "documents": [("wagtaildocs:index", {}), ("wagtaildocs:index", asked)],
        # Records of ours have screens of their own; Wagtail's for snippets stays shut.
        "snippets": [
            ("wagtailsnippets:index", {}),
            ("organisasi:index", {}),
            ("channels:index", {}),
            ("channels:waiting", {}),
            ("commitments:index", {}),
        ],
        "choosers": [
            ("wagtailadmin_choose_page", {}),
            ("wagtailadmin_choose_page_search", asked),
            ("wagtailimages_chooser:choose", asked),
            ("wagtaildocs_chooser:choose", asked),
            ("wagtailadmin_workflows:task_chooser", {}),
        ],
        "history": [("wagtailadmin_reports:site_history", {})],
        "reports": [(f"wagtailadmin_reports:{name}", {}) for name in REPORTS],
        "users": [
            ("wagtailadmin_account", {}),
            ("wagtailusers_users:index", {}),
            ("wagtailusers_groups:index", {}),
        ],
        "tags": [("wagtailadmin_tag_autocomplete", tags)],
    }
    return {
        name: [(reverse(view), query) for view, query in screens] for name, screens in found.items()
    }


def of_klaten(things) -> dict[str, list[str]]:
    """The addresses of Klaten's own things; for others they are nothing at all."""
    page, image, document = (things[name].pk for name in ("page", "image", "document"))
    below, user = things["live_page"].pk, things["user"].pk
    found = {
        "pages": [
            ("wagtailadmin_pages:edit", page),
            ("wagtailadmin_pages:view_draft", page),
            ("wagtailadmin_pages:usage", page),
            ("wagtailadmin_explore", below),
        ],
        "images": [("wagtailimages:edit", image), ("wagtailimages:image_usage", image)],
        "documents": [("wagtaildocs:edit", document), ("wagtaildocs:document_usage", document)],
        "snippets": [
            ("organisasi:edit", things["organisation"].pk),
            ("channels:detail", things["channel"].pk),
            ("channels:change", things["channelchange"].pk),
            ("commitments:detail", things["commitment"].pk),
        ],
        "choosers": [
            ("wagtailadmin_choose_page_child", below),
            ("wagtailimages_chooser:chosen", image),
            ("wagtailimages_chooser:select_format", image),
            ("wagtaildocs_chooser:chosen", document),
        ],
        "history": [
            ("wagtailadmin_pages:history", page),
            ("wagtailadmin_pages:workflow_history", page),
            ("wagtailusers_users:history", user),
        ],
        "users": [("wagtailusers_users:edit", user), ("wagtailusers_users:usage", user)],
    }
    return {
        name: [reverse(view, args=[key]) for view, key in screens]
        for name, screens in found.items()
    }


def meets_canaries(client, side, path, query) -> bool:
    answer = client.get(path, query, headers={"host": side.host})
    return canary.ANY in answer.content.decode().lower()


def test_the_editor_sees_the_other_district_nowhere(klaten, lebak, sign_in, address, client):
    make_campaign(lebak, title="Stop Kekerasan", slug="stop-kekerasan")
    editor = make_user("editor", lebak)
    # The canaries are there to be seen; the long form looks for them on every screen.
    client.force_login(make_user("editor", klaten.district, name="Biasa"))
    for name in ("images", "documents", "tags"):
        assert meets_canaries(client, klaten, *lists(klaten.things)[name][-1]), name
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
    for name, screens in lists(klaten.things).items():
        for path, query in screens:
            status, text = fetch(page, path, query)
            look(f"{name}: {path}", text)
            assert status in {200, 404}, (name, path, status)
    nothing = fetch(page, "/admin/pages/77777777/edit/")
    assert nothing[0] == 404
    for name, paths in of_klaten(klaten.things).items():
        for path in paths:
            assert fetch(page, path) == nothing, (name, path)
    assert seen == []


def test_whoever_may_see_klaten_meets_it_on_each_of_these_screens(klaten, client):
    """The canaries are there to be seen: by an editor of Klaten, or by the nation for the rest."""
    call_command("rebuild_modelsearch_index", verbosity=0)
    people = (make_user("editor", klaten.district, name="Biasa"), make_user("superuser"))
    asked = [
        (name, *screen) for name, screens in lists(klaten.things).items() for screen in screens
    ]
    asked += [
        (name, path, {}) for name, paths in of_klaten(klaten.things).items() for path in paths
    ]
    unseen = set()
    for name, path, query in asked:
        for person in people:
            client.force_login(person)
            if meets_canaries(client, klaten, path, query):
                break
        else:
            unseen.add((name, path))
    # Nothing of a district can stand there, or its short name alone.
    assert unseen == {
        ("snippets", reverse("wagtailsnippets:index")),
        ("choosers", reverse("wagtailadmin_choose_page")),
        ("users", reverse("wagtailadmin_account")),
        ("users", reverse("wagtailusers_groups:index")),
    }
