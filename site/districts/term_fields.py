"""Fields that hold codes of shared reference data, ticked as boxes in forms."""

from typing import Any

from django import forms
from django.db import models

from districts.models.vocabulary import Regulation, Term


class CodesField(models.JSONField):
    """A list of codes; what they stand for is data, so there are no choices here."""

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def named(self) -> list[tuple[str, str]]:
        """The codes that may be ticked, with their names; none until a kind of data says so."""
        return []

    def formfield(self, **kwargs: Any) -> forms.Field:
        return forms.MultipleChoiceField(
            label=self.verbose_name,
            required=not self.blank,
            help_text=self.help_text,
            choices=self.named,
            widget=forms.CheckboxSelectMultiple,
        )


class TermCodesField(CodesField):
    """Codes of a vocabulary's terms, `["KtA"]`."""

    def __init__(self, *args: Any, vocabulary: str = "", **kwargs: Any):
        self.vocabulary = vocabulary
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"vocabulary": self.vocabulary}

    def named(self) -> list[tuple[str, str]]:
        return [(term.code, term.label) for term in Term.objects.of(self.vocabulary)]


class RegulationCodesField(CodesField):
    """Codes of regulations, `["uu-35-2014"]`; the form says which of them are revoked."""

    def named(self) -> list[tuple[str, str]]:
        return [
            (law.code, f"{law.number} – {law.title} ({law.get_status_display()})")
            for law in Regulation.objects.order_by("number")
        ]
