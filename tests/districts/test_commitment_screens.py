"""The commitment screens of the admin, as staff of a district meet them."""

import io
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from districts.models import Commitment, Membership
from districts.services.permissions import sync_groups
from districts.services.vocabularies import load_vocabulary
from tests.factories.channels import make_office
from tests.factories.commitments import make_commitment, make_owner
from tests.factories.places import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_2026")]
SOON = date(2027, 6, 30)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def signed_in(user, host: str = "lebak") -> Client:
    client = Client(headers={"host": f"{host}.localhost"})
    client.force_login(user)
    return client


@pytest.fixture
def lebak():
    load_vocabulary(
        code="issue_area",
        version="1",
        name="Isu",
        terms=[
            {"code": "KtA", "label_id": "Kekerasan terhadap anak"},
            {"code": "KtP", "label_id": "Kekerasan terhadap perempuan"},
        ],
    )
    return make_office("lebak", groups=True)


@pytest.fixture
def editor(lebak):
    return make_user("editor", lebak, name="Editor Lebak")


@pytest.fixture
def screen(editor):
    return signed_in(editor)


def typed(district, **fields) -> dict:
    return {
        "number": "2.1",
        "measure": "Kartu di setiap desa",
        "owner": make_owner(district).pk,
        "due": "2027-06-30",
        "indicator": "345 desa",
        "description": "Dipasang di balai desa.",
        "issue_codes": ["KtA", "KtP"],
    } | fields


def test_from_an_empty_list_to_a_shown_commitment(screen, lebak):
    empty = screen.get(reverse("commitments:index")).content.decode()
    assert reverse("commitments:add") in empty
    assert 'class="listing"' not in empty
    sent = typed(lebak, status="berjalan", day="2026-01-05", key=str(uuid4()))
    answer = screen.post(reverse("commitments:add"), sent)
    commitment = Commitment.objects.get()
    assert answer.headers["Location"] == reverse("commitments:detail", args=[commitment.pk])
    assert (commitment.district, commitment.is_published) == (lebak, False)
    assert commitment.issue_codes == ["KtA", "KtP"]
    again = screen.post(reverse("commitments:add"), sent)
    assert (again.status_code, Commitment.objects.count()) == (302, 1)
    screen.post(reverse("commitments:show", args=[commitment.pk]), {"act": "show"})
    commitment.refresh_from_db()
    assert commitment.is_published is True
    page = screen.get(reverse("commitments:detail", args=[commitment.pk])).content.decode()
    assert "Kekerasan terhadap anak, Kekerasan terhadap perempuan" in page
    assert 'value="hide"' in page


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": ""}, "number"),
        ({"due": "besok"}, "due"),
        ({"owner": "77777777"}, "owner"),
        ({"issue_codes": ["x"]}, "issue_codes"),
        ({"measure": "NIK 3602011203980001"}, "measure"),
        ({"status": "beres"}, "status"),
        ({"day": "2999-01-01"}, "day"),
        ({"description": "x" * 6_000}, "description"),
    ],
)
def test_a_fault_stands_beside_its_field_and_nothing_typed_is_lost(screen, lebak, change, field):
    sent = typed(lebak, status="berjalan", day="2026-01-05", key=str(uuid4())) | change
    answer = screen.post(reverse("commitments:add"), sent)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert "345 desa" in answer.content.decode()
    assert Commitment.objects.count() == 0


def test_a_stale_change_shows_both_versions_and_can_be_saved_then(screen, lebak):
    commitment = make_commitment(lebak, "2.1")
    address = reverse("commitments:edit", args=[commitment.pk])
    colleague = signed_in(make_user("moderator", lebak))
    theirs = typed(lebak, measure="Kartu versi rekan", version=1)
    assert colleague.post(address, theirs).status_code == 302
    answer = screen.post(address, typed(lebak, measure="Kartu versi saya", version=1))
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "Kartu versi rekan" in body
    assert "Kartu versi saya" in body
    assert answer.context["form"]["issue_codes"].value() == ["KtA", "KtP"]
    commitment.refresh_from_db()
    assert commitment.measure == "Kartu versi rekan"
    version = answer.context["form"]["version"].value()
    again = screen.post(address, typed(lebak, measure="Kartu versi saya", version=version))
    assert again.status_code == 302
    commitment.refresh_from_db()
    assert commitment.measure == "Kartu versi saya"


