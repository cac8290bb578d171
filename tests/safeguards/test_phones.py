import pytest
from django.core.exceptions import ValidationError

from safeguards.phones import e164, indonesian_number, masked

MOBILE = "8" + "1" * 9
PHONE = f"+62{MOBILE}"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (f"0{MOBILE}", PHONE),
        (f"62{MOBILE}", PHONE),
        (f"+62 {MOBILE[:3]}-{MOBILE[3:6]}.{MOBILE[6:]}", PHONE),
        (f"(+62) {MOBILE}", PHONE),
        (f"+620{MOBILE}", PHONE),
        (MOBILE, PHONE),
        ("0252 " + "5" * 6, "+62252" + "5" * 6),
        ("", ""),
        ("123", ""),
        ("00" + "6" * 10, ""),
        ("delapan", ""),
        ("0" * 30, ""),
    ],
)
def test_numbers_become_e164(typed, number):
    assert e164(typed) == number


@pytest.mark.parametrize("typed", ["+1" + "2" * 10, "12", "", "+62", "+62" + "8" * 15])
def test_other_numbers_are_refused(typed):
    with pytest.raises(ValidationError):
        indonesian_number(typed)


def test_a_masked_number_shows_its_ends():
    assert masked(PHONE) == f"{PHONE[:6]}•••••{PHONE[-2:]}"
    assert masked("") == ""
