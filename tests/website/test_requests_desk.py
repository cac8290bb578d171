"""`/ruang/permintaan/`: who sees requests, and how the office answers them."""

import io
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from campaigns.models import SessionRequest
from campaigns.services import session_requests as services
from campaigns.services.request_links import token_of
from safeguards.models import AuditEntry
from tests.factories.places import make_user
from tests.factories.requests import last_step, make_request

pytestmark = pytest.mark.django_db
HOST = {"host": "lebak.localhost"}
LIST = "/ruang/permintaan/"
ANSWERERS = ("editor", "moderator", "admin")


def client_of(role, district):
    client = Client()
    client.force_login(make_user(role, district))
    return client


@pytest.fixture
def moderator(lebak):
    return client_of("moderator", lebak)


def page_of(request):
    return f"{LIST}{request.pk}/"


def text_of(response) -> str:
    return response.content.decode()


def answer(client, request, **changed):
    form = {"act": "ditanya", "message": "Ada listrik?", "seen_step": last_step(request)}
    return client.post(page_of(request), form | changed, headers=HOST)


@pytest.mark.parametrize("role", ["guru", "kader", "mitra", "koordinator", "monev"])
def test_other_roles_are_refused_whether_the_request_exists_or_not(lebak, role):
    request = make_request(lebak)
    client = client_of(role, lebak)
    answers = [
        client.get(path, headers=HOST)
        for path in (LIST, f"{LIST}daftar.xlsx", page_of(request), f"{LIST}999999/")
    ]
    assert [response.status_code for response in answers] == [403] * 4
    assert len({response.content for response in answers}) == 1
    assert LIST not in text_of(client.get("/ruang/", headers=HOST))


def test_nobody_gets_in_without_signing_in(lebak):
    request = make_request(lebak)
    for path in (LIST, f"{LIST}daftar.xlsx", page_of(request)):
        response = Client().get(path, headers=HOST)
        assert response.status_code == 302
        assert "/masuk/" in response["Location"]


@pytest.mark.parametrize("role", ANSWERERS)
def test_those_who_answer_see_list_page_and_count(lebak, role):
    request = make_request(lebak, asker="SMP Melati")
    client = client_of(role, lebak)
    listed = client.get(LIST, headers=HOST)
    assert listed["Cache-Control"] == "private, no-store"
    assert "SMP Melati" in text_of(listed)
    assert request.contact_phone not in text_of(listed)
    page = client.get(page_of(request), headers=HOST)
    assert f'href="tel:{request.contact_phone}"' in text_of(page)
    assert f'href="https://wa.me/{request.contact_phone[1:]}"' in text_of(page)
    assert LIST in text_of(client.get("/ruang/", headers=HOST))


def test_another_districts_request_is_a_missing_one(lebak, klaten, moderator):
    theirs = make_request(klaten, asker="SMP Rahasia")
    found = moderator.get(page_of(theirs), headers=HOST)
    missing = moderator.get(f"{LIST}99999999/", headers=HOST)
    assert found.status_code == missing.status_code == 404
    assert found.content == missing.content
    form = {"act": "ditolak", "message": "Tidak", "seen_step": last_step(theirs)}
    assert moderator.post(page_of(theirs), form, headers=HOST).status_code == 404
    assert "SMP Rahasia" not in text_of(moderator.get(f"{LIST}?status=semua", headers=HOST))
    theirs.refresh_from_db()
    assert theirs.state == "baru"


def test_every_look_at_a_contact_leaves_a_trace_without_the_contact(lebak, moderator):
    request = make_request(lebak)
    moderator.get(page_of(request), headers=HOST)
    moderator.get(f"{LIST}daftar.xlsx", headers=HOST)
    read = AuditEntry.objects.get(verb="request.read")
    assert (read.object_id, read.site_id) == (str(request.pk), lebak.site_id)
    assert AuditEntry.objects.get(verb="request.exported").details == {"rows": 1}
    assert request.contact_phone not in str(list(AuditEntry.objects.values()))


