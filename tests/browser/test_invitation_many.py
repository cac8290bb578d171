"""Many are invited from a spreadsheet, faulty rows and all; a coordinator for the own school."""

import io
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from playwright.sync_api import expect

from districts.models import Invitation, Membership, Organisation
from tests.browser.fitting import FITS
from tests.factories.places import make_user

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

PIN = "730519"
NIK = "3310050101900001"
HEADER = ("nama", "surel", "peran", "organisasi", "kecamatan")
GOOD = ("Siti Aminah", None, "kader", None, "33.10.05")
FAULTY = {
    3: ("Budi Santoso", None, "bupati", None, None),
    4: (f"Ani {NIK}", None, "guru", None, None),
    5: ("Wati Kartika", "bukan surel", "kader", None, "99.99.99"),
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(*rows) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for row in (HEADER, *rows):
        book.active.append(row)
    return book


def opened(download) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(download.path().read_bytes()))


def passed_on(link) -> str:
    """The invitation in the words that WhatsApp would send."""
    words = parse_qs(urlsplit(link.get_attribute("href")).query)["text"][0]
    return next(word for word in words.split() if "/undangan/" in word)


@pytest.fixture
def office(klaten, open_page, sign_in):
    """An administrator's phone, at the form for a file; nothing here needs a script."""
    page = open_page(java_script_enabled=False)
    sign_in(page, make_user("admin", klaten), "/ruang/tim/")
    page.locator("main a[href='/ruang/tim/undang-banyak/']").click()
    return page


def send(page, book: openpyxl.Workbook) -> None:
    body = io.BytesIO()
    book.save(body)
    send_file(page, body.getvalue())


def send_file(page, body: bytes) -> None:
    file = {"name": "undangan.xlsx", "mimeType": XLSX, "buffer": body}
    page.locator("[name=file]").set_input_files(file)
    page.locator("main form[enctype] button").click()


def test_many_are_invited_and_the_faulty_rows_come_back(office, klaten, open_page, address):
    send(office, workbook(GOOD, *FAULTY.values()))
    faulty = office.locator("[aria-labelledby=faulty] tbody tr")
    assert faulty.locator("th").all_inner_texts() == [str(number) for number in FAULTY]
    # Each fault stands in the cell it is about: peran; nama; surel and kecamatan.
    told = [
        [
            cell
            for cell, said in enumerate(row.locator("td").all())
            if said.locator(".l-error").count()
        ]
        for row in faulty.all()
    ]
    assert told == [[2], [0], [1, 4]]
    assert NIK not in office.content()
    assert office.locator("[aria-labelledby=good] tbody tr").all_inner_texts() != []
    assert office.evaluate(FITS)
    assert Invitation.objects.count() == 0
    with office.expect_download() as taken:
        office.locator("form[action$='/perbaiki/'] button").click()
    back = opened(taken.value)
    rows = list(back.active.values)
    assert [row[0] or "" for row in rows[1:]] == ["Budi Santoso", "", "Wati Kartika"]
    assert NIK not in str(rows)

    office.locator("form[action$='/buat/'] button").click()
    expect(office.locator("main table tbody tr")).to_have_count(1)
    assert office.evaluate(FITS)
    link = passed_on(office.locator("a[href^='https://wa.me/?text=']"))
    with office.expect_download() as taken:
        office.locator("form[action$='/tautan/'] button").click()
    assert [row[2] for row in list(opened(taken.value).active.values)[1:]] == [link]

    # The file that came back is corrected in one cell and sent again.
    back.active["C2"] = "kader"
    office.goto(address("klaten", "/ruang/tim/undang-banyak/"))
    send(office, back)
    assert office.locator("[aria-labelledby=good] tbody th").all_inner_texts() == ["2"]
    assert faulty.locator("th").all_inner_texts() == ["3", "4"]

    # On her own phone, without a script: a PIN is enough, and the link is dead after it.
    phone = open_page(java_script_enabled=False)
    phone.goto(link)
    expect(phone.locator("main")).to_contain_text(klaten.office_name)
    expect(phone.locator("main")).to_contain_text("Kecamatan 05")
    assert phone.evaluate(FITS)
    phone.locator("[name=pin]").fill(PIN)
    phone.locator("main form button.l-button").first.click()
    expect(phone).to_have_url(address("klaten", "/ruang/"))
    member = Membership.objects.get(role="kader")
    assert (member.district, member.user.name, member.region_id) == (
        klaten,
        "Siti Aminah",
        "33.10.05",
    )
    assert open_page().goto(link).status == 404


