"""The papers of help as the server gives them: for the own district, by role, always the newest."""

import pytest
from django.utils import timezone

from districts.models import Channel, Paper, Region
from districts.services import channels as services
from tests.factories.channels import ALWAYS, make_channel, make_emergency, make_placeholder
from tests.factories.people import make_member
from tests.factories.places import make_district, national
from tests.factories.villages import make_contact, make_roles
from tests.papers import info_of, text_of

pytestmark = pytest.mark.django_db

HOST = {"host": "lebak.localhost"}
KECAMATAN, VILLAGE, OTHER_VILLAGE = "36.02.01", "36.02.01.2001", "36.02.05.2001"
OLD, NEW = "0812-9990-0031", "0812-9990-0047"
SHEET = 8


@pytest.fixture
def lebak():
    nation = national()
    make_emergency(nation)
    make_channel(
        nation,
        label="Nasional lewat WhatsApp",
        kind="whatsapp",
        value="+628111129129",
        display="08111-129-129",
        hours=ALWAYS,
    )
    make_roles()
    district = make_district("lebak")
    make_channel(district, label="UPTD PPA Lebak", value="+622529990011", display="(0252) 999 0011")
    return district


@pytest.fixture
def contact(lebak):
    return make_contact(lebak, VILLAGE, "patbm", value="+6281299900031", display=OLD)


def pdf(client, path: str) -> bytes:
    answer = client.get(path, headers=HOST)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return b"".join(answer.streaming_content)


def card(client, code: str = VILLAGE, prefix: str = "") -> bytes:
    return pdf(client, f"{prefix}/bantuan/kartu/{code}.pdf")


def test_a_card_names_the_role_and_its_number_eight_times(client, contact):
    content = card(client)
    text = text_of(content)
    assert text.count(OLD) == SHEET
    assert text.count("Penggerak PATBM") == SHEET
    assert text.count("08111-129-129") == SHEET
    assert text.count("(0252) 999 0011") == SHEET
    assert info_of(content)["Pages"] == "1"


def test_roles_without_a_number_get_a_line_to_fill_in(client, contact):
    text = text_of(card(client))
    assert text.count("Kader PKK") == SHEET
    assert text.count("Bidan desa") == SHEET


def test_a_village_without_contacts_still_gets_a_card(client, lebak, contact):
    text = text_of(card(client, OTHER_VILLAGE))
    assert OLD not in text
    assert text.count("Penggerak PATBM") == SHEET
    assert text.count("Polisi 110") == SHEET


def test_a_card_is_tagged_titled_and_in_its_language(client, contact):
    told = info_of(card(client))
    assert told["Tagged"] == "yes"
    assert "Desa 01" in told["Title"]
    english = card(client, prefix="/en")
    assert b"/Lang(en)" in english
    assert "Community volunteer (PATBM)" in text_of(english)
    assert Paper.objects.count() == 2


def test_a_kecamatan_is_one_file_of_all_its_villages(client, lebak, contact):
    parent = Region.objects.get(pk=KECAMATAN)
    for code, name in (("36.02.01.2002", "Desa Baru"), ("36.02.01.1003", "Kota Kecil")):
        Region.objects.create(code=code, name=name, level="desa", parent=parent)
    content = card(client, KECAMATAN)
    text = text_of(content)
    assert info_of(content)["Pages"] == "3"
    assert text.count(OLD) == SHEET
    assert text.count("Desa Baru") == SHEET
    assert text.count("Kelurahan Kota Kecil") == SHEET


def test_what_nobody_verified_is_on_no_paper(client, lebak):
    make_placeholder(lebak, label="Belum diperiksa", region=Region.objects.get(pk=VILLAGE))
    make_channel(
        lebak, label="Tersembunyi", display="0252 111 222", hidden_at=timezone.now(), hours=ALWAYS
    )
    for path in (f"/bantuan/kartu/{VILLAGE}.pdf", "/bantuan/poster.pdf"):
        text = text_of(pdf(client, path))
        assert "Polisi 110" in text
        assert "Belum diperiksa" not in text
        assert "Tersembunyi" not in text


