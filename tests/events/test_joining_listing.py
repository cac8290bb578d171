"""Who comes, as the office and the proposer see it: list, spreadsheet, by hand, paging."""

import io
from datetime import timedelta
from uuid import uuid4

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext

from events.models import ConsentText, Occurrence, Registration, Reminder
from events.reminder_mail import send_due
from events.services import registering
from events.services.private_links import LINK
from events.views.joining import listing as view
from safeguards.models import AuditEntry
from tests.factories.events import make_event
from tests.factories.forms import opened_of
from tests.factories.joining import E164, NIK, PHONE, date_of, make_open_event, register
from tests.factories.places import make_district, make_user

pytestmark = pytest.mark.django_db
HOST = {"host": "klaten.localhost"}
SOON = timedelta(days=20)


@pytest.fixture
def event(klaten):
    return planned(klaten)


def planned(district, **changed):
    now = timezone.now()
    return make_open_event(district, **{"starts_at": now + SOON, "now": now} | changed)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def office(klaten):
    return signed_in(make_user("moderator", klaten))


def path(event, which=None, tail: str = "") -> str:
    return f"/ruang/kalender/{event.pk}/pendaftar/{which or date_of(event).pk}/{tail}"


def put(event, number: int = 1, **changed) -> list[Registration]:
    now = timezone.now()
    return [
        register(date_of(event), now=now, **{"email": f"orang{n}@contoh.invalid"} | changed)
        for n in range(number)
    ]


def by_hand(**changed) -> dict:
    return {
        "key": str(uuid4()),
        "kind": "orang",
        "name": "Pak Contoh",
        "seats": "1",
        "phone": PHONE,
        "agrees": "on",
    } | changed


def test_the_list_says_who_comes_and_leaves_a_trace(event, office):
    put(event, 3)
    for which in (None, f"{date_of(event).day:%Y-%m-%d}"):
        response = office.get(path(event, which), headers=HOST)
        assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")
    text = response.content.decode()
    assert [f"orang{n}@contoh.invalid" in text for n in range(3)] == [True] * 3
    traces = AuditEntry.objects.filter(verb="registrations.read")
    assert traces.count() == 2
    assert "contoh.invalid" not in str(traces.values())


def test_it_costs_the_same_for_one_and_for_three(
    event, office, django_assert_max_num_queries, django_assert_num_queries
):
    put(event)
    office.get(path(event), headers=HOST)
    with django_assert_max_num_queries(20) as one:
        office.get(path(event), headers=HOST)
    put(event, 3)
    with django_assert_num_queries(len(one)):
        office.get(path(event), headers=HOST)


def test_long_lists_have_pages(event, office, monkeypatch):
    monkeypatch.setattr(view, "ON_A_PAGE", 2)
    put(event, 5)
    last = office.get(f"{path(event)}?page=3", headers=HOST)
    assert last.content.decode().count('name="do" value="cancel"') == 1
    for wrong in ("4", "0", "satu", "9" * 30):
        assert office.get(f"{path(event)}?page={wrong}", headers=HOST).status_code == 404


def test_its_proposer_sees_it_others_do_not(klaten, event):
    put(event)
    kader, other = make_user("kader", klaten), make_user("kader", klaten)
    own = planned(klaten, proposer=kader)
    put(own)
    assert signed_in(kader).get(path(own), headers=HOST).status_code == 200
    for user, wanted in ((other, own), (kader, event)):
        for tail in ("", "daftar.xlsx"):
            assert signed_in(user).get(path(wanted, tail=tail), headers=HOST).status_code == 403
    monev = signed_in(make_user("monev", klaten))
    assert monev.get(path(event), headers=HOST).status_code == 403
    assert Client().get(path(event), headers=HOST).status_code == 302


def test_another_districts_list_is_as_one_that_is_not(klaten, office):
    foreign = planned(make_district("lebak"))
    own = planned(klaten)
    missing = office.get(path(own, 999_999), headers=HOST)
    wanted = [
        path(foreign),
        f"/ruang/kalender/{own.pk}/pendaftar/{date_of(foreign).pk}/",
        path(foreign, tail="daftar.xlsx"),
        path(own, "2026-02-31"),
    ]
    for address in wanted:
        response = office.get(address, headers=HOST)
        assert (response.status_code, response.content) == (404, missing.content)


