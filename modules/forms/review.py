from django import forms
from django.utils.translation import gettext_lazy as _

from modules.services.reviewing import LONGEST_REASON, SHORTEST_REASON
from safeguards.identifiers import refuse_identity_numbers


class WithdrawForm(forms.Form):
    """Why a module is taken out of use."""

    reason = forms.CharField(
        label=_("Why"),
        min_length=SHORTEST_REASON,
        max_length=LONGEST_REASON,
        help_text=_("One sentence; no name of a person."),
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[refuse_identity_numbers],
    )
