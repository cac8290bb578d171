import io
import json
import re

import openpyxl
import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from districts.models import Invitation, Membership, Organisation
from districts.services.invitations import invite
from safeguards.models import AuditEntry
from safeguards.services.persons import erase_person, export_person
from tests.factories.places import make_district, make_user, national
from website.accounts.models import NO_EMAIL_DOMAIN

pytestmark = pytest.mark.django_db
HOST = "lebak.localhost"
NIK = "3602014507900001"
PASSWORD = "tikar-anyam-pandan"


@pytest.fixture
def lebak():
    national()
    return make_district("lebak")


def stranger(host=HOST, **options):
    return Client(SERVER_NAME=host, **options)


def link_in(response):
    return re.search(
        r'value="http://lebak\.localhost(/undangan/[\w-]+/)"', response.content.decode()
    )[1]


def invited(office, **fields):
    return office.post("/ruang/tim/undang/", {"name": "Siti Aminah", "role": "kader"} | fields)


def accepted(client, link, **fields):
    return client.post(link, {"name": "Siti Aminah", "email": "", "password": PASSWORD} | fields)


def test_an_invited_person_joins_by_the_link(office, admin, lebak):
    made = invited(office)
    assert (made.status_code, made["Cache-Control"]) == (201, "private, no-store")
    link = link_in(made)
    body = made.content.decode()
    assert "https://wa.me/?text=" in body
    assert 'rel="noopener noreferrer"' in body
    guest = stranger()
    page = guest.get(link)
    assert lebak.office_name in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert Membership.objects.count() == 1
    done = accepted(guest, link, email="siti@contoh.id")
    assert (done.status_code, done["Location"]) == (302, "/ruang/")
    assert guest.get("/ruang/").status_code == 200
    user = get_user_model().objects.get(email="siti@contoh.id")
    membership = user.memberships.get()
    assert (membership.district, membership.role, user.check_password(PASSWORD)) == (
        lebak,
        "kader",
        True,
    )
    assert set(AuditEntry.objects.values_list("verb", "actor_id")) >= {
        ("invitation.made", admin.pk),
        ("invitation.accepted", user.pk),
        ("membership.granted", admin.pk),
    }


def test_a_used_a_foreign_and_an_unknown_link_answer_alike(office):
    link = link_in(invited(office))
    make_district("klaten")
    elsewhere = stranger("klaten.localhost")
    assert elsewhere.get(link).status_code == 404
    assert elsewhere.get(link).content == elsewhere.get("/undangan/tidak-ada/").content
    accepted(stranger(), link)
    late = stranger()
    answers = [late.get(link), accepted(late, link), late.get("/undangan/tidak-ada/")]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert len({answer.content for answer in answers}) == 1


def test_who_has_no_email_gets_a_name_to_sign_in_with(office):
    guest = stranger()
    accepted(guest, link_in(invited(office)))
    user = Membership.objects.get(role="kader").user
    assert re.fullmatch(rf"siti-\d+@{re.escape(NO_EMAIL_DOMAIN)}", user.email)
    assert user.sign_in_name in guest.get("/ruang/").content.decode()
    again = stranger().post("/masuk/", {"login": user.sign_in_name, "password": PASSWORD})
    assert again["Location"] == "/ruang/"


def test_an_address_with_an_account_signs_in_first(office, lebak):
    klaten = make_district("klaten")
    known = make_user("guru", klaten, email="guru@contoh.id")
    link = link_in(invited(office))
    guest = stranger()
    refused = accepted(guest, link, email="GURU@contoh.id")
    assert refused.status_code == 422
    assert f"/masuk/?next={link}" in refused.content.decode()
    assert 'value="Siti Aminah"' in refused.content.decode()
    assert not known.memberships.filter(district=lebak).exists()
    guest.force_login(known)
    page = guest.get(link)
    assert known.name in page.content.decode()
    assert guest.post(link)["Location"] == "/ruang/"
    assert known.memberships.get(district=lebak).role == "kader"
    assert get_user_model().objects.filter(email="guru@contoh.id").count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": f"Siti {NIK}"},
        {"name": "A" * 151},
        {"email": "bukan surel"},
        {"email": "siti@contoh.invalid"},
        {"password": "pendek"},
        {"password": "1234567890123"},
        {"password": ""},
        {"password": "x" * 201},
    ],
)
def test_a_faulty_answer_keeps_what_was_typed_and_the_link(office, fields):
    link = link_in(invited(office))
    guest = stranger()
    answer = accepted(guest, link, **fields)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert PASSWORD not in answer.content.decode()
    assert guest.get(link).status_code == 200
    assert Membership.objects.filter(role="kader").count() == 0