def test_the_list_is_narrowed_by_state_kecamatan_and_number(lebak, moderator):
    here = f"{lebak.region_id}.01"
    first = make_request(lebak, asker="SMP Satu", region=region(f"{here}.2001"))
    second = make_request(lebak, asker="SMP Dua", region=region(f"{lebak.region_id}.05"))
    closed = make_request(lebak, asker="SMP Tiga")
    services.withdraw(request=closed, now=timezone.now())

    def names(query):
        response = moderator.get(f"{LIST}{query}", headers=HOST)
        assert response.status_code == 200, query
        return {name for name in ("SMP Satu", "SMP Dua", "SMP Tiga") if name in text_of(response)}

    assert names("") == {"SMP Satu", "SMP Dua"}
    assert names("?status=semua") == {"SMP Satu", "SMP Dua", "SMP Tiga"}
    assert names("?status=ditarik") == {"SMP Tiga"}
    assert names(f"?kec={here}") == {"SMP Satu"}
    assert names(f"?nomor={closed.number}") == {"SMP Tiga"}
    assert names("?nomor=%00") == set()
    assert names(f"?nomor={'9' * 300}") == set()
    assert names("?status=ditolak") == set()
    for query in ("?status=hantu", "?kec=31.71.01", "?page=1000000000", "?page=x"):
        assert moderator.get(f"{LIST}{query}", headers=HOST).status_code == 404
    assert {first.state, second.state} == {"baru"}


def region(code):
    from districts.models import Region

    return Region.objects.get(pk=code)


def test_a_list_costs_the_same_for_one_and_three(lebak, moderator, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    code = f"{lebak.region_id}.01.2001"
    make_request(lebak, region=region(code))
    moderator.get(LIST, headers=HOST)
    with CaptureQueriesContext(connection) as one:
        moderator.get(LIST, headers=HOST)
    make_request(lebak, region=region(code))
    make_request(lebak, region=region(f"{lebak.region_id}.05.2001"))
    with django_assert_num_queries(len(one)):
        moderator.get(LIST, headers=HOST)


def test_many_requests_come_in_pages(lebak, moderator):
    rows = SessionRequest.objects
    first = make_request(lebak)
    for number in range(2, 33):
        first.pk, first.key, first.token_digest = None, f"{number:032}", f"{number:064}"
        first.number = f"2026-{number:04}"
        first.save(force_insert=True)
    assert rows.count() == 32
    assert "32" in text_of(moderator.get(LIST, headers=HOST))
    second = text_of(moderator.get(f"{LIST}?page=2&status=baru", headers=HOST))
    assert "status=baru&amp;page=1" in second


def test_an_office_nobody_asked_is_told_so(lebak, moderator):
    text = text_of(moderator.get(LIST, headers=HOST))
    assert 'href="/minta/"' in text
    assert "<select" not in text


def test_a_question_an_answer_an_agreement_and_the_end(
    lebak, moderator, django_capture_on_commit_callbacks
):
    request = make_request(lebak, contact_email="tu@contoh.id")
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        asked = answer(moderator, request)
    assert (asked.status_code, asked["Location"]) == (302, page_of(request))
    assert [message.to for message in mail.outbox] == [["tu@contoh.id"]]
    assert f"/minta/{token_of(request.key)}/" in mail.outbox[0].body
    assert "Ada listrik?" in mail.outbox[0].body
    request.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        services.answer_question(request=request, message="Ada", now=timezone.now())
    assert len(mail.outbox) == 2

    day = (timezone.now() + timedelta(days=20)).date().isoformat()
    half = answer(moderator, request, act="diterima", message="", agreed_day=day)
    assert half.status_code == 422
    agreed = answer(
        moderator, request, act="diterima", message="", agreed_day=day, agreed_time="09.30"
    )
    assert agreed.status_code == 302
    request.refresh_from_db()
    assert request.state == "diterima"
    assert request.agreed_at.isoformat().startswith(f"{day}T02:30")
    page = text_of(Client().get(f"/minta/{token_of(request.key)}/", headers=HOST))
    assert "09.30 WIB" in page
    assert answer(moderator, request, act="selesai", message="Terima kasih").status_code == 302
    request.refresh_from_db()
    assert (request.state, request.closed_at is None) == ("selesai", False)
    assert answer(moderator, request, act="ditolak").status_code == 422
    verbs = AuditEntry.objects.filter(object_id=str(request.pk)).values_list("verb", flat=True)
    assert {"request.asked", "request.accepted", "request.done"} <= set(verbs)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"message": ""}, "message"),
        ({"act": "ditolak", "message": " "}, "message"),
        ({"act": ""}, "act"),
        ({"act": "selesai"}, "act"),
        ({"act": "ditarik"}, "act"),
        ({"message": "NIK " + "33" + "1005" + "410190" + "0001"}, "message"),
        ({"message": "x" * 1001}, "message"),
        ({"act": "diterima", "agreed_day": "2020-01-01", "agreed_time": "09:00"}, "agreed_day"),
        ({"act": "diterima", "agreed_day": "31/02/2027", "agreed_time": "09:00"}, "agreed_day"),
        ({"act": "diterima", "agreed_day": "", "agreed_time": "25:00"}, "agreed_time"),
    ],
)
def test_an_answer_with_a_fault_says_where_and_changes_nothing(lebak, moderator, changed, field):
    request = make_request(lebak)
    response = answer(moderator, request, **changed)
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in text_of(response)
    request.refresh_from_db()
    assert (request.state, request.steps.count()) == ("baru", 1)


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 40])
def test_an_answer_to_no_step_is_refused(lebak, moderator, seen):
    assert answer(moderator, make_request(lebak), seen_step=seen).status_code == 403


