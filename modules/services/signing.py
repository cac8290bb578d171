"""Records what an office has in writing of a specialist on a module: signed, objected, taken back.

Each is a new entry. Whoever writes on an older state of the history is told so, and nothing is
written: of two who sign at once, the second decides once more.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from districts.hours import local_date
from districts.models import District, Role
from districts.scoping import held_at, office_of_page
from modules.models import ModulePage, SignOff
from modules.standing import module_of
from modules.wording import draft_digest, published_digest
from safeguards import audit, generation
from safeguards.identifiers import refuse_identity_numbers

SIGNERS = (Role.MODERATOR, Role.ADMIN)
SHORTEST, EARLIEST = 3, date(2000, 1, 1)
TEXTS = ("signed_name", "signed_office", "signed_role", "note")
LIMITS = {name: SignOff._meta.get_field(name).max_length for name in TEXTS}
Verdict = SignOff.Verdict


class Overtaken(Exception):
    """A colleague recorded something on this module meanwhile, or its text has changed."""


@dataclass(frozen=True)
class Specialist:
    """Who judged, as they wrote it on the review sheet."""

    name: str = ""
    office: str = ""
    role: str = ""


@dataclass(frozen=True)
class Text:
    """A text of a module that can be signed: readers' own, or the one that was saved last."""

    digest: str
    version: str
    is_published: bool
    day: datetime | None

    @property
    def mark(self) -> str:
        """What stands on the review sheet, to be compared by eye."""
        return mark_of(self.digest)


def mark_of(digest: str) -> str:
    return f"{digest[:4]}-{digest[4:8]}".upper()


def signs_modules(actor: Any, office: District | None, now: datetime) -> bool:
    """Moderators and administrators of this office, and the national superuser."""
    if office is None or not actor.is_authenticated or not actor.is_active:
        return False
    return actor.is_superuser or held_at(now, office, SIGNERS, user=actor).exists()


def texts_of(page: ModulePage) -> list[Text]:
    """What a specialist may have read; of a module of another office only what is published."""
    found = []
    if page.live:
        digest = published_digest(page)
        found.append(Text(digest, page.version, True, page.last_published_at))
    if not page.alias_of_id:
        digest = draft_digest(page)
        if digest not in {one.digest for one in found}:
            draft = page.get_latest_revision_as_object()
            found.append(Text(digest, draft.version, False, page.latest_revision_created_at))
    return found


def history_of(page: ModulePage, office: District) -> QuerySet:
    """What this office recorded on the module, the newest first."""
    key, language = module_of(page)
    rows = SignOff.objects.for_district(office).filter(module_key=key, language=language)
    return rows.select_related("recorded_by").order_by("-number")


def reviewed_by(office: District, words: str) -> QuerySet:
    """The office's entries by whoever has these words in their name or office."""
    named = Q(signed_name__icontains=words) | Q(signed_office__icontains=words)
    return SignOff.objects.for_district(office).filter(named)


def check(
    *,
    verdict: str,
    day: date,
    today: date,
    specialist: Specialist | None = None,
    text: str = "",
    note: str = "",
) -> dict[str, Any]:
    """What an entry says, as its fields; raises ValidationError by field of the form.

    One that takes another back names nobody: it is about whoever signed that one.
    """
    told: dict[str, Any] = {"verdict": verdict, "day": day, "note": " ".join(note.split())}
    errors: dict[str, Any] = {}
    if verdict not in Verdict.values:
        errors["verdict"] = _("Please choose one of these.")
    if verdict != Verdict.WITHDRAWN:
        who = vars(specialist or Specialist())
        told |= {f"signed_{name}": " ".join(value.split()) for name, value in who.items()}
        told["text_digest"] = text
        needed = {"text": bool(text)}
        needed |= {one: len(told[one]) >= SHORTEST for one in ("signed_name", "signed_office")}
        missing = _("Please write it as it stands on the review sheet.")
        errors |= {name: missing for name, is_there in needed.items() if not is_there}
    if verdict != Verdict.SIGNED and len(told["note"]) < SHORTEST:
        errors["note"] = _("Say in one sentence why.")
    if day > today:
        errors["day"] = _("This day is still ahead.")
    elif day < EARLIEST:
        errors["day"] = _("Please write the year with four figures.")
    for name in LIMITS.keys() & told.keys():
        if len(told[name]) > LIMITS[name]:
            errors[name] = _("At most %(number)d letters.") % {"number": LIMITS[name]}
        try:
            refuse_identity_numbers(told[name])
        except ValidationError as error:
            errors[name] = error.messages
    if errors:
        raise ValidationError(errors)
    return told