def test_addresses_can_not_be_probed_through_a_link(office):
    link = link_in(invited(office))
    guest = stranger()
    answers = [accepted(guest, link, name="").status_code for _try in range(21)]
    assert answers == [422] * 20 + [429]


def test_control_characters_leave_a_name(office):
    accepted(stranger(), link_in(invited(office)), name="Siti\u202e\r\n Aminah\x07")
    assert Membership.objects.get(role="kader").user.name == "Siti Aminah"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": f"Siti {NIK}"}, "name"),
        ({"name": "A" * 121}, "name"),
        ({"email": "bukan"}, "email"),
        ({"role": "admin"}, "role"),
        ({"role": "bupati"}, "role"),
        ({"role": "mitra"}, "organisation"),
        ({"region": "33.10.05"}, "region"),
        ({"role": "editor", "region": "36.02.01"}, "region"),
    ],
)
def test_a_faulty_invitation_is_told_beside_the_field(office, fields, field):
    answer = invited(office, **fields)
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not Invitation.objects.exists()


def test_another_districts_organisation_can_not_be_chosen(office):
    klaten = make_district("klaten")
    foreign = Organisation.objects.create(district=klaten, name="KANARI KLATEN", kind="sekolah")
    page = office.get("/ruang/tim/undang/")
    assert "KANARI" not in page.content.decode()
    assert invited(office, organisation=foreign.pk).status_code == 422


def test_only_who_may_invite_sees_the_team(lebak):
    school = Organisation.objects.create(district=lebak, name="SDN 1", kind="sekolah")
    paths = ["", "undang/", "undangan/", "undang-banyak/", "undang-banyak/contoh.xlsx", "1/akhiri/"]
    for role in ("guru", "kader", "mitra", "editor", "moderator", "monev"):
        client = stranger()
        client.force_login(make_user(role, lebak, organisation=school))
        assert {client.get(f"/ruang/tim/{path}").status_code for path in paths} == {403}
    anonymous = stranger()
    for path in paths:
        answer = anonymous.get(f"/ruang/tim/{path}")
        assert answer["Location"] == f"/masuk/?next=/ruang/tim/{path}"


def test_another_districts_rows_are_not_found(office, lebak):
    klaten = make_district("klaten")
    other = make_user("guru", klaten).memberships.get()
    theirs, _token = invite(
        actor=make_user("superuser"), district=klaten, role="guru", name="KANARI"
    )
    for path, missing, method in (
        (f"{other.pk}/akhiri/", "999999/akhiri/", "get"),
        (f"{other.pk}/akhiri/", "999999/akhiri/", "post"),
        (f"undangan/{theirs.pk}/batal/", "undangan/999999/batal/", "post"),
        (f"undangan/{theirs.pk}/tautan/", "undangan/999999/tautan/", "post"),
    ):
        answer = getattr(office, method)(f"/ruang/tim/{path}")
        nothing = getattr(office, method)(f"/ruang/tim/{missing}")
        assert (answer.status_code, nothing.status_code) == (404, 404)
        assert answer.content == nothing.content
    other.refresh_from_db()
    theirs.refresh_from_db()
    assert (other.ended_at, theirs.revoked_at) == (None, None)
    body = office.get("/ruang/tim/undangan/").content.decode()
    assert "KANARI" not in body


