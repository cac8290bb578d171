"""Papers of a date, read back with poppler: lists to sign, minutes, records, reports, duties."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from districts.models import Regulation
from events.documents.activity import activity_pdf
from events.documents.attendance_list import blank_list_pdf, filled_list_pdf, session_address
from events.documents.duty import duty_pdf
from events.documents.records import minutes_pdf, record_pdf
from events.documents.spelled import day_in_words, number_in_words
from events.models import Attendance, Headcount, Letter, Participant, ReportOutline
from events.papers import letter_pdf, poster_pdf
from events.report_reading import report_of
from events.services import inviting
from safeguards.models import AuditEntry
from tests.factories.commitments import make_commitment
from tests.factories.events import make_terms
from tests.factories.joining import NIK
from tests.factories.places import make_district, national
from tests.factories.planning import client_of
from tests.factories.planning import text_of as page_of
from tests.factories.reports import AFTER, add_photo, past_date, picture, sent_report
from tests.papers import info_of, text_of

pytestmark = pytest.mark.django_db
SHEETS = {"a4": "595.276 x 841.89 pts (A4)", "f4": "609.449 x 935.433 pts"}


@pytest.fixture
def klaten():
    national()
    make_terms()
    office = make_district("klaten")
    office.letterhead = "PEMERINTAH KABUPATEN KLATEN\nDINAS CONTOH\nJalan Contoh 1"
    office.signatory, office.number_format = "Kepala Dinas", "{nomor}/DP3A/{tahun}"
    office.save()
    return office


@pytest.fixture
def row(klaten):
    return past_date(klaten, title="Rapat gugus tugas")


def add_people(row, number: int) -> None:
    people = Participant.objects.bulk_create(
        Participant(
            district_id=row.district_id,
            key=uuid4(),
            name=f"Peserta Nomor {n:03d}",
            folded=f"peserta {n:03d}",
            sex="P" if n % 2 else "L",
            age_group="25-59",
            organisation_name="PKK Desa",
            position="Ketua",
            region=row.event.region,
            told_at=AFTER,
            told_key=uuid4(),
            created_at=AFTER,
            keep_until=date(2027, 1, 1),
        )
        for n in range(1, number + 1)
    )
    Attendance.objects.bulk_create(
        Attendance(
            district_id=row.district_id,
            occurrence=row,
            participant=one,
            status="izin" if one is people[0] else "hadir",
            way="panggil",
            rank=1,
            told_at=AFTER,
            key=uuid4(),
            server_time=AFTER,
        )
        for one in people
    )


def add_heads(row) -> None:
    for sex, age, number, disability in (
        ("P", "6-12", 14, False),
        ("L", "6-12", 11, False),
        ("P", "25-59", 3, False),
        ("L", "6-12", 1, True),
    ):
        Headcount.objects.create(
            district_id=row.district_id,
            occurrence=row,
            sex=sex,
            age_group=age,
            number=number,
            with_disability=disability,
            told_at=AFTER,
            key=uuid4(),
            server_time=AFTER,
        )


@pytest.mark.parametrize("size", ["a4", "f4"])
def test_every_paper_is_tagged_and_on_its_sheet(row, size):
    report = sent_report(row)
    for content in (
        blank_list_pdf(row, size=size),
        filled_list_pdf(row, size=size),
        minutes_pdf(row, report, size=size),
        record_pdf(row, report, size=size),
        activity_pdf(row, report, size=size),
        duty_pdf(row, [], size=size),
    ):
        told = info_of(content)
        assert (told["Tagged"], told["Page size"]) == ("yes", SHEETS[size])
        assert "Rapat gugus tugas" in told["Title"]
        text = text_of(content)
        assert "PEMERINTAH KABUPATEN KLATEN" in text
        assert "Kepala Dinas" in text or "Pimpinan" in text or "Chaired" in text


def test_two_hundred_people_over_pages_each_with_its_head(row):
    add_people(row, 200)
    content = filled_list_pdf(row)
    text = text_of(content, layout=True)
    pages = [page for page in text.split("\f") if page.strip()]
    assert 7 <= len(pages) <= 11
    assert len(pages) == int(info_of(content)["Pages"])
    # Who was excused did not sign.
    assert "Peserta Nomor 001" not in text
    assert [f"Peserta Nomor {n:03d}" in text for n in (2, 100, 200)] == [True] * 3
    assert [page.count("L/P") for page in pages if "Peserta Nomor" in page] == [1] * sum(
        "Peserta Nomor" in page for page in pages
    )
    assert all("Rapat gugus tugas" in page for page in pages)
    assert text.count("PEMERINTAH KABUPATEN KLATEN") == 1
    totals = " ".join(pages[-1].split())
    assert "199" in totals


def test_the_code_on_a_list_leads_to_where_it_is_typed_in(row):
    address = f"/ruang/kalender/{row.event_id}/{row.pk}/hadir/kertas/"
    assert session_address(row) == row.event.district.site.root_url + address


def test_a_blank_list_has_the_rows_that_are_asked_for(klaten, row):
    client = client_of("kader", klaten, user=row.event.proposed_by)
    where = f"/ruang/kalender/{row.event_id}/{row.day}/laporan/daftar-hadir-kosong.pdf"
    answer = client.get(f"{where}?baris=60&kertas=f4")
    assert answer["Content-Type"] == "application/pdf"
    text = text_of(answer.content, layout=True)
    numbers = [line.split()[0] for line in text.splitlines() if line.split()[:1] != []]
    assert "60" in numbers
    assert "61" not in numbers
    assert "NISN" in text
    for query in ("baris=0", "baris=301", "baris=x", "kertas=a3"):
        assert client.get(f"{where}?{query}").status_code == 404


def test_a_list_with_names_leaves_a_trace(klaten, row):
    add_people(row, 3)
    client = client_of("moderator", klaten)
    where = f"/ruang/kalender/{row.event_id}/{row.day}/laporan/daftar-hadir.pdf"
    assert client.get(where).status_code == 200
    assert AuditEntry.objects.get(verb="attendance.printed").details == {"rows": 2}
    stranger = client_of("kader", klaten)
    assert stranger.get(where).status_code == 403
    foreign = client_of("admin", make_district("lebak"))
    assert foreign.get(where).status_code == 404


def test_the_activity_report_tells_all_of_it(klaten, row):
    commitment = make_commitment(klaten, number="2.3", measure="Kelas orang tua")
    add_heads(row)
    add_photo(row, caption="Di pendopo")
    add_photo(
        row,
        content=picture(colour="red"),
        caption="Anak bermain",
        shows_child_face=True,
        consent_reference="Map 1",
    )
    sent_report(row, commitments=[commitment.pk])
    text = text_of(activity_pdf(row, report_of(row)), layout=True)
    words = " ".join(text.split())
    for said in (
        "Usul pertama",
        "Bu Camat",
        "Kader siap mendampingi.",
        "Pindah ke pendopo.",
        "Bentuk kelompok",
        "2.3 Kelas orang tua",
        "Rp1.250.000 (APBD)",
        "Di pendopo",
        "Anak bermain",
        "12 14 26",
        "12 17 29",
    ):
        assert said in words, said


def test_what_nobody_wrote_is_left_as_lines(row):
    text = text_of(minutes_pdf(row, None))
    assert "Rapat gugus tugas" in text
    assert "None" not in text


def test_the_record_says_day_and_people_in_words(row):
    add_heads(row)
    sent_report(row)
    words = " ".join(text_of(record_pdf(row, report_of(row))).split())
    assert "Kamis tanggal dua belas bulan Maret tahun dua ribu dua puluh enam" in words
    assert "29 (dua puluh sembilan)" in words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"),
        (11, "sebelas"),
        (19, "sembilan belas"),
        (20, "dua puluh"),
        (105, "seratus lima"),
        (1_900, "seribu sembilan ratus"),
        (2_026, "dua ribu dua puluh enam"),
    ],
)
def test_numbers_are_spelled_out(number, words):
    assert number_in_words(number) == words
    assert "tujuh belas bulan Agustus" in day_in_words(date(2026, 8, 17))


def test_whom_the_office_sends_is_printed_and_kept_nowhere(klaten, row):
    client = client_of("kader", klaten, user=row.event.proposed_by)
    where = f"/ruang/kalender/{row.event_id}/{row.pk}/laporan/"
    taken = client.post(
        f"{where}dokumen/nomor/", {"kind": "surat-tugas", "seen": "", "day": str(date.today())}
    )
    assert taken.status_code == 303
    # The same form once more takes no second number.
    client.post(
        f"{where}dokumen/nomor/", {"kind": "surat-tugas", "seen": "", "day": str(date.today())}
    )
    letter = Letter.objects.get()
    sent = {"people": "Bu Contoh, Kepala Bidang\nPak Contoh, Analis", "day": "2026-03-10"}
    answer = client.post(f"{where}surat-tugas.pdf", sent | {"kertas": "f4"})
    text = text_of(answer.content)
    assert info_of(answer.content)["Page size"] == SHEETS["f4"]
    for said in (letter.reference, "Bu Contoh", "Analis", "10 Maret 2026", "Kepala Dinas"):
        assert said in text
    faulty = client.post(f"{where}surat-tugas.pdf", {"people": f"Bu Contoh, {NIK}"})
    assert faulty.status_code == 422
    assert NIK in page_of(faulty)
    # An invitation counts in the same register and is not shown among these.
    invitation = inviting.write_letter(
        occurrence=row,
        actor=row.event.proposed_by,
        day=date.today(),
        classification="",
        unit="",
        agenda="",
        number=None,
        now=AFTER,
    )
    assert (letter.number, invitation.number, invitation.kind) == (1, 2, "undangan")
    assert client.get(f"/ruang/kalender/{row.event_id}/undangan/{letter.pk}.pdf").status_code == 404
    assert info_of(letter_pdf(invitation, size="f4"))["Page size"] == SHEETS["f4"]


def test_signs_that_no_font_has_spoil_no_paper(klaten, row):
    row.event.title = "Rapat \U0001f600 #let x = 1 \u202e"
    sent_report(row, results="Hasil $x$ *tebal* #emoji \U0001f600")
    assert "#let x = 1" in text_of(activity_pdf(row, report_of(row)))


def test_a_heading_or_a_title_of_such_signs_alone_spoils_none_either(klaten, row):
    sent_report(row, minutes="## \U0001f389\n\nPembukaan\n## Isi\n\nUsul pertama")
    client = client_of("moderator", klaten)
    for kind in ("notula", "kegiatan"):
        answer = client.get(reverse("event_paper", args=[row.event_id, row.pk, kind]))
        assert answer.status_code == 200
        words = text_of(answer.content).split()
        assert {"Pembukaan", "Isi", "Usul"} <= set(words)
    row.event.title = "\U0001f389"
    assert info_of(poster_pdf(row))["Title"] == "?"


def test_a_lost_file_spoils_neither_report_nor_page(klaten, row):
    file = add_photo(row, caption="Di pendopo")
    sent_report(row)
    for stored in (file.photo, file.preview, file.blurred):
        stored.storage.delete(stored.name)
    assert "Usul pertama" in text_of(activity_pdf(row, report_of(row)))
    client = client_of("moderator", klaten)
    where = f"/ruang/kalender/{row.event_id}/{row.pk}/laporan/berkas/{file.key}"
    assert [client.get(path).status_code for path in (where, f"{where}/kecil")] == [404, 404]


def outlined(district, kind: str = "", **words) -> ReportOutline:
    return ReportOutline.objects.create(district=district, kind=kind, **words)


def law(code: str, number: str, title: str, **more) -> Regulation:
    values = {"year": 2020, "status": Regulation.Status.BERLAKU} | more
    return Regulation.objects.create(code=code, number=number, title=title, **values)


def test_a_report_has_every_chapter_in_the_order_in_which_offices_write_them(klaten, row):
    law("permen", "Permendagri 1/2023", "Tata Naskah Dinas")
    law("uu", "UU 35/2014", "Perlindungan Anak")
    heir = law("baru", "Permen X 6/2026", "Sekolah Aman")
    law("lama", "Permen X 46/2023", "Yang Lama", year=2023, status="dicabut", successor=heir)
    outlined(klaten, background="Latar kantor.", purpose="Tujuan kantor.")
    outlined(
        klaten, row.event.kind, background="Latar jenis ini.", scope="Semua desa.",
        laws=["lama", "uu", "permen"],
    )  # fmt: skip
    add_heads(row)
    add_photo(row, caption="Di pendopo")
    text = " ".join(text_of(activity_pdf(row, report_of(row))).split())
    basis = (
        "Undang-Undang Nomor 35 Tahun 2014 tentang Perlindungan Anak",
        "Permendagri Nomor 1 Tahun 2023 tentang Tata Naskah Dinas",
        "Permen X Nomor 46 Tahun 2023 tentang Yang Lama (",
    )
    told = ["Latar jenis ini.", *basis, "Semua desa.", "Di pendopo"]
    places = [text.find(words) for words in told]
    assert (-1 in places, places == sorted(places)) == (False, True)
    # What holds for all other kinds is not mixed in.
    assert "kantor." not in text


def test_what_was_told_of_one_session_holds_over_what_the_office_begins_with(klaten, row):
    outlined(klaten, background="Latar kantor.", materials="Materi kantor.")
    sent_report(row, chapters={"background": "Latar sesi ini.", "laws": []})
    outlined(klaten, row.event.kind, background="Ditulis kemudian.")
    text = text_of(activity_pdf(row, report_of(row)))
    said = ("Latar sesi ini.", "Latar kantor.", "Ditulis kemudian.", "Materi kantor.")
    assert [words in text for words in said] == [True, False, False, False]


def test_a_letter_says_how_urgent_it_is_and_a_duty_on_which_basis(klaten, row):
    law("uu", "UU 35/2014", "Perlindungan Anak")
    outlined(klaten, laws=["uu"])
    assert "Undang-Undang Nomor 35 Tahun 2014" in text_of(duty_pdf(row, []))
    letter = inviting.write_letter(
        occurrence=row, actor=row.event.proposed_by, day=date.today(), classification="", unit="",
        agenda="Alur rujukan", number=None, now=AFTER, urgency="amat-segera",
    )  # fmt: skip
    words = " ".join(text_of(letter_pdf(letter)).split())
    assert str(Letter.Urgency.AT_ONCE.label) in words
    minutes = text_of(minutes_pdf(row, None))
    assert [said in minutes for said in (letter.reference, "Alur rujukan")] == [True, True]