def test_a_stale_answer_shows_both_and_loses_neither(lebak, moderator):
    request = make_request(lebak)
    seen = last_step(request)
    colleague = client_of("admin", lebak)
    assert answer(colleague, request, message="Versi rekan").status_code == 302
    stale = answer(moderator, request, seen_step=seen, act="ditolak", message="Versi saya")
    assert stale.status_code == 409
    assert "Versi rekan" in text_of(stale)
    assert "Versi saya" in text_of(stale)
    assert f'value="{last_step(request)}"' in text_of(stale)
    request.refresh_from_db()
    assert request.state == "ditanya"
    services.withdraw(request=request, now=timezone.now())
    gone = answer(moderator, request, seen_step=seen, act="ditolak", message="Versi saya")
    assert gone.status_code == 409
    assert "Versi saya" in text_of(gone)


def test_a_mail_that_fails_keeps_the_answer(
    lebak, moderator, settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = "tests.website.no_such_backend.Backend"
    request = make_request(lebak, contact_email="tu@contoh.id")
    with django_capture_on_commit_callbacks(execute=True):
        assert answer(moderator, request).status_code == 302
    request.refresh_from_db()
    assert request.state == "ditanya"


def test_a_new_request_is_told_to_the_offices_moderators_without_its_contact(
    lebak, klaten, django_capture_on_commit_callbacks
):
    told = [make_user(role, lebak).email for role in ("moderator", "admin")]
    make_user("editor", lebak), make_user("moderator", klaten)
    with django_capture_on_commit_callbacks(execute=True):
        request = make_request(lebak, asker="SMP Melati")
    told = [address for address in told if not address.endswith(".invalid")] or told
    assert sorted(message.to[0] for message in mail.outbox) == sorted(told)
    for message in mail.outbox:
        words = message.subject + message.body
        assert request.number in words
        assert f"http://lebak.localhost/ruang/permintaan/{request.pk}/" in words
        assert request.contact_phone not in words
        assert "SMP Melati" not in words


def test_the_sheet_keeps_text_as_text(lebak, moderator):
    make_request(lebak, asker="=1+1", note="@SUM(A1)", wished_dates=["2026-12-01"])
    response = moderator.get(f"{LIST}daftar.xlsx?status=semua", headers=HOST)
    assert response["Cache-Control"] == "private, no-store"
    sheet = load_workbook(io.BytesIO(response.content)).active
    header, row = list(sheet.iter_rows())
    cells = dict(zip([cell.value for cell in header], row, strict=True))
    texts = {cell.value: cell.data_type for cell in row if isinstance(cell.value, str)}
    assert texts["=1+1"] == texts["@SUM(A1)"] == "s"
    assert texts["+628" + "1" * 9] == "s"
    assert len(cells) == 17
    assert any(cell.value == 40 for cell in row)


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(lebak, moderator, method):
    request = make_request(lebak)
    assert getattr(moderator, method)(page_of(request), headers=HOST).status_code == 405