def record(
    *,
    page: ModulePage,
    office: District,
    actor: Any,
    entry: UUID,
    after: int,
    verdict: str,
    day: date,
    now: datetime,
    specialist: Specialist | None = None,
    text: str = "",
    note: str = "",
) -> SignOff:
    """Add an entry after number `after`, the newest that its writer saw (0: none).

    Safe to repeat: the same `entry` with the same words is the row that is there. `text` is a
    digest of `texts_of`; what is taken back is about the text that was signed. Raises
    PermissionDenied, Overtaken, or ValidationError by field.
    """
    if not signs_modules(actor, office, now) or office_of_page(page) != office:
        raise PermissionDenied
    today = local_date(now, office.timezone)
    told = check(verdict=verdict, specialist=specialist, text=text, day=day, note=note, today=today)
    key, language = module_of(page)
    module = {"district": office, "module_key": key, "language": language}
    # In this order: what a repeat of this form has added meanwhile is then seen as what it is.
    newest = history_of(page, office).first()
    known = SignOff.objects.filter(entry=entry).first()
    if known is not None:
        return _same(known, module | told)
    if (newest.number if newest else 0) != after:
        raise Overtaken(_("A colleague has recorded something on this module meanwhile."))
    more = _of_taken(newest) if verdict == Verdict.WITHDRAWN else _of_signed(page, office, told)
    acted = {"entry": entry, "number": after + 1, "recorded_by": actor, "recorded_at": now}
    try:
        return _add(module | told | more | acted)
    except IntegrityError as error:
        known = SignOff.objects.filter(entry=entry).first()
        if known is not None:
            return _same(known, module | told)
        said = _("A colleague has recorded something on this module meanwhile.")
        raise Overtaken(said) from error


def carry(*, page: ModulePage, now: datetime) -> SignOff | None:
    """Record the signature that the files of a module hold, once for each text; None for none.

    Nobody of the office wrote it down: whoever hands on the files answers for it. What the office
    itself recorded on that day or later stands, and a name that was erased does not come back.
    """
    office, said = office_of_page(page), page.get_latest_revision_as_object()
    if office is None or not said.is_reviewed:
        return None
    text, day = texts_of(page)[-1], said.reviewed_on
    told = {"signed_name": said.reviewer, "day": day, "text_digest": text.digest}
    history = history_of(page, office)
    newest = history.first()
    if newest is not None and newest.verdict != Verdict.SIGNED and newest.day >= day:
        return None
    known = Q(text_digest=text.digest) | Q(signed_name="")
    if history.filter(known, day=day).exists():
        return None
    key, language = module_of(page)
    return _add(
        told
        | _of_signed(page, office, told | {"signed_office": ""})
        | {
            "district": office,
            "module_key": key,
            "language": language,
            "entry": uuid4(),
            "number": newest.number + 1 if newest else 1,
            "verdict": Verdict.SIGNED,
            "recorded_at": now,
        }
    )


def is_forgotten(page: ModulePage, day: date | None) -> bool:
    """Whether the page's office erased the name of who signed the module on this day."""
    office = office_of_page(page)
    if office is None or day is None:
        return False
    return history_of(page, office).filter(day=day, signed_name="").exists()


@transaction.atomic
def _add(fields: dict[str, Any]) -> SignOff:
    row = SignOff.objects.create(**fields)
    audit.record(
        verb=f"module.review_{row.verdict}",
        actor_id=row.recorded_by_id,
        obj=row,
        site=row.district.site_id,
        now=row.recorded_at,
        module=row.module_key,
        language=row.language,
        version=row.version,
    )
    generation.bump("module reviewed")
    return row


def _same(known: SignOff, wanted: dict[str, Any]) -> SignOff:
    """The row of a form that was sent twice; a form that says something else is another one."""
    if any(getattr(known, name) != value for name, value in wanted.items()):
        raise Overtaken(_("This form was sent before, with other words."))
    return known


def _of_taken(taken: SignOff | None) -> dict[str, Any]:
    """What an entry that takes another one back says of it."""
    if taken is None or taken.verdict == Verdict.WITHDRAWN:
        raise ValidationError({"verdict": _("There is nothing to take back.")})
    names = ("signed_name", "signed_office", "signed_role", "text_digest", "version", "key")
    return {name: getattr(taken, name) for name in names}


def _of_signed(page: ModulePage, office: District, told: dict[str, Any]) -> dict[str, Any]:
    chosen = next((one for one in texts_of(page) if one.digest == told["text_digest"]), None)
    if chosen is None:
        raise Overtaken(_("The text of the module has changed meanwhile."))
    # The same person is the same at this office, so that all of theirs is reached at once.
    same = {name: told[name] for name in ("signed_name", "signed_office")}
    rows = SignOff.objects.for_district(office).filter(**same)
    return {
        "version": chosen.version,
        "key": rows.values_list("key", flat=True).first() or uuid4(),
    }