def test_a_file_without_a_good_row_makes_nothing_and_says_why(office):
    send(office, workbook(*FAULTY.values()))
    expect(office.locator("form[action$='/buat/']")).to_have_count(0)
    expect(office.locator("[aria-labelledby=faulty] .l-error")).to_have_count(4)
    office.locator("main a[href='/ruang/tim/undang-banyak/']").click()
    send_file(office, b"PK\x03\x04 bukan")
    expect(office.locator("#id_file_error")).to_be_visible()
    assert Invitation.objects.count() == 0


def test_of_two_with_one_name_each_has_a_link(office, open_page, address):
    """In the form and in a sheet, a human says whether it is the same person."""
    form = address("klaten", "/ruang/tim/undang/")
    links = []
    for _person in range(2):
        office.goto(form)
        office.locator("[name=name]").fill("Siti")
        office.locator("[name=role]").select_option("kader")
        office.locator("main form.form button.l-button").click()
        if links:
            expect(office.locator("#same")).to_be_visible()
            assert office.evaluate(FITS)
            expect(office.locator("#id_name")).to_have_value("Siti")
            office.locator("[name=same][value=another]").click()
        links.append(office.locator("#id_link").input_value())

    office.goto(address("klaten", "/ruang/tim/undang-banyak/"))
    send(office, workbook(("Siti", None, "kader"), ("Budi", None, "kader")))
    assert office.evaluate(FITS)
    asked = office.locator("fieldset")
    # Nothing, another person, or either of the two who wait.
    expect(asked.locator("[type=radio]")).to_have_count(4)
    expect(asked.locator("[type=radio]").first).to_be_checked()
    office.locator("form[action$='/buat/'] button").click()
    expect(office.locator("main table tbody tr")).to_have_count(1)
    expect(office.locator("main .l-callout")).to_contain_text("Siti")
    assert office.evaluate(FITS)
    for link in links:
        assert open_page().goto(link).status == 200
    assert Invitation.objects.filter(name="Siti").count() == 2


def test_a_coordinator_invites_a_guru_of_the_own_school_only(klaten, open_page, sign_in, address):
    own, _other = (
        Organisation.objects.create(district=klaten, name=name, kind="sekolah")
        for name in ("SDN 1 Bayat", "SDN 2 Cawas")
    )
    page = open_page(java_script_enabled=False)
    sign_in(page, make_user("koordinator", klaten, organisation=own), "/ruang/")
    page.locator("main a[href='/ruang/tim/']").first.click()
    page.locator("main a[href='/ruang/tim/undang/']").click()
    roles = page.locator("[name=role] option").evaluate_all("all => all.map(one => one.value)")
    assert roles == ["guru", "kader"]
    assert page.locator("[name=organisation] option").all_inner_texts() == ["SDN 1 Bayat"]
    expect(page.locator("body")).not_to_contain_text("Cawas")
    page.locator("[name=name]").fill("Budi Santoso")
    page.locator("main form button.l-button").click()
    link = passed_on(page.locator("a[href^='https://wa.me/?text=']"))

    # In a file the other school is no school of theirs either.
    page.goto(address("klaten", "/ruang/tim/undang-banyak/"))
    asked = (
        ("Wati Kartika", None, "guru", "SDN 1 Bayat"),
        ("Ani Lestari", None, "guru", "SDN 2 Cawas"),
        ("Dewi Anggraini", None, "editor", "SDN 1 Bayat"),
    )
    send(page, workbook(*asked))
    assert page.locator("[aria-labelledby=good] tbody th").all_inner_texts() == ["2"]
    assert page.locator("[aria-labelledby=faulty] tbody th").all_inner_texts() == ["3", "4"]

    phone = open_page(java_script_enabled=False)
    phone.goto(link)
    expect(phone.locator("main")).to_contain_text("SDN 1 Bayat")
    phone.locator("[name=pin]").fill(PIN)
    phone.locator("main form button.l-button").first.click()
    expect(phone).to_have_url(address("klaten", "/ruang/"))
    teacher = Membership.objects.get(role="guru")
    assert (teacher.organisation, teacher.user.name) == (own, "Budi Santoso")
    page.goto(address("klaten", "/ruang/tim/"))
    expect(page.locator("main")).to_contain_text("Budi Santoso")
