from typing import Any

from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from districts.admin_gate.references import OwnReferencesForm
from modules.blocks.ids import kept_by_id, twice


class LessonForm(OwnReferencesForm):
    """Publishes no lesson with a step or a question that another lesson of the module has.

    A draft may still have it.
    """

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        steps = cleaned.get("steps")
        if steps and not self.is_deferred_validation:
            self._check_ids(list(steps.get_prep_value()))
        return cleaned

    def _check_ids(self, steps: list[dict[str, Any]]) -> None:
        siblings = type(self.instance).objects.child_of(self.parent_page).live()
        others = {
            block["id"]
            for lesson in siblings.exclude(pk=self.instance.pk)
            for block in kept_by_id(list(lesson.steps.get_prep_value()))
        }
        if found := twice(steps, others):
            value = found["value"]
            name = strip_tags(value.get("title") or value.get("prompt") or "")
            said = _(
                "“%(name)s” was copied and would share its answers with the first one. "
                "Duplicate it here, and delete the one that you duplicated."
            )
            self.add_error("steps", said % {"name": Truncator(name).chars(60)})
