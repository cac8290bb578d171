"""Who planned a session, in the lists of the workspace: named behind the second factor alone."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories.events import make_event
from tests.factories.places import make_user
from tests.factories.planning import client_of, text_of
from tests.factories.reports import past_date

pytestmark = pytest.mark.django_db
SECOND_STEP = "/masuk/langkah-kedua/?next="
PLANNER = "Sri Kanari Wulandari"


@pytest.fixture
def planner(klaten):
    user = make_user("kader", klaten)
    user.name = PLANNER
    user.save(update_fields=["name"])
    return user


@pytest.fixture
def strict(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def give_second_factor(client) -> None:
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]
    session["account_authentication_methods_user"] = str(client.user.pk)
    session.save()


@pytest.fixture
def pages(klaten, planner):
    """The lists and the page of a session, each with something that this cadre planned."""
    soon = {"proposer": planner, "starts_at": timezone.now() + timedelta(days=3)}
    past_date(klaten, proposer=planner)
    make_event(klaten, **soon, published=False, title="Usulan")
    event = make_event(klaten, **soon, title="Rapat terbuka")
    return {
        "/ruang/laporan/": "laporan/",
        "/ruang/kalender/?milik=semua&kapan=lewat": "kalender/",
        "/ruang/kalender/?milik=semua": "kalender/",
        "/ruang/kalender/usulan/": "Usulan",
        f"/ruang/kalender/{event.pk}/": "Rapat terbuka",
    }


def test_the_lists_are_open_and_name_nobody_without_it(klaten, pages, strict):
    office = client_of("moderator", klaten)
    for page, shown in pages.items():
        answer = office.get(page)
        text = text_of(answer)
        assert (answer.status_code, shown in text) == (200, True), page
        assert PLANNER not in text, page


def test_they_lead_to_the_names_and_back(klaten, pages, strict):
    office = client_of("moderator", klaten)
    assert f'href="{SECOND_STEP}%2Fruang%2Flaporan%2F"' in text_of(office.get("/ruang/laporan/"))
    give_second_factor(office)
    for page in pages:
        text = text_of(office.get(page))
        assert (PLANNER in text, SECOND_STEP in text) == (True, False), page


def test_a_cadre_goes_on_working_and_reads_her_own_name(klaten, planner, pages, strict):
    hers, other = client_of("kader", klaten, user=planner), client_of("kader", klaten)
    event = list(pages)[-1]
    assert PLANNER in text_of(hers.get(event))
    for path in ("/ruang/laporan/", "/ruang/kalender/", "/ruang/kalender/usul/", event):
        assert [hers.get(path).status_code, other.get(path).status_code] == [200, 200]
    assert PLANNER not in text_of(other.get("/ruang/kalender/?milik=semua"))
    # What names people who came stays shut.
    assert other.get(f"{event}sertifikat/")["Location"].startswith("/masuk/langkah-kedua/")
