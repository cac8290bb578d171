"""`/ruang/permintaan/`: who sees the requests of an office, and which."""

import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from campaigns.models import SessionRequest
from campaigns.services import session_requests as services
from districts.models import Region
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


def region(code):
    return Region.objects.get(pk=code)


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


def test_a_list_costs_the_same_for_one_and_three(lebak, moderator, django_assert_num_queries):
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
