"""`/ruang/kalender/pengaturan/` and the private address of a member's calendar."""

from datetime import date

import pytest

from events.models import CalendarLink, CalendarSettings, LocalDay
from safeguards.models import AuditEntry
from safeguards.tokens import digest
from tests.factories.places import make_district
from tests.factories.planning import client_of, text_of

pytestmark = pytest.mark.django_db
SETTINGS = "/ruang/kalender/pengaturan/"
LINK = "/ruang/kalender/langganan/"


@pytest.fixture
def klaten():
    return make_district("klaten")


@pytest.fixture
def admin(klaten):
    return client_of("admin", klaten)


def test_the_office_decides_whom_it_trusts(klaten, admin):
    form = admin.get(SETTINGS).context["form"]
    assert (form["trusts_members"].value(), form["remind_days"].value()) == (True, 2)
    sent = {"form": "atur", "publishes_guarded": "on", "remind_days": "3"}
    wrong = admin.post(SETTINGS, sent | {"registration_days": "0"})
    assert wrong.status_code == 422
    assert 'value="3"' in text_of(wrong)
    assert admin.post(SETTINGS, sent | {"registration_days": "60"}).status_code == 303
    row = CalendarSettings.objects.get(district=klaten)
    assert (row.trusts_members, row.publishes_guarded) == (False, True)
    assert (row.remind_days, row.registration_days) == (3, 60)
    assert AuditEntry.objects.filter(verb="calendar.settings").count() == 1


def test_the_office_decides_how_it_keeps_attendance(klaten, admin):
    form = admin.get(SETTINGS).context["attendance"]
    assert (form["names_minors"].value(), form["corrects_days"].value()) == (False, 30)
    sent = {"form": "hadir", "names_minors": "on", "corrects_days": "14", "person_days": "400"}
    wrong = admin.post(SETTINGS, sent | {"closed_until": "2999-01-01"})
    assert wrong.status_code == 422
    assert 'value="400"' in text_of(wrong)
    assert admin.post(SETTINGS, sent | {"closed_until": "2026-01-31"}).status_code == 303
    row = CalendarSettings.objects.get(district=klaten)
    assert (row.names_minors, row.corrects_days, row.person_days) == (True, 14, 400)
    assert (row.closed_until, row.trusts_members) == (date(2026, 1, 31), True)
    other = client_of("moderator", klaten)
    assert other.post(SETTINGS, sent).status_code == 403


def test_special_days_are_kept_and_forgotten(klaten, admin):
    sent = {"form": "hari", "day": "2027-07-28", "label": "Hari jadi Klaten"}
    assert admin.post(SETTINGS, sent | {"day": "99999-01-01"}).status_code == 422
    assert admin.post(SETTINGS, sent).status_code == 303
    # Said again, it is the newest word that holds.
    admin.post(SETTINGS, sent | {"label": "Hari jadi", "is_ordinary": "on"})
    row = LocalDay.objects.get()
    assert (row.day, row.label, row.is_ordinary) == (date(2027, 7, 28), "Hari jadi", True)
    drop = f"{SETTINGS}hari/{row.pk}/hapus/"
    other = client_of("admin", make_district("lebak"))
    assert other.post(drop).status_code == 404
    assert admin.get(drop).status_code == 200
    assert LocalDay.objects.exists()
    assert admin.post(drop).status_code == 303
    assert not LocalDay.objects.exists()


def test_a_form_we_do_not_know_changes_nothing(admin):
    assert admin.post(SETTINGS, {"form": "x"}).status_code == 400


@pytest.mark.parametrize("role", ["kader", "moderator", "editor", "monev"])
def test_only_the_administrator_decides(klaten, role):
    client = client_of(role, klaten)
    assert client.get(SETTINGS).status_code == 403
    assert client.post(SETTINGS, {"form": "atur"}).status_code == 403
    assert client.post(f"{SETTINGS}hari/1/hapus/").status_code == 403


def test_the_private_address_is_shown_once_and_ends(klaten):
    kader = client_of("kader", klaten)
    assert kader.get(LINK).context["known"] is None
    made = kader.post(LINK, {"act": "buat"})
    assert made.status_code == 201
    address = made.context["address"]
    token = address.rsplit("/", 1)[1].removesuffix(".ics")
    assert address.startswith(f"http://{klaten.site.hostname}/ruang/kalender/")
    assert address in text_of(made)
    assert made["Cache-Control"] == "private, no-store"
    link = CalendarLink.objects.get()
    assert (link.member, link.token_digest) == (kader.user, digest(token))
    assert token not in text_of(kader.get(LINK))
    kader.post(LINK, {"act": "buat"})
    link.refresh_from_db()
    assert link.revoked_at is not None
    assert CalendarLink.objects.filter(revoked_at=None).count() == 1
    assert kader.post(LINK, {"act": "akhiri"}).status_code == 303
    assert CalendarLink.objects.filter(revoked_at=None).count() == 0
    assert kader.post(LINK, {"act": "?"}).status_code == 400
