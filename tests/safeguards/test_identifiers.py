import pytest
from django.core.exceptions import ValidationError

from safeguards.identifiers import contains_identity_number, refuse_identity_numbers


@pytest.mark.parametrize(
    "text",
    [
        "3310052511100001",
        "atas nama Budi 33 10 05 251110 0001.",
        "33.10.05.251110.0001",
        "331005-651110-0001",
        "3310 0525 1110 0001",
        "３３１００５２５１１１０００01",
        "33100525\u200b11100001",
        "hp 0812 3456 7890, 3310052511100001",
        "NIK: 9900 0000 0000 0001",
    ],
)
def test_nik_is_found_however_it_is_written(text):
    assert contains_identity_number(text) == "nik"


@pytest.mark.parametrize("text", ["0051234567", "siswa 0123456789 hadir", "9981234567"])
def test_nisn_is_found_bare(text):
    assert contains_identity_number(text) == "nisn"


@pytest.mark.parametrize("text", ["NISN 0212345678", "nisn: 021 234 5678", "N.I.S.N. 3101234567"])
def test_nisn_is_found_labelled(text):
    assert contains_identity_number(text) == "nisn"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+62 812-3456-7890",
        "6281234567890",
        "0812 3456 7890",
        "(0272) 321046",
        "021-5703303",
        "0215703303",
        "08111129129",
        "0812-3456-7890 / 0813-3456-7890",
        "telepon 129",
        "NPSN 20309712",
        "NIP 19780512 200501 1 003",
        "ISBN 978-602-8519-93-9",
        "2026-11-22 20:04:43",
        "Rp 1.250.000.000",
        "kode 33.10.05.2001",
        "1234567890123456",
        "3310054511100001234",
        "f47ac10b-58cc-4372-a567-0e02b2c3d479",
    ],
)
def test_other_numbers_pass(text):
    assert contains_identity_number(text) is None


def test_refuse_names_the_kind_and_not_the_number():
    with pytest.raises(ValidationError) as refused:
        refuse_identity_numbers("3310052511100001")
    assert refused.value.code == "identity_number"
    assert "NIK" in refused.value.messages[0]
    assert "3310052511100001" not in refused.value.messages[0]
    refuse_identity_numbers("tidak ada nomor")
