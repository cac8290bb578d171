"""Who can be reached in a village: by role, never by name.

A channel of a desa takes its label from the vocabulary `village_role`, so that nobody can type a
person's name where readers and printed cards would show it.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from districts.models import Term

VOCABULARY = "village_role"
VILLAGE_CODE_LENGTH = 13


def is_village(code: Any) -> bool:
    """Say whether this is the code of a desa or kelurahan."""
    return len(str(code or "")) == VILLAGE_CODE_LENGTH


def village_roles() -> list[Term]:
    """The roles in the vocabulary's order."""
    return list(Term.objects.of(VOCABULARY))


def name_by_role(values: dict[str, Any]) -> None:
    """Give the values of a village's channel the label of a role, in both languages.

    Raises ValidationError for any other label; channels of a wider area keep what was typed.
    """
    if not is_village(values.get("region")):
        return
    typed = " ".join(str(values.get("label") or "").split()).casefold()
    for role in village_roles():
        if typed in {role.code.casefold(), role.label_id.casefold()}:
            values["label"], values["label_en"] = role.label_id, role.label_en
            return
    raise ValidationError(
        _("In a village people are named by their role, never by name. Choose a role of the list.")
    )
