"""Commitments of an action plan: made, changed, brought forward, shown and hidden.

The newest steps say how far a commitment is; nothing here rewrites one. Every act is audited and
makes cached pages stale. A form opened before somebody else's act is refused (`StaleCommitment`).
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from districts.hours import local_date
from districts.models import (
    Commitment,
    CommitmentStatus,
    CommitmentStep,
    District,
    Membership,
    Organisation,
    Role,
    Term,
)
from safeguards import audit, generation
from safeguards.identifiers import refuse_identity_numbers

KEEPERS = (Role.EDITOR, Role.MODERATOR, Role.ADMIN)
FIELDS = ("number", "measure", "description", "owner", "indicator", "issue_codes", "due")
TEXTS = ("number", "measure", "description", "indicator")
LONGEST_DESCRIPTION = 5_000
EARLIEST = date(2000, 1, 1)
LATEST = date(2100, 1, 1)


class NotAllowed(PermissionDenied):
    """The actor keeps no commitments of this district; views answer 403."""


class StaleCommitment(Exception):
    """Somebody changed the commitment since the form was opened; `current` is how it stands."""

    def __init__(self, current: Commitment):
        super().__init__()
        self.current = current


def keeps_commitments(actor: Any, district: District | None) -> bool:
    """Editors, moderators and administrators of this district, and the national superuser."""
    if district is None or not actor.is_authenticated or not actor.is_active:
        return False
    return (
        actor.is_superuser
        or Membership.objects.filter(
            user=actor, district=district, ended_at__isnull=True, role__in=KEEPERS
        ).exists()
    )


@transaction.atomic
def create_commitment(
    *,
    district: District,
    actor: Any,
    fields: Mapping[str, Any],
    status: str = CommitmentStatus.PLANNED,
    day: date | None = None,
    note: str = "",
    key: UUID | None = None,
    now: datetime | None = None,
) -> Commitment:
    """Write a commitment down, hidden from readers, with its first step.

    The second sending of a form (`key`) returns what the first one made. Raises NotAllowed, or
    ValidationError with messages by field.
    """
    now = now or timezone.now()
    _check_keeper(actor, district)
    made = _made_by(key, district)
    if made is not None:
        return made
    values = clean_fields(district, fields)
    today = local_date(now, district.timezone)
    day = day or today
    note = _check_step(status, day, note, since=None, today=today)
    commitment = Commitment(district=district, status=status, status_since=day, **values)
    try:
        with transaction.atomic():
            commitment.save(force_insert=True)
            _add_step(commitment, actor, status=status, day=day, note=note, key=key)
    except IntegrityError as error:
        made = _made_by(key, district)
        if made is not None:
            return made
        raise ValidationError({"number": _number_taken()}) from error
    _log("created", commitment, actor, now, fields=sorted(values))
    return commitment


@transaction.atomic
def change_commitment(
    *,
    commitment: Commitment,
    actor: Any,
    fields: Mapping[str, Any],
    version: int,
    now: datetime | None = None,
) -> Commitment:
    """Give the commitment other words, another owner or another due date.

    A due date never moves silently: the move becomes a step of the history. Raises NotAllowed,
    StaleCommitment, or ValidationError with messages by field.
    """
    now = now or timezone.now()
    _check_keeper(actor, commitment.district)
    current = _locked(commitment, version)
    values = clean_fields(current.district, fields)
    changed = {name for name, value in values.items() if getattr(current, name) != value}
    if not changed:
        return current
    before = current.due
    for name in changed:
        setattr(current, name, values[name])
    try:
        with transaction.atomic():
            _raise_version(current)
            if "due" in changed:
                newest = current.steps.values_list("day", flat=True).first()
                today = local_date(now, current.district.timezone)
                _add_step(
                    current,
                    actor,
                    status=current.status,
                    day=max(today, newest) if newest else today,
                    due_before=before,
                    due_after=current.due,
                )
    except IntegrityError as error:
        raise ValidationError({"number": _number_taken()}) from error
    _log("changed", current, actor, now, fields=sorted(changed))
    return current


@transaction.atomic
def take_step(
    *,
    commitment: Commitment,
    actor: Any,
    status: str,
    day: date,
    note: str = "",
    version: int,
    key: UUID | None = None,
    now: datetime | None = None,
) -> CommitmentStep:
    """Say how far it is: a status, since which day, and a note for readers.

    A step is never before the one it follows, and never in the future. Sent twice (`key`), it is
    one. Raises NotAllowed, StaleCommitment, or ValidationError with messages by field.
    """
    now = now or timezone.now()
    _check_keeper(actor, commitment.district)
    known = _step_of(key, commitment)
    if known is not None:
        return known
    try:
        current = _locked(commitment, version)
    except StaleCommitment:
        # The same form, sent again while its first sending was being written.
        known = _step_of(key, commitment)
        if known is not None:
            return known
        raise
    newest = current.steps.values_list("day", flat=True).first()
    today = local_date(now, current.district.timezone)
    note = _check_step(status, day, note, since=newest, today=today)
    if status == current.status and not note:
        raise ValidationError(
            {"note": _("The status stays the same, so please say what has happened.")}
        )
    if status != current.status:
        current.status, current.status_since = status, day
    _raise_version(current)
    try:
        with transaction.atomic():
            step = _add_step(current, actor, status=status, day=day, note=note, key=key)
    except IntegrityError as error:
        # The key is of another commitment's form.
        raise ValidationError(_("Please open this form again.")) from error
    _log("step", current, actor, now, status=str(status), day=day)
    return step


@transaction.atomic
def show_commitment(
    *, commitment: Commitment, actor: Any, shown: bool, now: datetime | None = None
) -> Commitment:
    """Let readers see the commitment with its whole history, or hide it from them."""
    _check_keeper(actor, commitment.district)
    current = Commitment.objects.select_related("district").select_for_update(of=("self",))
    current = current.get(pk=commitment.pk)
    if current.is_published != shown:
        current.is_published = shown
        _raise_version(current)
        _log("shown" if shown else "hidden", current, actor, now or timezone.now())
    return current


def clean_fields(district: District, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as they are stored; raises ValidationError with messages by field."""
    faults: dict[str, Any] = {}
    values: dict[str, Any] = {}
    for name in TEXTS:
        text = str(fields.get(name) or "").strip()
        text = text if name == "description" else " ".join(text.split())
        limit = Commitment._meta.get_field(name).max_length or LONGEST_DESCRIPTION
        if not text and name in {"number", "measure"}:
            faults[name] = _("Please fill this in.")
        elif len(text) > limit:
            faults[name] = _("At most %(limit)d characters.") % {"limit": limit}
        elif "\x00" in text:
            faults[name] = _("There is a sign in it that can't be stored.")
        else:
            try:
                refuse_identity_numbers(text)
            except ValidationError as error:
                faults[name] = error.messages
        values[name] = text
    owner = fields.get("owner")
    if not isinstance(owner, Organisation) or owner.district_id != district.pk:
        faults["owner"] = _("Choose an organisation of this office.")
    values["owner"] = owner
    due = fields.get("due")
    if not isinstance(due, date) or not EARLIEST <= due <= LATEST:
        faults["due"] = _("Please give a date, such as 2027-06-30.")
    values["due"] = due
    codes = list(dict.fromkeys(fields.get("issue_codes") or []))
    known = set(Term.objects.of("issue_area").values_list("code", flat=True))
    if set(codes) - known:
        faults["issue_codes"] = _("This issue area is not known.")
    values["issue_codes"] = codes
    if faults:
        raise ValidationError(faults)
    return values


