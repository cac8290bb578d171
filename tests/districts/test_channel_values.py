import pytest
from django.core.exceptions import ValidationError

from districts.models import Channel
from districts.services.channel_values import check_display, normalise_number, normalise_value


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("110", "110"),
        (" 129 ", "129"),
        ("14022", "14022"),
        ("1500-771", "1500771"),
        ("0271 999 0011", "+622719990011"),
        ("(0271) 9990011", "+622719990011"),
        ("08111-129-129", "+628111129129"),
        ("+62 811-1129-129", "+628111129129"),
        ("62811 1129 129", "+628111129129"),
        ("0812.3456.7890", "+6281234567890"),
        ("+1 202 555 0100", "+12025550100"),
    ],
)
def test_numbers_are_stored_as_they_are_dialled(typed, stored):
    assert normalise_number(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "12",
        "999999",
        "1500-77",
        "0812",
        "nol delapan",
        "110 atau 129",
        "tel:110",
        "+62 811;phone-context=x",
        "110\n129",
        "0812\u202e3456789",
        "3310050101010001",
        "+00000000000",
        "1" * 41,
    ],
)
def test_numbers_that_cannot_be_dialled_are_refused(typed):
    with pytest.raises(ValidationError):
        normalise_value(Channel.Kind.PHONE, typed)


def test_identity_number_is_refused_with_the_reason():
    with pytest.raises(ValidationError, match="NIK"):
        normalise_value(Channel.Kind.ADDRESS, "Jalan Merapi, NIK 3310051212900001")


@pytest.mark.parametrize("typed", ["110", "1500-771", "129"])
def test_whatsapp_needs_a_whole_number(typed):
    with pytest.raises(ValidationError, match="WhatsApp"):
        normalise_value(Channel.Kind.WHATSAPP, typed)


@pytest.mark.parametrize(
    "typed",
    [
        "http://contoh.go.id",
        "javascript:alert(1)",
        "https://",
        "https://petugas:rahasia@contoh.go.id/",
        "https://contoh.go.id/\r\nSet-Cookie: x",
        "contoh.go.id",
    ],
)
def test_web_addresses_are_https_and_whole(typed):
    with pytest.raises(ValidationError):
        normalise_value(Channel.Kind.WEB, typed)


def test_web_and_mail_are_kept_as_typed():
    assert normalise_value("web", " https://contoh.go.id/aduan ") == "https://contoh.go.id/aduan"
    assert normalise_value("email", "aduan@contoh.go.id") == "aduan@contoh.go.id"
    with pytest.raises(ValidationError):
        normalise_value("email", "aduan@")


@pytest.mark.parametrize(
    ("value", "display"),
    [
        ("+628111129129", "08111-129-129"),
        ("119", "119 ext 8"),
        ("119", "119, 8"),
        ("1500771", "1500-771"),
        ("110", "110"),
    ],
)
def test_display_may_be_spaced_and_name_an_extension(value, display):
    check_display("phone", value, display)


@pytest.mark.parametrize(
    ("value", "display"), [("+628111129129", "110"), ("110", "112"), ("129", "021-129")]
)
def test_display_of_another_number_is_refused(value, display):
    with pytest.raises(ValidationError):
        check_display("phone", value, display)