def test_the_spreadsheet_reads_back_as_it_was_written(event, office):
    register(
        date_of(event),
        now=timezone.now(),
        kind="lembaga",
        name="=1+1",
        organisation_name="@SMP",
        phone=E164,
        seats=2,
    )
    response = office.get(path(event, tail="daftar.xlsx"), headers=HOST)
    assert response["Cache-Control"] == "private, no-store"
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    row = [cell.value for cell in sheet[2]]
    assert row[2:7] == ["=1+1", "@SMP", 2, "ibu@contoh.invalid", E164]
    assert [cell.data_type for cell in sheet[2]][2:4] == ["s", "s"]
    entry = AuditEntry.objects.get(verb="registrations.exported")
    assert entry.details["rows"] == 1


def test_one_is_cancelled_and_the_next_moves_up(klaten, office):
    event = planned(klaten, seats=1)
    first, second, third = put(event, 3)
    act = {"do": "cancel", "who": first.pk}
    response = office.post(path(event), act, headers=HOST)
    assert response.status_code == 303
    states = Registration.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["batal", "terdaftar", "menunggu"]
    # Nothing is free for the third.
    response = office.post(path(event), {"do": "let_in", "who": third.pk}, headers=HOST)
    assert response.status_code == 409
    stranger = put(planned(klaten))[0]
    for who in (stranger.pk, 0, "x", "9" * 40, "-1"):
        response = office.post(path(event), {"do": "cancel", "who": who}, headers=HOST)
        assert response.status_code == 404
    stranger.refresh_from_db()
    assert stranger.state == "terdaftar"


def test_somebody_who_called_is_written_down_once(event, office):
    form = by_hand()
    response = office.post(path(event), form, headers=HOST)
    mine = Registration.objects.get()
    assert (response.status_code, mine.phone, mine.state) == (200, E164, "terdaftar")
    token = LINK.token_of(mine.key)
    assert f"/kalender/pendaftaran/{token}/" in response.content.decode()
    office.post(path(event), form, headers=HOST)
    assert Registration.objects.count() == 1
    assert token not in office.get(path(event), headers=HOST).content.decode()
    assert ConsentText.objects.get().version == mine.consent.version


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 10_000}, "name"),
        ({"name": NIK}, "name"),
        ({"phone": ""}, "email"),
        ({"seats": "4"}, "seats"),
        ({"agrees": ""}, "agrees"),
        ({"key": "bukan"}, "name"),
    ],
)
def test_a_fault_keeps_what_was_typed(event, office, changed, field):
    response = office.post(path(event), by_hand(**changed), headers=HOST)
    text = response.content.decode()
    assert (response.status_code, Registration.objects.count()) == (422, 0)
    if "key" not in changed:
        assert f'id="id_{field}_error"' in text
    if "name" not in changed:
        assert 'value="Pak Contoh"' in text


def test_a_mail_that_failed_is_shown(event, office):
    put(event)
    Reminder.objects.update(state=Reminder.State.FAILED)
    text = office.get(path(event), headers=HOST).content.decode()
    assert "l-error" in text


def test_a_mail_that_failed_is_sent_again_or_noted_as_told(event, office):
    first, second = put(event, 2)
    Reminder.objects.filter(what="terdaftar").update(state=Reminder.State.FAILED)
    Reminder.objects.filter(registration=second, what="terdaftar").update(in_doubt=True)
    again = {"do": "again", "who": first.pk}
    codes = [office.post(path(event), again, headers=HOST).status_code for _n in range(2)]
    assert codes == [303, 409]
    assert office.post(path(event), again | {"who": second.pk}, headers=HOST).status_code == 409
    told = {"do": "told", "who": second.pk}
    assert office.post(path(event), told, headers=HOST).status_code == 303
    rows = Reminder.objects.filter(what="terdaftar").order_by("registration")
    assert list(rows.values_list("state", flat=True)) == ["menunggu", "tidak_perlu"]
    verbs = AuditEntry.objects.filter(verb__startswith="mail.").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["mail.tried_again", "mail.told_otherwise"]


