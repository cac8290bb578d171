"""Who owns a number says by a one-time link whether it is right; without an account or a script."""

import pytest
from playwright.sync_api import expect

from districts.models import Channel, ChannelChange
from districts.services.channels import issue_owner_link, propose_change
from tests.browser.fitting import FITS
from tests.factories.channels import make_channel
from tests.factories.places import make_user

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

OLD, NEW = "tel:+622719990011", "tel:+622715550199"


@pytest.fixture
def editor(klaten):
    """Has proposed another number for the one channel there is."""
    editor = make_user("editor", klaten)
    channel = make_channel(klaten, label="UPTD PPA", value="+622719990011", display="0271 9990011")
    propose_change(
        district=klaten,
        actor=editor,
        channel=channel,
        fields={"value": "0271 555 0199", "display": "(0271) 555-0199"},
    )
    return editor


@pytest.fixture
def link_from_a_colleague(editor, klaten, open_page, sign_in):
    """`link_from_a_colleague()`: she finds the question in her workspace and makes the link."""

    def make() -> str:
        colleague = open_page()
        sign_in(colleague, make_user("moderator", klaten), "/ruang/")
        colleague.locator("main a[href='/ruang/saluran/']").click()
        colleague.locator("main button[value=link]").click()
        link = colleague.locator("#owner-link").input_value()
        share = colleague.locator("a[href^='https://wa.me/?text=']")
        assert link in share.evaluate("a => new URL(a.href).searchParams.get('text')")
        assert colleague.evaluate(FITS)
        return link

    return make


@pytest.mark.parametrize(
    ("answer", "status", "number"), [("yes", "approved", NEW), ("no", "rejected", OLD)]
)
def test_the_owner_answers_once(
    link_from_a_colleague, open_page, address, axe, answer, status, number
):
    link = link_from_a_colleague()
    # WhatsApp looks at a link before anybody taps it; that spends nothing.
    seen = open_page()
    seen.goto(link)
    assert axe(seen) == []

    owner = open_page(java_script_enabled=False)
    assert owner.goto(link).status == 200
    assert owner.evaluate(FITS)
    said = owner.locator("main").inner_text()
    assert "UPTD PPA" in said
    # A swapped number is seen beside the one that stands there now.
    shown = [owner.get_by_text(number) for number in ("0271 9990011", "(0271) 555-0199")]
    now, proposed = (number.bounding_box() for number in shown)
    assert now["y"] + now["height"] <= proposed["y"]
    yes, no = (owner.locator(f"button[value={one}]").bounding_box() for one in ("yes", "no"))
    assert min(yes["height"], no["height"]) >= 48
    # A thumb on one is not on the other.
    gaps = (no["y"] - yes["y"] - yes["height"], no["x"] - yes["x"] - yes["width"])
    assert max(gaps) >= 8
    owner.locator(f"button[value={answer}]").click()
    expect(owner.locator("main form")).to_have_count(0)
    expect(owner.locator("main h1")).to_be_visible()
    change = ChannelChange.objects.get()
    assert (change.status, change.decided_via, change.decided_by) == (status, "owner", None)

    # Dead for everybody, in whatever way it is opened again.
    assert owner.goto(link).status == 410
    assert seen.goto(link).status == 410
    owner.goto(address("klaten", "/bantuan/"))
    expect(owner.locator(f"a[href='{number}']").first).to_be_attached()
    expect(owner.locator(f"a[href='{NEW if number == OLD else OLD}']")).to_have_count(0)


def test_the_proposer_is_not_the_owner(link_from_a_colleague, editor, open_page, sign_in, address):
    link = link_from_a_colleague()
    path = link.removeprefix(address("klaten", "").rstrip("/"))
    mine = open_page()
    # No link is made for who proposed it, and one that was passed on takes no answer of theirs.
    sign_in(mine, editor, "/ruang/saluran/")
    expect(mine.locator("button[value=link]")).to_have_count(0)
    for answer in ("yes", "no"):
        mine.goto(address("klaten", path))
        with mine.expect_response(link) as said:
            mine.locator(f"button[value={answer}]").click()
        assert said.value.status == 403
    assert ChannelChange.objects.get().status == "waiting"

    # It still waits for its owner.
    owner = open_page(java_script_enabled=False)
    owner.goto(link)
    owner.locator("button[value=yes]").click()
    expect(owner.locator("main form")).to_have_count(0)
    assert Channel.objects.get().value == NEW.removeprefix("tel:")


def test_a_link_that_was_made_anew_and_one_nobody_made_are_unknown(
    link_from_a_colleague, editor, klaten, open_page, address
):
    old = link_from_a_colleague()
    issue_owner_link(change=ChannelChange.objects.get(), actor=make_user("admin", klaten))
    phone = open_page(java_script_enabled=False)
    for link in (old, address("klaten", f"/saluran/{'x' * 43}/")):
        assert phone.goto(link).status == 404
        expect(phone.locator("main h1")).to_be_visible()
        expect(phone.locator("main form")).to_have_count(0)
    assert ChannelChange.objects.get().status == "waiting"
