"""Wagtail's page of one's own settings, with one name and without a picture.

Many names here have one word, and Wagtail asks for two; a picture would come in past the checks of
uploads, and lie where anybody can read it.
"""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.account import (
    AccountView,
    AvatarSettingsPanel,
    BaseSettingsPanel,
    NameEmailSettingsPanel,
)
from wagtail.users.models import UserProfile

from website.accounts.forms import NameField
from website.accounts.models import User


class NameForm(forms.ModelForm):
    name = NameField(label=_("Name"), max_length=150)

    class Meta:
        model = User
        fields = ("name",)


class NamePanel(BaseSettingsPanel):
    name = "name"
    title = _("Name")
    order = 100
    form_class = NameForm


class OwnAccountView(AccountView):
    def get_panels(self) -> list[BaseSettingsPanel]:
        user = self.request.user
        left_out = (NameEmailSettingsPanel, AvatarSettingsPanel)
        kept = [panel for panel in super().get_panels() if not isinstance(panel, left_out)]
        return [NamePanel(self.request, user, UserProfile.get_for_user(user)), *kept]


own_account = require_admin_access(OwnAccountView.as_view())
