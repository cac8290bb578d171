"""What a channel may say: numbers, addresses and hours as people type them, checked and stored.

Phones are kept in E.164 or as an Indonesian short number (3 to 5 digits, or 1500 and three more),
so that a link made of them always dials what was approved.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext_lazy as _

from districts import hours as opening
from districts.models import Channel, District, Organisation, Region, Term
from districts.services.village_roles import name_by_role
from safeguards.identifiers import refuse_identity_numbers

E164 = re.compile(r"\+[1-9]\d{6,14}")
SHORT = re.compile(r"\d{3,5}|1500\d{3}")
TYPED = re.compile(r"[+(]?[\d\s()./\-]{2,40}")
EXTENSION = re.compile(r"(?:\s*(?:ext|pes|pesawat|ekst)\.?|\s*,|\s*#)\s*\d{1,5}$", re.IGNORECASE)
INDONESIA = "62"
NUMBERED = (Channel.Kind.PHONE, Channel.Kind.WHATSAPP)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

TEXTS = (
    "label",
    "label_en",
    "display",
    "audience",
    "audience_en",
    "cost",
    "cost_en",
    "confidentiality",
    "confidentiality_en",
    "note",
    "note_en",
    "source",
)
PROPOSABLE = (
    "organisation",
    "region",
    "kind",
    "value",
    *TEXTS,
    "issues",
    "is_emergency",
    "hours",
    "timezone",
    "position",
    "active",
)


def normalise_number(typed: str) -> str:
    """Return the number in E.164, or as a short number; raise ValidationError for anything else."""
    text = unicodedata.normalize("NFKC", typed).strip()
    if not TYPED.fullmatch(text):
        raise ValidationError(_("Write a telephone number with digits; spaces may stand between."))
    digits = re.sub(r"\D", "", text)
    if text.startswith("+"):
        number = f"+{digits}"
    elif SHORT.fullmatch(digits) and not digits.startswith("0"):
        return digits
    elif digits.startswith("0"):
        number = f"+{INDONESIA}{digits[1:]}"
    elif digits.startswith(INDONESIA) and len(digits) > 8:
        number = f"+{digits}"
    else:
        number = ""
    if not E164.fullmatch(number):
        raise ValidationError(
            _(
                "This is no number that can be dialled. Begin with 0 or +62, "
                "or write a short number of 3 to 5 digits or 1500-xxx."
            )
        )
    return number


def normalise_value(kind: str, typed: str) -> str:
    """Return what is stored for a channel of this kind; raise ValidationError."""
    text = unicodedata.normalize("NFKC", str(typed or "")).strip()
    if not text:
        raise ValidationError(_("Write the number or address."))
    if CONTROL.search(text) or len(text) > 300:
        raise ValidationError(_("Write the number or address in one line."))
    refuse_identity_numbers(text)
    match kind:
        case Channel.Kind.PHONE:
            return normalise_number(text)
        case Channel.Kind.WHATSAPP:
            number = normalise_number(text)
            if not number.startswith("+"):
                raise ValidationError(_("WhatsApp needs a whole number, from 08 or +62 on."))
            return number
        case Channel.Kind.WEB:
            URLValidator(
                schemes=["https"], message=_("Write a web address that begins with https://.")
            )(text)
            if "@" in text.split("/")[2]:
                raise ValidationError(_("A web address must not hold a name or password."))
            return text
        case Channel.Kind.EMAIL:
            validate_email(text)
            return text
        case Channel.Kind.ADDRESS:
            return text
    raise ValidationError(_("Choose the kind of channel."))


def check_display(kind: str, value: str, display: str) -> None:
    """Raise ValidationError when people would read another number than the link dials."""
    if kind not in NUMBERED:
        return
    try:
        read = normalise_number(EXTENSION.sub("", unicodedata.normalize("NFKC", display)))
    except ValidationError:
        read = ""
    if read != value:
        raise ValidationError(_("People would read another number than the one that is dialled."))


def clean_fields(
    district: District, fields: Mapping[str, Any], channel: Channel | None = None
) -> dict[str, Any]:
    """Return the proposed values as they are stored, JSON-ready; raise ValidationError by field.

    What is left out keeps the channel's value, or the model's default.
    """
    unknown = set(fields) - set(PROPOSABLE)
    if unknown:
        raise ValidationError(
            _("These fields can't be proposed: %(names)s") % {"names": ", ".join(sorted(unknown))}
        )
    values = snapshot(channel) if channel is not None else snapshot(Channel(district=district))
    values |= {name: _key(value) for name, value in fields.items()}
    errors: dict[str, Any] = {}

    def attempt(name: str, act: Any) -> None:
        try:
            act()
        except ValidationError as error:
            errors.setdefault(name, error.messages)
        except (TypeError, ValueError):
            errors.setdefault(name, [_("This is not understood. Please choose again.")])

    for name in TEXTS:
        attempt(name, lambda name=name: _text(values, name))
    attempt("value", lambda: _number(values, channel))
    if "value" not in errors:
        attempt(
            "display", lambda: check_display(values["kind"], values["value"], values["display"])
        )
    attempt("organisation", lambda: _organisation(district, values["organisation"]))
    attempt("region", lambda: _region(district, values["region"]))
    if "label" not in errors:
        attempt("label", lambda: name_by_role(values))
    attempt("issues", lambda: _issues(values["issues"]))
    attempt("hours", lambda: opening.parse(values["hours"]))
    attempt("hours", lambda: _flags(values))
    attempt("position", lambda: _position(values))
    if not errors:
        try:
            Channel(district=district, **as_attributes(values)).clean_fields(
                exclude=["organisation", "region"]
            )
        except ValidationError as error:
            errors = dict(error.message_dict)
    if errors:
        raise ValidationError(errors)
    return values


def snapshot(channel: Channel) -> dict[str, Any]:
    """What may be proposed, as it stands in the channel; JSON-ready."""
    values = {name: getattr(channel, name) for name in PROPOSABLE if name not in _KEYS}
    return values | {"organisation": channel.organisation_id, "region": channel.region_id}


def as_attributes(values: Mapping[str, Any]) -> dict[str, Any]:
    """The stored values under the names of the model's attributes."""
    return {(f"{name}_id" if name in _KEYS else name): value for name, value in values.items()}


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Those of `after` that differ from `before`."""
    return {name: value for name, value in after.items() if before.get(name) != value}


_KEYS = ("organisation", "region")


def _key(value: Any) -> Any:
    return value.pk if isinstance(value, Organisation | Region) else value


def _text(values: dict[str, Any], name: str) -> None:
    text = unicodedata.normalize("NFC", str(values[name] or "")).strip()
    if CONTROL.search(text):
        raise ValidationError(_("Write this in one line."))
    refuse_identity_numbers(text)
    longest = Channel._meta.get_field(name).max_length
    if len(text) > longest:
        raise ValidationError(_("At most %(count)d characters.") % {"count": longest})
    if name == "label" and not text:
        raise ValidationError(_("Write how people know this channel."))
    values[name] = text


def _number(values: dict[str, Any], channel: Channel | None) -> None:
    """Store what is dialled; what people read follows it unless it was written as well."""
    typed = str(values["value"] or "").strip()
    values["value"] = normalise_value(values["kind"], typed)
    display = values["display"]
    is_new = channel is not None and channel.value != values["value"]
    if (
        not display
        or (is_new and display == channel.display)
        or (values["kind"] in NUMBERED and not any(sign.isdigit() for sign in display))
    ):
        values["display"] = typed


def _organisation(district: District, key: Any) -> None:
    if not Organisation.objects.for_district(district).filter(pk=key or 0).exists():
        raise ValidationError(_("Choose an organisation of this office."))


def _region(district: District, code: Any) -> None:
    if code in (None, "") or code == district.region_id:
        return
    if not district.region_id or not str(code).startswith(f"{district.region_id}."):
        raise ValidationError(_("This kecamatan or village lies in another district."))
    if not Region.objects.filter(pk=code, valid_until__isnull=True).exists():
        raise ValidationError(_("This kecamatan or village is not known."))


def _issues(codes: Any) -> None:
    known = set(Term.objects.of("issue_area").values_list("code", flat=True))
    if not isinstance(codes, list) or not set(codes) <= known:
        raise ValidationError(_("Choose issues from the list."))


def _flags(values: dict[str, Any]) -> None:
    values["is_emergency"], values["active"] = bool(values["is_emergency"]), bool(values["active"])
    values["region"] = values["region"] or None
    values["hours"] = dict(values["hours"] or {})
    values["issues"] = sorted(values["issues"])


def _position(values: dict[str, Any]) -> None:
    values["position"] = int(values["position"])
    if not 0 <= values["position"] <= 32767:
        raise ValidationError(_("Write a number between 0 and 32767."))
