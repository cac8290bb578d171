from typing import Any

from django.db import transaction

from districts.models import Role
from districts.pages import DistrictPage
from districts.workflow import versions_of

SPECIALISTS = frozenset({Role.MODERATOR.value})


class Reviewed(DistrictPage):
    """What a module's review asks of its versions; the fields are the module's own.

    `withdrawn_at` belongs to the page as a whole and to its source: `services.reviewing` alone
    writes it. No revision, alias or instance read earlier lets a withdrawn module out again.
    """

    # A copy is a new draft, which two persons let out.
    exclude_fields_in_copy = ["withdrawn_at"]

    class Meta:
        abstract = True

    @property
    def is_reviewed(self) -> bool:
        """Whether its fields name a specialist; of offices, `modules.standing` says who counts."""
        return bool(self.reviewer and self.reviewed_on)

    def approver_roles(self) -> frozenset[str] | None:
        asks = any(version.is_about_extremism for version in versions_of(self))
        return SPECIALISTS if asks else None

    def with_content_json(self, content: dict[str, Any]) -> "Reviewed":
        page = super().with_content_json(content)
        page.withdrawn_at = self.withdrawn_at
        return page

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            kept = type(self)._base_manager.select_for_update().filter(pk=self.source_id)
            source = kept.only("withdrawn_at").first() if self.source_id else None
            if source is not None:
                self.withdrawn_at = source.withdrawn_at
            super().save(*args, **kwargs)

    save.alters_data = True
