"""What an office has its reports begin with, by kind of session."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from districts.models import District
from events.models import OUTLINED, ReportOutline
from events.outlines import outline_of, words_of
from events.services.office import may_decide
from safeguards import audit
from safeguards.lost_updates import check_opened

NAMES = (*OUTLINED, "laws")


def save_outline(
    *,
    district: District,
    actor: Any,
    kind: str,
    values: dict[str, Any],
    opened: str | None = None,
) -> None:
    """Keep it, or forget it where nothing is said; reports that were written stay as they are.

    `values` are the fields of `NAMES`. Raises Outdated where they are not as they were `opened`, an
    imprint of them, and PermissionDenied.
    """
    values = {name: values[name] for name in NAMES}
    with transaction.atomic():
        if not may_decide(actor, district):
            raise PermissionDenied
        # One after the other, also where there is no row to hold yet.
        District.objects.select_for_update(no_key=True, of=("self",)).get(pk=district.pk)
        check_opened(opened, stands=words_of(outline_of(district, kind)), told=values)
        rows = ReportOutline.objects.for_district(district)
        if any(values.values()):
            rows.update_or_create(district=district, kind=kind, defaults=values)
        else:
            rows.filter(kind=kind).delete()
        audit.record(
            verb="report.outline", actor_id=actor.pk, obj=None, site=district.site_id, kind=kind
        )
