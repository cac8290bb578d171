"""A field that holds codes of a vocabulary's terms, ticked as boxes in forms."""

from typing import Any

from django import forms
from django.db import models

from districts.models.vocabulary import Term


class TermCodesField(models.JSONField):
    """A list of term codes, `["KtA"]`; the vocabulary is data, so it has no choices here."""

    def __init__(self, *args: Any, vocabulary: str = "", **kwargs: Any):
        self.vocabulary = vocabulary
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"vocabulary": self.vocabulary}

    def formfield(self, **kwargs: Any) -> forms.Field:
        return forms.MultipleChoiceField(
            label=self.verbose_name,
            required=not self.blank,
            help_text=self.help_text,
            choices=lambda: [(term.code, term.label) for term in Term.objects.of(self.vocabulary)],
            widget=forms.CheckboxSelectMultiple,
        )