def test_a_step_is_taken_and_a_stale_one_is_told(screen, lebak, editor):
    commitment = make_commitment(lebak)
    address = reverse("commitments:step", args=[commitment.pk])
    form = screen.get(address).context["form"]
    sent = {"version": form["version"].value(), "key": str(form["key"].value())}
    sent |= {"status": "selesai", "day": "2026-03-01", "note": "Sudah terpasang."}
    assert screen.post(address, sent).status_code == 302
    # Sent again by a second tap, it is the same step.
    assert screen.post(address, sent).status_code == 302
    stale = screen.post(address, sent | {"key": str(uuid4()), "note": "Kata saya"})
    body = stale.content.decode()
    assert stale.status_code == 409
    assert "Sudah terpasang." in body
    assert "Kata saya" in body
    assert [step.note for step in commitment.steps.all()] == ["Sudah terpasang.", ""]


@pytest.mark.parametrize(
    "change",
    [{"day": "2999-01-01"}, {"day": "kemarin"}, {"status": "x"}, {"version": "x"}, {"key": "x"}],
)
def test_a_step_that_cannot_be_is_refused_and_kept(screen, lebak, change):
    commitment = make_commitment(lebak)
    sent = {"version": 1, "key": str(uuid4()), "status": "selesai", "day": "2026-03-01"}
    answer = screen.post(
        reverse("commitments:step", args=[commitment.pk]), sent | {"note": "Kata saya"} | change
    )
    assert answer.status_code == 422
    assert "Kata saya" in answer.content.decode()
    assert commitment.steps.count() == 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"1", "2", "3"}),
        ("?status=selesai", {"2"}),
        ("?status=lewat-tenggat", {"3"}),
        ("?q=PIKET", {"3"}),
        ("?q=2", {"2"}),
        ("?owner={owner}", {"2"}),
        ("?status=ngawur&owner=' OR 1=1&q=%00", {"1", "2", "3"}),
    ],
)
def test_the_list_is_narrowed(screen, lebak, query, expected):
    past = timezone.localdate() - timedelta(days=12)
    owner = make_owner(lebak, "Dinas Kesehatan")
    make_commitment(lebak, "1")
    make_commitment(lebak, "2", status="selesai", due=past, owner=owner)
    make_commitment(lebak, "3", due=past, measure="Jadwal piket", is_published=False)
    make_commitment(make_office("klaten"), "4", measure="Rahasia Klaten")
    answer = screen.get(reverse("commitments:index") + query.format(owner=owner.pk))
    assert {row.number for row in answer.context["page_obj"]} == expected
    assert "Rahasia Klaten" not in answer.content.decode()


def test_the_list_pages_ends_and_asks_the_same_of_the_database(screen, lebak):
    address = reverse("commitments:index")
    make_commitment(lebak, "1")
    screen.get(address)
    asked = []
    for number in (2, 3, 25):
        for extra in range(Commitment.objects.count() + 1, number + 1):
            make_commitment(lebak, str(extra))
        with CaptureQueriesContext(connection) as captured:
            screen.get(address)
        asked.append(len(captured))
    assert asked[0] == asked[1]
    assert asked[2] - asked[1] in {0, 1}
    assert len(screen.get(f"{address}?p=2").context["page_obj"]) == 5
    for page in ("3", "1000000000", "0", "-1", "x"):
        assert screen.get(f"{address}?p={page}").status_code == 404


def test_another_offices_commitment_is_not_found(screen, lebak, editor):
    klaten = make_office("klaten", groups=True)
    foreign = make_commitment(klaten, measure="Rahasia Klaten")
    # Editor of both, but each host has its own plan.
    Membership.objects.create(user=editor, district=klaten, role="editor")
    sync_groups(editor)
    for name in ("detail", "edit", "step", "show"):
        for method in (screen.get, screen.post):
            there = method(reverse(f"commitments:{name}", args=[foreign.pk]), {"act": "hide"})
            nowhere = method(reverse(f"commitments:{name}", args=[77_777_777]), {"act": "hide"})
            assert (there.status_code, there.content) == (404, nowhere.content)
    foreign.refresh_from_db()
    assert (foreign.is_published, foreign.version) == (True, 1)


@pytest.mark.parametrize("role", ["guru", "monev", "koordinator"])
def test_other_roles_find_no_screen(lebak, role):
    client = signed_in(make_user(role, lebak))
    for name in ("index", "add", "import"):
        assert client.get(reverse(f"commitments:{name}")).status_code in {302, 404}
        assert client.post(reverse(f"commitments:{name}"), typed(lebak)).status_code in {302, 404}
    assert Commitment.objects.count() == 0


def test_an_act_nobody_knows_is_refused(screen, lebak):
    commitment = make_commitment(lebak)
    answer = screen.post(reverse("commitments:show", args=[commitment.pk]), {"act": "hapus"})
    assert answer.status_code == 400
    assert Commitment.objects.get().is_published is True