def _check_step(status: str, day: Any, note: str, *, since: date | None, today: date) -> str:
    faults: dict[str, Any] = {}
    note = " ".join(note.split())
    if status not in CommitmentStatus.values:
        faults["status"] = _("Choose one of the statuses.")
    if not isinstance(day, date) or day < EARLIEST:
        faults["day"] = _("Please give a date, such as 2027-06-30.")
    elif day > today:
        faults["day"] = _("This day has not come yet.")
    elif since is not None and day < since:
        faults["day"] = _(
            "The newest step is of %(since)s. A step can't be before it; write in the note when "
            "something happened earlier."
        ) % {"since": date_format(since, "j F Y")}
    if len(note) > 500:
        faults["note"] = _("At most %(limit)d characters.") % {"limit": 500}
    elif "\x00" in note:
        faults["note"] = _("There is a sign in it that can't be stored.")
    else:
        try:
            refuse_identity_numbers(note)
        except ValidationError as error:
            faults["note"] = error.messages
    if faults:
        raise ValidationError(faults)
    return note


def _locked(commitment: Commitment, version: int) -> Commitment:
    """The commitment as it stands, locked; raises StaleCommitment for another version."""
    current = (
        Commitment.objects.select_related("district", "owner")
        .select_for_update(of=("self",))
        .get(pk=commitment.pk)
    )
    if current.version != version:
        raise StaleCommitment(current)
    return current


def _raise_version(commitment: Commitment) -> None:
    commitment.version += 1
    commitment.save(force_update=True)


def _add_step(commitment: Commitment, actor: Any, **values: Any) -> CommitmentStep:
    return CommitmentStep.objects.create(
        district_id=commitment.district_id, commitment=commitment, author=actor, **values
    )


def _made_by(key: UUID | None, district: District) -> Commitment | None:
    if key is None:
        return None
    return Commitment.objects.filter(district=district, steps__key=key).first()


def _step_of(key: UUID | None, commitment: Commitment) -> CommitmentStep | None:
    return CommitmentStep.objects.filter(key=key, commitment=commitment).first() if key else None


def _number_taken() -> Any:
    return _("Another commitment of this plan has this number.")


def _check_keeper(actor: Any, district: District) -> None:
    if not keeps_commitments(actor, district):
        raise NotAllowed


def _log(verb: str, commitment: Commitment, actor: Any, now: datetime, **details: Any) -> None:
    audit.record(
        verb=f"commitment.{verb}",
        actor_id=actor.pk,
        obj=commitment,
        site=commitment.district.site_id,
        now=now,
        **details,
    )
    generation.bump(f"commitment {verb}")
