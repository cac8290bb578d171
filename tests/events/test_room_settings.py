"""`/ruang/kalender/pengaturan/` and the private address of a member's calendar."""

from datetime import date

import pytest

from events.models import CalendarLink, CalendarSettings, LocalDay
from safeguards.models import AuditEntry
from safeguards.tokens import digest
from tests.factories.forms import opened_of
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
    opened = opened_of(admin.get(SETTINGS))
    sent = {"form": "atur", "opened": opened, "publishes_guarded": "on", "remind_days": "3"}
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
    sent["opened"] = opened_of(admin.get(SETTINGS), 1)
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
    # Sent twice it is kept once; other words are asked about, and then hold.
    assert admin.post(SETTINGS, sent).status_code == 303
    other = sent | {"label": "Hari jadi", "is_ordinary": "on"}
    stale = admin.post(SETTINGS, other)
    assert (stale.status_code, LocalDay.objects.get().label) == (409, "Hari jadi Klaten")
    assert [(one.theirs, one.mine) for one in stale.context["compared"]] == [
        ("Hari jadi Klaten", "Hari jadi"),
        ("tidak", "ya"),
    ]
    assert ("Hari jadi Klaten</td>" in text_of(stale), 'value="Hari jadi"' in text_of(stale)) == (
        True,
        True,
    )
    assert admin.post(SETTINGS, other | {"opened": opened_of(stale, 2)}).status_code == 303
    row = LocalDay.objects.get()
    assert (row.day, row.label, row.is_ordinary) == (date(2027, 7, 28), "Hari jadi", True)
    drop = f"{SETTINGS}hari/{row.pk}/hapus/"
    other = client_of("admin", make_district("lebak"))
    assert other.post(drop).status_code == 404
    assert admin.get(drop).status_code == 200
    assert LocalDay.objects.exists()
    assert admin.post(drop).status_code == 303
    assert not LocalDay.objects.exists()


@pytest.mark.parametrize(
    ("number", "form", "mine", "theirs", "field"),
    [
        (0, "atur", {"remind_days": "3", "registration_days": "30"}, "5", "remind_days"),
        (1, "hadir", {"corrects_days": "14", "person_days": "400"}, "60", "corrects_days"),
    ],
)
def test_settings_that_somebody_else_changed_are_not_overwritten(
    klaten, admin, number, form, mine, theirs, field
):
    other = client_of("admin", klaten)
    opened = {"form": form, "opened": opened_of(admin.get(SETTINGS), number)}
    assert other.post(SETTINGS, opened | mine | {field: theirs}).status_code == 303
    stale = admin.post(SETTINGS, opened | mine)
    assert stale.status_code == 409
    kept = CalendarSettings.objects.get(district=klaten)
    assert getattr(kept, field) == int(theirs)
    assert [(one.theirs, one.mine) for one in stale.context["compared"]] == [(theirs, mine[field])]
    assert f'value="{mine[field]}"' in text_of(stale)
    # The other form of the page knows nothing of it, and what was seen may be replaced.
    assert (
        admin.post(SETTINGS, opened | mine | {"opened": opened_of(stale, number)}).status_code
        == 303
    )
    kept.refresh_from_db()
    assert getattr(kept, field) == int(mine[field])


@pytest.mark.parametrize("opened", [{}, {"opened": ""}, {"opened": "0" * 64}])
def test_a_form_that_does_not_say_what_it_saw_overwrites_nothing(klaten, admin, opened):
    mine = {"form": "atur", "remind_days": "9", "registration_days": "9"}
    assert admin.post(SETTINGS, mine | opened).status_code == 409
    assert not CalendarSettings.objects.exists()
    assert admin.post(SETTINGS, mine | {"opened": "x" * 65}).status_code == 422


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
