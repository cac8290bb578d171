import io
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from districts.models import Invitation, Organisation, Region
from districts.services.invitation_sheet import (
    COLUMNS,
    SheetRejected,
    faulty_sheet,
    invite_all,
    judge,
    links_sheet,
    read,
)
from districts.services.invitations import InvitationGone, find, invite
from safeguards.uploads import UploadRejected
from tests.factories.places import make_district, make_user, national

pytestmark = pytest.mark.django_db
NIK = "3602014507900001"


@pytest.fixture
def lebak():
    national()
    return make_district("lebak")


def csv_file(*lines, encoding="utf-8", name="undangan.csv"):
    return SimpleUploadedFile(name, "\n".join(lines).encode(encoding))


def xlsx_file(*lines):
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    body = io.BytesIO()
    book.save(body)
    return SimpleUploadedFile("undangan.xlsx", body.getvalue())


def opened(body):
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(body)).active.values]


def line(**cells):
    return {"number": "2"} | dict.fromkeys(COLUMNS, "") | cells


def test_xlsx_and_csv_are_read_alike():
    header = ["Peran", "Nama", "organisasi", "catatan"]
    expected = line(nama="Siti", peran="guru", organisasi="20600001")
    assert read(xlsx_file(header, ["guru", " Siti ", 20600001, "x"])) == [expected]
    for separator in ",;\t":
        lines = [separator.join(header), separator.join(["guru", "Siti", "20600001", "x"])]
        assert read(csv_file(*lines)) == [expected]
        assert read(csv_file(*lines, encoding="utf-16")) == [expected]
        assert read(csv_file(*lines, encoding="utf-8-sig")) == [expected]


def test_empty_lines_are_skipped_and_numbers_stay_those_of_the_sheet():
    lines = read(xlsx_file(["nama", "peran"], [None, None], ["Siti", "guru"]))
    assert [(told["number"], told["nama"]) for told in lines] == [("3", "Siti")]


@pytest.mark.parametrize(
    ("file", "status"),
    [
        (csv_file("name,role", "Siti,guru"), 422),
        (csv_file("nama,peran"), 422),
        (csv_file("nama,peran", "Si\xe4ti,guru", encoding="latin-1"), 422),
        (csv_file("nama,peran", *["Siti,guru"] * 501), 413),
    ],
    ids=["wrong columns", "nobody", "encoding", "too many"],
)
def test_a_file_that_can_not_be_used_is_refused(file, status):
    with pytest.raises(SheetRejected) as refused:
        read(file)
    assert refused.value.status == status


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("undangan.xlsx", b"PK\x03\x04 not a workbook"),
        SimpleUploadedFile("undangan.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 50),
        SimpleUploadedFile("undangan.csv", b"<script>alert(1)</script>"),
        SimpleUploadedFile("undangan.csv", b""),
    ],
    ids=["no workbook", "picture", "markup", "empty"],
)
def test_a_file_that_is_something_else_is_refused(file):
    with pytest.raises(UploadRejected) as refused:
        read(file)
    assert refused.value.status == 422


def test_every_fault_is_told_by_line_and_column(lebak):
    admin = make_user("admin", lebak)
    Organisation.objects.create(district=lebak, name="SDN 1", kind="sekolah", npsn="20600001")
    for place in ("36.02.01", "36.02.05"):
        Organisation.objects.create(
            district=lebak, name="SDN Sama", kind="sekolah", region=Region.objects.get(code=place)
        )
    klaten = make_district("klaten")
    Organisation.objects.create(district=klaten, name="SDN Klaten", kind="sekolah")
    cases = [
        (line(nama="Siti", peran="Guru", organisasi="20600001", kecamatan="360201"), set()),
        (line(nama="Siti", peran="kader", organisasi="sdn 1", kecamatan="36.02.05"), set()),
        (line(nama="", peran="guru"), {"nama"}),
        (line(nama="A" * 121, peran="guru"), {"nama"}),
        (line(nama=f"Siti {NIK}", peran="guru"), {"nama"}),
        (line(nama="Siti", surel="bukan surel", peran="guru"), {"surel"}),
        (line(nama="Siti", peran="bupati"), {"peran"}),
        (line(nama="Siti", peran="admin"), {"peran"}),
        (line(nama="Siti", peran="mitra"), {"organisasi"}),
        (line(nama="Siti", peran="guru", organisasi="SDN Klaten"), {"organisasi"}),
        (line(nama="Siti", peran="guru", organisasi="SDN Sama"), {"organisasi"}),
        (line(nama="Siti", peran="guru", kecamatan="33.10.05"), {"kecamatan"}),
        (line(nama="Siti", peran="guru", kecamatan="99.99.99"), {"kecamatan"}),
        (line(nama="Siti", peran="editor", kecamatan="36.02.01"), {"kecamatan"}),
    ]
    rows = judge(actor=admin, district=lebak, lines=[told for told, _faults in cases])
    assert [set(row.errors) for row in rows] == [faults for _told, faults in cases]
    assert NIK not in str([row.cells for row in rows])
    assert rows[0].placement["region"].code == "36.02.01"
    assert not Invitation.objects.exists()