@pytest.mark.parametrize("why", ["begun", "cancelled", "given_back"])
def test_a_mail_that_does_not_hold_any_more_can_only_be_told(event, office, why):
    [mine] = put(event)
    Reminder.objects.filter(what="terdaftar").update(state=Reminder.State.FAILED)
    if why == "begun":
        begun = timezone.now() - timedelta(hours=1)
        Occurrence.objects.filter(event=event).update(start=begun)
    elif why == "cancelled":
        Occurrence.objects.filter(event=event).update(is_cancelled=True)
    else:
        registering.cancel(registration=mine, now=timezone.now())
    text = office.get(path(event), headers=HOST).content.decode()
    assert ('value="again"' in text, 'value="told"' in text) == (False, True)
    again, told = ({"do": do, "who": mine.pk} for do in ("again", "told"))
    assert office.post(path(event), again, headers=HOST).status_code == 409
    owed = Reminder.objects.get(what="terdaftar")
    assert owed.state == Reminder.State.FAILED
    assert office.post(path(event), told, headers=HOST).status_code == 303
    owed.refresh_from_db()
    assert owed.state == Reminder.State.DROPPED


@pytest.mark.parametrize(
    ("off", "email", "hears"),
    [
        (False, "ibu@contoh.invalid", True),
        (True, "ibu@contoh.invalid", False),
        (False, "", False),
    ],
)
def test_a_mail_is_promised_only_where_one_is_sent(event, office, off, email, hears):
    [mine] = put(event, email=email, phone=E164)
    Reminder.objects.all().delete()
    Occurrence.objects.filter(event=event).update(is_cancelled=off)
    act = {"do": "cancel", "who": mine.pk}
    text = office.post(path(event), act, headers=HOST, follow=True).content.decode()
    with translation.override("id"):
        promise = gettext("The registration is cancelled. They get a mail that says so.")
        request = gettext("The registration is cancelled. Please tell them yourself.")
    assert (promise in text, request in text) == (hears, not hears)
    assert send_due(timezone.now()) == int(hears)


def test_members_only_sessions_have_a_list_too(klaten, office):
    event = make_event(
        klaten, kind="pertemuan-pkk", starts_at=timezone.now() + SOON, now=timezone.now()
    )
    assert office.post(path(event), by_hand(), headers=HOST).status_code == 200
    assert Registration.objects.get().occurrence.event == event


def test_the_consent_text_is_changed_by_those_who_settle(klaten):
    admin = signed_in(make_user("admin", klaten))
    address = "/ruang/kalender/persetujuan/"
    opened = opened_of(admin.get(address, headers=HOST))
    assert ConsentText.objects.count() == 0
    text = "Kantor menyimpan nama saya untuk kegiatan ini saja."
    sent = {"text_id": text, "opened": opened}
    assert admin.post(address, sent, headers=HOST).status_code == 303
    assert ConsentText.objects.first().text_id == text
    for wrong in ("pendek", "x" * 10_000, f"{text} NIK {NIK}"):
        response = admin.post(address, {"text_id": wrong}, headers=HOST)
        assert (response.status_code, wrong[:20] in response.content.decode()) == (422, True)
    kader = signed_in(make_user("kader", klaten))
    assert kader.get(address, headers=HOST).status_code == 403
    assert ConsentText.objects.count() == 2


def test_a_consent_text_that_somebody_else_changed_is_shown_beside_mine(klaten):
    first, second = (signed_in(make_user("admin", klaten)) for _one in (1, 2))
    address = "/ruang/kalender/persetujuan/"
    opened = {"opened": opened_of(first.get(address, headers=HOST))}
    theirs = "Kantor menyimpan nama saya untuk kegiatan ini saja."
    mine = "Kantor menyimpan nama saya sampai kegiatan ini selesai."
    for _time in (1, 2):
        answer = second.post(address, opened | {"text_id": theirs}, headers=HOST)
        assert answer.status_code == 303
    stale = first.post(address, opened | {"text_id": mine}, headers=HOST)
    assert (stale.status_code, ConsentText.objects.count()) == (409, 2)
    assert [(one.theirs, one.mine) for one in stale.context["compared"]] == [(theirs, mine)]
    page = stale.content.decode()
    assert (f"{theirs}</td>" in page, f"{mine}</textarea>" in page) == (True, True)
    again = {"text_id": mine, "opened": opened_of(stale)}
    assert first.post(address, again, headers=HOST).status_code == 303
    assert ConsentText.objects.order_by("-version").first().text_id == mine