@pytest.mark.parametrize(
    "code",
    [
        "33.10.01.2001",
        "33.10.01",
        "36.02",
        "36",
        "36.02.99",
        "36.02.01.9999",
        "36.02.01.2001.1",
        "36.02.0١",
        "..",
        "%00",
        "x" * 2000,
    ],
)
def test_a_code_that_is_none_of_ours_is_a_page_that_does_not_exist(client, lebak, code):
    make_district("klaten")
    answer = client.get(f"/bantuan/kartu/{code}.pdf", headers=HOST)
    assert answer.status_code == 404
    assert answer.content == client.get("/bantuan/kartu/tidakada.pdf", headers=HOST).content
    assert not Paper.objects.exists()


def test_villages_that_ended_have_no_card(client, lebak):
    Region.objects.filter(pk=VILLAGE).update(valid_until="2020-01-01")
    assert client.get(f"/bantuan/kartu/{VILLAGE}.pdf", headers=HOST).status_code == 404


def test_the_paper_is_made_once_and_kept_out_of_browsers(client, contact):
    first, second = (client.get(f"/bantuan/kartu/{VILLAGE}.pdf", headers=HOST) for _ in range(2))
    assert b"".join(first.streaming_content) == b"".join(second.streaming_content)
    assert Paper.objects.count() == 1
    assert first["Cache-Control"] == "no-store"
    assert not first.cookies
    again = client.get(
        f"/bantuan/kartu/{VILLAGE}.pdf", headers=HOST | {"If-None-Match": first["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_a_changed_number_stands_on_the_next_card(
    client, lebak, contact, django_capture_on_commit_callbacks
):
    assert OLD in text_of(card(client))
    old = Paper.objects.get()
    storage, name = old.file.storage, old.file.name
    with django_capture_on_commit_callbacks(execute=True):
        change = services.propose_change(
            district=lebak,
            actor=make_member("editor", lebak),
            channel=contact,
            fields={"value": NEW, "display": NEW},
        )
    assert OLD in text_of(card(client))
    with django_capture_on_commit_callbacks(execute=True):
        services.approve(change=change, actor=make_member("moderator", lebak))
    with django_capture_on_commit_callbacks(execute=True):
        text = text_of(card(client))
    assert (OLD in text, text.count(NEW)) == (False, SHEET)
    new = Paper.objects.get()
    assert storage.exists(new.file.name)
    assert not storage.exists(name)


def test_a_hidden_number_is_on_no_card(client, lebak, contact, django_capture_on_commit_callbacks):
    assert OLD in text_of(card(client))
    with django_capture_on_commit_callbacks(execute=True):
        services.hide(channel=contact, actor=make_member("editor", lebak), reason="Salah nomor")
    assert OLD not in text_of(card(client))


def test_the_poster_says_who_answers_when_and_when_it_was_checked(client, lebak):
    content = pdf(client, "/bantuan/poster.pdf")
    text = " ".join(text_of(content).split())
    assert info_of(content)["Pages"] == "1"
    assert info_of(content)["Tagged"] == "yes"
    assert text.index("Polisi 110") < text.index("UPTD PPA Lebak")
    assert "1 November 2026" in text
    assert "lebak.localhost/bantuan" in text


def test_a_poster_of_many_long_channels_is_one_page(client, lebak):
    for n in range(12):
        make_channel(lebak, label=f"Layanan dengan nama yang panjang sekali nomor {n} " * 2)
    content = pdf(client, "/bantuan/poster.pdf")
    assert info_of(content)["Pages"] == "1"
    assert "lebak.localhost/bantuan" in text_of(content)


def test_long_names_stay_on_their_card(client, lebak):
    Region.objects.filter(pk=VILLAGE).update(name="Sungai Panjang Sekali Namanya " * 3)
    Channel.objects.filter(label="UPTD PPA Lebak").update(label="Nama kantor panjang " * 6)
    content = card(client)
    assert info_of(content)["Pages"] == "1"


def test_the_national_office_has_a_poster_and_no_cards(client, lebak):
    answer = client.get("/bantuan/poster.pdf", headers={"host": "localhost"})
    assert answer.status_code == 200
    assert "Polisi 110" in text_of(b"".join(answer.streaming_content))
    answer = client.get(f"/bantuan/kartu/{VILLAGE}.pdf", headers={"host": "localhost"})
    assert answer.status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_papers_are_only_read(client, lebak, method):
    answer = getattr(client, method)("/bantuan/poster.pdf", headers=HOST)
    assert answer.status_code == 405
