"""Registering on a phone without JavaScript, waiting, moving up; an organisation answers."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from events.models import InvitedOrganisation, Registration
from tests.browser.fitting import FITS
from tests.factories.events import make_terms
from tests.factories.joining import date_of, make_open_event
from tests.factories.places import PASSWORD, make_district, make_user, national

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
PRIVATE = re.compile(r"/kalender/pendaftaran/[\w-]{32}/(#periksa)?$")


@pytest.fixture
def klaten(transactional_db, monkeypatch):
    monkeypatch.setattr("safeguards.tickets.AT_LEAST", timedelta(0))
    national()
    make_terms()
    return make_district("klaten")


@pytest.fixture
def event(klaten):
    now = timezone.now()
    start = (now + timedelta(days=20)).replace(hour=2, minute=0, second=0, microsecond=0)
    return make_open_event(klaten, seats=1, starts_at=start, now=now)


@pytest.fixture
def phone(browser, browser_context_args, complaints):
    """A page on a phone that runs no script."""
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    yield complaints(context).new_page()
    context.close()


def path(event) -> str:
    return f"/kalender/{event.slug}/{date_of(event).day:%Y-%m-%d}/daftar/"


def register(page, event, address, name: str) -> str:
    """Fill in the form and send it; the address of the private page."""
    page.goto(address("klaten", path(event)))
    page.locator("[name=name]").fill(name)
    page.locator("[name=phone]").fill("08" + "1" * 9)
    page.locator("[name=agrees]").check()
    page.locator("[name=adult]").check()
    page.locator("main form button.l-large").click()
    expect(page).to_have_url(PRIVATE)
    return page.url.split("#")[0]


def sign_in(page, address, user, where: str) -> None:
    page.goto(address("klaten", where))
    page.locator("[name=login]").fill(user.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button.l-button").click()
    expect(page).to_have_url(address("klaten", where))


def test_one_gets_the_place_another_waits_and_moves_up(phone, event, address, complaints):
    phone.goto(address("klaten", path(event)))
    # The consent is forgotten at first: the fault stands beside it, the rest stays.
    phone.locator("[name=name]").fill("Ibu Satu")
    phone.locator("[name=email]").fill("satu@contoh.invalid")
    phone.locator("main form button.l-large").click()
    expect(phone.locator("#id_agrees_error")).to_be_visible()
    expect(phone.locator("[name=name]")).to_have_value("Ibu Satu")
    complaints.said.clear()
    first = register(phone, event, address, "Ibu Satu")
    expect(phone.locator("a[href$='kegiatan.ics']")).to_be_visible()
    second = register(phone, event, address, "Ibu Dua")
    expect(phone.locator("a[href$='kegiatan.ics']")).to_have_count(0)
    phone.goto(first)
    phone.locator("a[href$='/batal/']").click()
    assert Registration.objects.filter(state="batal").count() == 0
    phone.locator("main button.l-danger").click()
    expect(phone).to_have_url(first)
    expect(phone.locator("a[href$='/batal/']")).to_have_count(0)
    phone.goto(second)
    expect(phone.locator("a[href$='kegiatan.ics']")).to_be_visible()
    states = Registration.objects.order_by("pk").values_list("name", "state")
    assert list(states) == [("Ibu Satu", "batal"), ("Ibu Dua", "terdaftar")]


def test_an_invited_organisation_answers_by_its_link(
    page, phone, event, klaten, address, complaints, axe
):
    complaints(page.context)
    where = f"/ruang/kalender/{event.pk}/undangan/"
    sign_in(page, address, make_user("admin", klaten), where)
    page.locator("[name=label]").fill("Polsek Contoh")
    page.locator("form.j-add button").click()
    expect(page.locator(".j-people")).to_contain_text("Polsek Contoh")
    page.locator("button[value=link]").click()
    link = page.locator("#tautan").input_value()
    assert axe(page) == []
    assert page.evaluate(FITS)
    phone.goto(address("klaten", re.search(r"/kalender/.*", link)[0]))
    expect(phone.locator("h1")).to_have_text("Polsek Contoh")
    phone.locator("[name=answer][value=diwakili]").check()
    phone.locator("[name=people]").fill("2")
    phone.locator("[name=role]").fill("Kanit PPA")
    phone.locator("main form button.l-large").click()
    expect(phone.locator("main [role=status]")).to_be_visible()
    expect(phone.locator("[name=people]")).to_have_value("2")
    page.goto(address("klaten", where))
    expect(page.locator(".j-people")).to_contain_text("Kanit PPA")
    answer = InvitedOrganisation.objects.get()
    assert (answer.answer, answer.people) == ("diwakili", 2)


def test_what_is_kept_of_somebody_is_mended_taken_and_erased(phone, event, address, complaints):
    mine = register(phone, event, address, "Ibu Stau")
    phone.locator("main a[href$='/ubah/']").click()
    assert phone.evaluate(FITS)
    # Nothing is saved while something is missing, and what was typed stays.
    phone.locator("[name=organisation_name]").fill("PKK Desa Contoh")
    phone.locator("[name=name]").fill("")
    phone.locator("main form button.l-large").click()
    expect(phone.locator("#id_name_error")).to_be_visible()
    expect(phone.locator("[name=organisation_name]")).to_have_value("PKK Desa Contoh")
    assert Registration.objects.get().name == "Ibu Stau"
    complaints.said.clear()
    phone.locator("[name=name]").fill("Ibu Satu")
    phone.locator("main form button.l-large").click()
    expect(phone).to_have_url(PRIVATE)
    expect(phone.locator(".j-told")).to_contain_text("Ibu Satu")

    with phone.expect_download() as taken:
        phone.locator("main a[href$='/data.json']").click()
    told = json.loads(Path(taken.value.path()).read_text(encoding="utf-8"))
    assert {"Ibu Satu", "PKK Desa Contoh"} <= set(flat(told))

    phone.locator("main a[href$='/hapus/']").click()
    assert phone.evaluate(FITS)
    assert Registration.objects.get().name == "Ibu Satu"
    phone.locator("main button.l-danger").click()
    expect(phone.locator("main button.l-danger")).to_have_count(0)
    assert [row.name for row in Registration.objects.all() if row.name] == []
    phone.goto(mine)
    assert "Ibu Satu" not in phone.content()
    complaints.said.clear()


def flat(told) -> Iterator[str]:
    """Every text in what JSON holds."""
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict | list):
        for one in told.values() if isinstance(told, dict) else told:
            yield from flat(one)


@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_each_screen_is_accessible_and_fits(
    browser, browser_context_args, complaints, address, klaten, event, axe, width, scheme
):
    context = browser.new_context(
        **browser_context_args
        | {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    )
    try:
        page = complaints(context).new_page()

        def is_good(where: str = "") -> None:
            if where:
                page.goto(address("klaten", where))
            assert axe(page) == []
            assert page.evaluate(FITS)

        is_good(path(event))
        with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
            page.locator("main form button.l-large").click()
        assert sent.value.status == 422
        complaints.said.clear()
        is_good()
        private = re.search(r"/kalender/.*", register(page, event, address, "Ibu Contoh"))[0]
        is_good(private)
        is_good(f"{private}batal/")
        register(page, event, address, "Ibu " + "Panjang" * 15)
        is_good()
        row = date_of(event)
        sign_in(page, address, make_user("admin", klaten), "/ruang/kalender/persetujuan/")
        is_good()
        is_good(f"/ruang/kalender/{event.pk}/pendaftar/{row.pk}/")
        is_good(f"/ruang/kalender/{event.pk}/undangan/")
    finally:
        context.close()