@pytest.mark.parametrize("path", ["/ruang/tim/", "/ruang/tim/undangan/", "/ruang/tim/undang/"])
def test_lists_take_the_same_queries_for_one_and_for_three(
    office, admin, lebak, django_assert_max_num_queries, path
):
    counts = []
    # The office of this host is remembered from the first request on.
    office.get(path)
    for more in (1, 2):
        for number in range(more):
            name = f"SDN {more}{number}"
            school = Organisation.objects.create(district=lebak, name=name, kind="sekolah")
            make_user("guru", lebak, organisation=school)
            invite(actor=admin, district=lebak, role="guru", name=name, organisation=school)
        with django_assert_max_num_queries(14) as told:
            assert "SDN" in office.get(path).content.decode()
        counts.append(len(told))
    assert counts[0] == counts[1]


def test_the_team_is_searched_without_names_in_the_address(office, lebak):
    make_user("guru", lebak, name="Budi Santoso")
    make_user("kader", lebak, name="Wati Kartika")
    found = office.post("/ruang/tim/", {"q": "budi"}).content.decode()
    assert "Budi Santoso" in found
    assert "Wati Kartika" not in found
    by_role = office.get("/ruang/tim/?peran=kader").content.decode()
    assert "Wati Kartika" in by_role
    assert "Budi Santoso" not in by_role
    assert "Budi" not in office.post("/ruang/tim/", {"q": "x" * 5000}).content.decode()


@pytest.mark.parametrize("query", ["?page=1000000000", "?page=x", "?page=0", "?peran=bupati"])
def test_a_page_that_is_not_there_is_not_found(office, query):
    assert office.get(f"/ruang/tim/{query}").status_code == 404


def test_ending_a_role_asks_first(office, lebak):
    teacher = make_user("guru", lebak, name="Budi Santoso")
    address = f"/ruang/tim/{teacher.memberships.get().pk}/akhiri/"
    assert "Budi Santoso" in office.get(address).content.decode()
    assert teacher.memberships.get().ended_at is None
    assert office.post(address)["Location"] == "/ruang/tim/"
    assert teacher.memberships.get().ended_at is not None
    assert office.post(address).status_code == 404


def test_a_fellow_admin_can_not_be_ended(office, lebak):
    fellow = make_user("admin", lebak)
    address = f"/ruang/tim/{fellow.memberships.get().pk}/akhiri/"
    assert office.post(address).status_code == 403
    assert fellow.memberships.get().ended_at is None


def test_taking_back_asks_first_and_a_new_link_replaces_the_old(office):
    old = link_in(invited(office))
    number = Invitation.objects.get().pk
    again = office.post(f"/ruang/tim/undangan/{number}/tautan/")
    new = link_in(again)
    assert stranger().get(old).status_code == 404
    assert office.get(f"/ruang/tim/undangan/{number}/tautan/").status_code == 405
    assert "Siti Aminah" in office.get(f"/ruang/tim/undangan/{number}/batal/").content.decode()
    assert stranger().get(new).status_code == 200
    office.post(f"/ruang/tim/undangan/{number}/batal/")
    assert stranger().get(new).status_code == 404
    assert "Siti Aminah" not in office.get("/ruang/tim/undangan/").content.decode()


def test_a_coordinator_invites_for_the_own_school(lebak):
    own = Organisation.objects.create(district=lebak, name="SDN 1", kind="sekolah")
    other = Organisation.objects.create(district=lebak, name="SDN 2", kind="sekolah")
    client = stranger()
    client.force_login(make_user("koordinator", lebak, organisation=own))
    assert invited(client, role="guru").status_code == 422
    assert invited(client, role="guru", organisation=other.pk).status_code == 422
    assert invited(client, role="editor", organisation=own.pk).status_code == 422
    assert invited(client, role="guru", organisation=own.pk).status_code == 201
    assert Invitation.objects.get().organisation == own


def test_forms_need_their_token(admin, lebak):
    strict = Client(SERVER_NAME=HOST, enforce_csrf_checks=True)
    strict.force_login(admin)
    for path in ("", "undang/", "undang-banyak/", "undang-banyak/buat/"):
        assert strict.post(f"/ruang/tim/{path}", {"name": "Siti"}).status_code == 403
    assert not Invitation.objects.exists()


def sealed_in(response, action):
    form = re.search(
        rf'action="{action}".*?name="sealed" value="([^"]+)"', response.content.decode(), re.S
    )
    return form[1]


def sheet(*lines):
    return {"file": SimpleUploadedFile("undangan.csv", "\n".join(lines).encode())}


