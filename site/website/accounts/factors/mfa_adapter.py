"""What django-allauth asks of the house about second factors."""

import base64
import hashlib

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.http.request import split_domain_port
from django.utils.translation import gettext_lazy as _

from website.accounts.factors.rules import PASSKEY


def _vault() -> MultiFernet:
    """Seals what must be readable to check a code; an old SECRET_KEY still opens it."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [
            Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"factors\0{key}".encode()).digest()))
            for key in keys
        ]
    )


def host_here() -> str:
    """The host name a passkey made now belongs to: browsers offer it nowhere else."""
    return split_domain_port(context.request.get_host())[0].lower()


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This does not fit. Nothing was changed; try again."),
    }

    def encrypt(self, text: str) -> str:
        return _vault().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _vault().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # Sealed with a key that is gone: no code fits, and a colleague can reset it.
            return ""

    def _get_user_identifier(self, user) -> str:
        return user.sign_in_name

    def _get_site_name(self) -> str:
        return context.request.get_host()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": host_here(), "name": context.request.district.office_name}


def passkeys_here(user) -> list:
    """The user's passkeys that this host's browsers can show."""
    host = host_here()
    found = Authenticator.objects.filter(user=user, type=PASSKEY)
    return [passkey for passkey in found if passkey.data.get("host", host) == host]