def test_the_same_person_twice_is_told(lebak):
    twice = [line(nama="Siti", peran="guru"), line(nama="SITI", peran="guru") | {"number": "3"}]
    rows = judge(actor=make_user("admin", lebak), district=lebak, lines=twice)
    assert [set(row.errors) for row in rows] == [set(), {"nama"}]


def test_a_coordinator_can_not_reach_beyond_the_own_school(lebak):
    own = Organisation.objects.create(district=lebak, name="SDN 1", kind="sekolah")
    Organisation.objects.create(district=lebak, name="SDN 2", kind="sekolah")
    actor = make_user("koordinator", lebak, organisation=own)
    rows = judge(
        actor=actor,
        district=lebak,
        lines=[
            line(nama="Ani", peran="guru", organisasi="SDN 1"),
            line(nama="Budi", peran="guru", organisasi="SDN 2"),
            line(nama="Cici", peran="editor", organisasi="SDN 1"),
            line(nama="Dedi", peran="guru"),
        ],
    )
    assert [set(row.errors) for row in rows] == [set(), {"organisasi"}, {"peran"}, {"organisasi"}]


def test_judging_takes_the_same_queries_for_one_line_and_for_three(
    lebak, django_assert_num_queries
):
    admin = make_user("admin", lebak)
    for count in (1, 3):
        lines = [
            line(nama=f"Siti {number}", peran="guru", kecamatan="36.02.01")
            for number in range(count)
        ]
        with django_assert_num_queries(7):
            judge(actor=admin, district=lebak, lines=lines)


def test_invitations_are_made_for_the_good_rows_alone(lebak):
    admin = make_user("admin", lebak)
    lines = [line(nama="Siti", peran="guru"), line(nama="", peran="guru")]
    rows = judge(actor=admin, district=lebak, lines=lines)
    asked = {"actor": admin, "district": lebak, "key": uuid4()}
    made = invite_all(rows=rows, **asked)
    assert [(row.cells["nama"], find(token=token).name) for row, _new, token in made] == [
        ("Siti", "Siti")
    ]
    # Sent twice, the second time against what is there by now.
    for repeat in (rows, judge(actor=admin, district=lebak, lines=lines)):
        again = invite_all(rows=repeat, **asked)
        assert [one[1:] for one in again] == [one[1:] for one in made]
    assert Invitation.objects.count() == 1


def test_a_row_whose_name_waits_is_made_only_when_somebody_says_who_it_is(lebak):
    admin = make_user("admin", lebak)
    first, token = invite(actor=admin, district=lebak, role="guru", name="Siti")
    lines = [line(nama="siti", peran="guru"), line(nama="Budi", peran="guru") | {"number": "3"}]
    rows = judge(actor=admin, district=lebak, lines=lines)
    assert [(row.is_good, row.waiting) for row in rows] == [(True, [first]), (True, [])]
    asked = {"actor": admin, "district": lebak, "rows": rows}
    made = invite_all(**asked, key=uuid4())
    assert [row.cells["nama"] for row, _new, _token in made] == ["Budi"]
    for word in (str(first.pk + 1000), "x"):
        assert invite_all(**asked, said={2: word, 3: "another"})[0][0].number == 3
    assert find(token=token) == first

    (_row, other, _token), *_rest = invite_all(**asked, key=uuid4(), said={2: "another"})
    assert other.pk != first.pk
    assert find(token=token) == first
    key = uuid4()
    for _sent_twice in range(2):
        (_row, same, new), *_rest = invite_all(**asked, key=key, said={2: str(first.pk)})
        assert same == first
        assert find(token=new) == first
    with pytest.raises(InvitationGone):
        find(token=token)


def test_rows_of_one_sheet_do_not_ask_about_each_other(lebak):
    admin = make_user("admin", lebak)
    Organisation.objects.create(district=lebak, name="SDN 1", kind="sekolah")
    lines = [
        line(nama="Siti", peran="guru"),
        line(nama="Siti", peran="guru", organisasi="SDN 1") | {"number": "3"},
    ]
    rows = judge(actor=admin, district=lebak, lines=lines)
    made = invite_all(actor=admin, district=lebak, rows=rows, key=uuid4())
    assert [row.number for row, _new, _token in made] == [2, 3]
    assert Invitation.objects.count() == 2


def test_faulty_rows_come_back_as_text_and_can_be_sent_again(lebak):
    admin = make_user("admin", lebak)
    rows = judge(
        actor=admin, district=lebak, lines=[line(nama="=1+1", peran="bupati", surel="a@b.id")]
    )
    body = faulty_sheet([[*row.values, row.told] for row in rows])
    header, faulty = opened(body)
    assert header[:5] == list(COLUMNS)
    assert faulty[:3] == ["=1+1", "a@b.id", "bupati"]
    assert faulty[5].startswith("peran: ")
    assert read(SimpleUploadedFile("undangan.xlsx", body))[0]["nama"] == "=1+1"


def test_links_come_as_a_sheet():
    _header, only = opened(links_sheet([("Siti", "Guru", "http://lebak.localhost/undangan/x/")]))
    assert only == ["Siti", "Guru", "http://lebak.localhost/undangan/x/"]