def sheet(*rows, header=("nomor", "komitmen", "pemilik", "tenggat", "isu", "status", "sejak")):
    book = Workbook()
    book.active.append(header)
    for row in rows:
        book.active.append(row)
    stored = io.BytesIO()
    book.save(stored)
    return SimpleUploadedFile("rencana.xlsx", stored.getvalue(), content_type=XLSX)


def test_a_plan_is_looked_at_first_and_written_when_told(screen, lebak):
    make_owner(lebak)
    make_commitment(lebak, "1.1", measure="Berdiri")
    rows = [
        ("1.1", "Diganti?", "Dinas Pendidikan", "2027-01-31"),
        (
            "1.2",
            "+62 kartu",
            "dinas pendidikan",
            date(2027, 6, 30),
            "KtA; Kekerasan terhadap perempuan",
        ),
        ("1.3", "Piket", "Dinas Pendidikan", "30/06/2027", "", "berjalan", "05/01/2026"),
    ]
    address = reverse("commitments:import")
    looked = screen.post(address, {"file": sheet(*rows)})
    assert [str(fault) for fault in looked.context["judged"].faults] == []
    assert (looked.status_code, Commitment.objects.count()) == (200, 1)
    assert [item["fields"]["number"] for item in looked.context["judged"].new] == ["1.2", "1.3"]
    sealed = looked.context["sealed"]
    assert screen.post(address, {"sealed": sealed}).status_code == 302
    made = {row.number: row for row in Commitment.objects.all()}
    assert made["1.1"].measure == "Berdiri"
    assert (made["1.2"].measure, made["1.2"].issue_codes) == ("+62 kartu", ["KtA", "KtP"])
    assert (made["1.3"].due, made["1.3"].status) == (SOON, "berjalan")
    assert made["1.3"].status_since == date(2026, 1, 5)
    assert {row.is_published for row in (made["1.2"], made["1.3"])} == {False}
    # Told twice, it is written once.
    screen.post(address, {"sealed": sealed})
    assert Commitment.objects.count() == 3


def test_faults_are_named_by_row_and_column_and_nothing_is_written(screen, lebak):
    make_owner(lebak)
    answer = screen.post(
        reverse("commitments:import"),
        {
            "file": sheet(
                ("1", "Baik", "Dinas Pendidikan", "2027-01-31"),
                ("1", "Dua kali", "Dinas Pendidikan", "2027-01-31"),
                ("2", "", "Dinas Lain", "besok", "gaib", "beres", "2999-01-01"),
            )
        },
    )
    faults = {(fault.row, fault.column) for fault in answer.context["judged"].faults}
    assert answer.status_code == 422
    assert faults == {
        (3, "nomor"),
        (4, "komitmen"),
        (4, "pemilik"),
        (4, "tenggat"),
        (4, "isu"),
        (4, "status"),
        (4, "sejak"),
    }
    assert Commitment.objects.count() == 0


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("rencana.xlsx", b"PK\x03\x04 bukan", content_type=XLSX),
        SimpleUploadedFile("rencana.svg", b"<svg/>", content_type="image/svg+xml"),
        SimpleUploadedFile("rencana.csv", b"nomor,komitmen\n1,x\n", content_type="text/csv"),
        SimpleUploadedFile(
            "rencana.csv", b"nomor,komitmen,pemilik,tenggat,nik\n", content_type="text/csv"
        ),
        SimpleUploadedFile(
            "rencana.csv", b"nomor,komitmen,pemilik,tenggat\n", content_type="text/csv"
        ),
        "",
    ],
)
def test_a_file_that_is_no_plan_is_refused_with_a_reason(screen, lebak, file):
    answer = screen.post(reverse("commitments:import"), {"file": file})
    assert answer.status_code in {413, 422}
    assert answer.context["form"].errors["file"]
    assert Commitment.objects.count() == 0


def test_a_seal_of_somebody_else_opens_nothing(screen, lebak):
    make_owner(lebak)
    other = signed_in(make_user("moderator", lebak))
    address = reverse("commitments:import")
    rows = sheet(("1", "Baik", "Dinas Pendidikan", "2027-01-31"))
    sealed = other.post(address, {"file": rows}).context["sealed"]
    for value in (sealed, sealed[:-2], "", "x" * 5_000):
        assert screen.post(address, {"sealed": value}).status_code == 422
    assert Commitment.objects.count() == 0


def test_the_empty_sheet_names_the_columns(screen):
    answer = screen.get(reverse("commitments:import") + "?contoh")
    book = load_workbook(io.BytesIO(answer.content))
    assert [cell.value for cell in next(book.active.rows)][:4] == [
        "nomor",
        "komitmen",
        "pemilik",
        "tenggat",
    ]
    assert "no-store" in answer["Cache-Control"]
