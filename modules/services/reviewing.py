"""Takes a module out of use in an emergency, and lets it in again.

One person of the office is enough to take it out, everywhere at once; letting it in again needs a
moderator who did not take it out, and binds superusers. With an original its translations go; each
comes back on its own, when somebody who reads its language has looked at it.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.models import District, Role
from districts.scoping import held_at, office_of_page
from modules.models import ClassRun, ModulePage, Withdrawal
from safeguards import audit, generation
from safeguards.identifiers import refuse_identity_numbers
from safeguards.ticks import register_tick

KEEPERS = (Role.EDITOR, Role.MODERATOR, Role.ADMIN)
SHORTEST_REASON, LONGEST_REASON = 3, 300
State = ClassRun.State


def keeps_modules(actor: Any, office: District | None) -> bool:
    """Editors, moderators and administrators of this office, and the national superuser."""
    if office is None or not actor.is_authenticated or not actor.is_active:
        return False
    return actor.is_superuser or held_at(timezone.now(), office, KEEPERS, user=actor).exists()


def may_lift(actor: Any, page: ModulePage) -> bool:
    """A moderator of the page's office who did not take the module out."""
    if not actor.is_authenticated or not actor.is_active:
        return False
    standing = withdrawal_of(page)
    if standing is not None and standing.by_id == actor.pk:
        return False
    office = office_of_page(page)
    return held_at(timezone.now(), office, (Role.MODERATOR,), user=actor).exists()


def withdrawal_of(page: ModulePage) -> Withdrawal | None:
    """The withdrawal that stands, of the module or of the source behind an alias."""
    standing = Withdrawal.objects.filter(page=page.source_id, lifted_at__isnull=True)
    return standing.select_related("by").first()


def withdraw(*, page: ModulePage, actor: Any, reason: str, now: datetime) -> Withdrawal:
    """Take the module from the readers of every district and end its running sessions, at once.

    Safe to repeat: a withdrawal that stands is returned as it is, and a translation that came out
    since goes too. Raises PermissionDenied, or ValidationError for a reason that is too short, too
    long or names somebody by number.
    """
    reason = " ".join(reason.split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise ValidationError(_("Say in one sentence why."))
    refuse_identity_numbers(reason)
    with transaction.atomic():
        source = _locked(page)
        office = office_of_page(source)
        if not keeps_modules(actor, office):
            raise PermissionDenied
        standing = withdrawal_of(source)
        others = _translations(source)
        if standing is None or source.withdrawn_at is None:
            standing = _take_back(source, actor, reason, now)
        elif not others:
            return standing
        for other in others:
            _take_back(other, actor, reason, now)
        generation.bump("module withdrawn")
    return standing


def _take_back(source: ModulePage, actor: Any, reason: str, now: datetime) -> Withdrawal:
    _everywhere(source).update(withdrawn_at=now)
    standing = Withdrawal.objects.create(page=source, by=actor, reason=reason, at=now)
    ended = _end(ClassRun.objects.filter(edition__page=source), now)
    audit.record(
        verb="module.withdrawn",
        actor_id=actor.pk,
        obj=source,
        site=office_of_page(source).site_id,
        now=now,
        runs_ended=ended,
    )
    return standing


def _translations(source: ModulePage) -> list[ModulePage]:
    """Of an original in the site's own language, its translations that are not withdrawn yet."""
    if source.locale.language_code != settings.LANGUAGE_CODE:
        return []
    others = ModulePage.objects.select_for_update().exclude(pk=source.pk)
    return list(
        others.filter(
            translation_key=source.translation_key,
            alias_of__isnull=True,
            withdrawn_at__isnull=True,
        )
    )


def lift(*, page: ModulePage, actor: Any, now: datetime) -> bool:
    """Let a withdrawn module in again; False where it is not withdrawn. Raises PermissionDenied."""
    with transaction.atomic():
        source = _locked(page)
        if source.withdrawn_at is None:
            return False
        if not may_lift(actor, source):
            raise PermissionDenied
        source.withdrawals.filter(lifted_at__isnull=True).update(lifted_by=actor, lifted_at=now)
        _everywhere(source).update(withdrawn_at=None)
        audit.record(
            verb="module.withdrawal_lifted",
            actor_id=actor.pk,
            obj=source,
            site=office_of_page(source).site_id,
            now=now,
        )
        generation.bump("module offered again")
    return True


def end_runs_of_withdrawn(now: datetime) -> int:
    """End a run that was opened in the same moment as its module was withdrawn."""
    return _end(ClassRun.objects.filter(edition__page__withdrawn_at__isnull=False), now)


def _locked(page: ModulePage) -> ModulePage:
    return ModulePage.objects.select_for_update().get(pk=page.source_id)


def _everywhere(source: ModulePage) -> QuerySet:
    """The module and its aliases, an alias of an alias among them."""
    return ModulePage.objects.filter(
        Q(pk=source.pk) | Q(alias_of=source.pk) | Q(alias_of__alias_of=source.pk)
    )


def _end(runs: QuerySet, now: datetime) -> int:
    # A run past its end has ended already, whether or not that is written down.
    return runs.filter(state=State.OPEN, closes_at__gt=now).update(
        state=State.CLOSED, closed_at=now, pulse=F("pulse") + 1
    )


register_tick("modules.end_runs_of_withdrawn", end_runs_of_withdrawn)