def test_many_are_invited_only_once_confirmed(office):
    preview = office.post(
        "/ruang/tim/undang-banyak/",
        sheet("nama,surel,peran,organisasi,kecamatan", "Siti,,kader,,36.02.01", f"{NIK},,guru,,"),
    )
    assert preview.status_code == 200
    assert NIK not in preview.content.decode()
    assert not Invitation.objects.exists()
    faulty = office.post(
        "/ruang/tim/undang-banyak/perbaiki/",
        {"sealed": sealed_in(preview, "/ruang/tim/undang-banyak/perbaiki/")},
    )
    rows = list(openpyxl.load_workbook(io.BytesIO(faulty.content)).active.values)
    assert len(rows) == 2
    assert NIK not in str(rows)
    sealed = {"sealed": sealed_in(preview, "/ruang/tim/undang-banyak/buat/")}
    for _sent_twice in range(2):
        made = office.post("/ruang/tim/undang-banyak/buat/", sealed)
        assert made.status_code == 201
    invitation = Invitation.objects.get()
    assert (invitation.name, invitation.region_id) == ("Siti", "36.02.01")
    links = office.post(
        "/ruang/tim/undang-banyak/tautan/",
        {"sealed": sealed_in(made, "/ruang/tim/undang-banyak/tautan/")},
    )
    assert links["Content-Disposition"].startswith("attachment")
    _header, (name, _role, link) = openpyxl.load_workbook(io.BytesIO(links.content)).active.values
    assert name == "Siti"
    assert stranger().get(link.removeprefix("http://lebak.localhost")).status_code == 200


def test_a_sealed_step_belongs_to_one_member_of_one_office(office, lebak):
    preview = office.post("/ruang/tim/undang-banyak/", sheet("nama,peran", "Siti,kader"))
    sealed = {"sealed": sealed_in(preview, "/ruang/tim/undang-banyak/buat/")}
    colleague = stranger()
    colleague.force_login(make_user("admin", lebak))
    assert colleague.post("/ruang/tim/undang-banyak/buat/", sealed).status_code == 403
    for forged in ("", "x", sealed["sealed"][:-2]):
        answer = office.post("/ruang/tim/undang-banyak/buat/", {"sealed": forged})
        assert answer.status_code == 403
    assert office.post("/ruang/tim/undang-banyak/perbaiki/", sealed).status_code == 403
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("undangan.csv", b"name,role\nSiti,kader", 422),
        ("undangan.xlsx", b"PK\x03\x04 bukan buku kerja", 422),
        ("undangan.svg", b"<svg onload='alert(1)'/>", 422),
        ("undangan.csv", b"nama,peran\n" + b"Siti,kader\n" * 501, 413),
    ],
)
def test_a_sheet_that_can_not_be_used_is_refused(office, name, body, status):
    answer = office.post("/ruang/tim/undang-banyak/", {"file": SimpleUploadedFile(name, body)})
    assert answer.status_code == status
    assert 'id="id_file_error"' in answer.content.decode()
    assert not Invitation.objects.exists()


def test_a_person_is_exported_and_erased_with_role_and_invitation(office, admin, lebak):
    guest = stranger()
    accepted(guest, link_in(invited(office)), email="siti@contoh.id")
    user = get_user_model().objects.get(email="siti@contoh.id")
    invite(actor=admin, district=lebak, role="guru", name="Siti", email="siti@contoh.id")
    told = json.dumps(export_person(user), default=str)
    for part in ("accounts.User", "districts.Membership", "districts.Invitation", "siti@contoh.id"):
        assert part in told
    erase_person(user)
    assert not get_user_model().objects.filter(email="siti@contoh.id").exists()
    assert not Membership.objects.filter(role="kader").exists()
    assert not Invitation.objects.exists()
    assert guest.get("/ruang/").status_code == 302


def test_erasing_who_invited_leaves_the_invited(office, admin):
    accepted(stranger(), link_in(invited(office)))
    invited(office, name="Ani")
    erase_person(admin)
    assert Membership.objects.get().role == "kader"
    assert Invitation.objects.get(name="Ani").invited_by is None
