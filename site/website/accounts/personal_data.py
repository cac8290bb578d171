"""What we know about those who sign in, and for how long.

The registry checks our own apps; what sign-in and the admin keep beside the account is told here.
"""

from datetime import timedelta

from safeguards.registry import exempt, register
from website.accounts.models.devices import FORGOTTEN_AFTER

register(
    "accounts.User",
    fields=("email", "name", "last_login", "date_joined"),
    tells=("is_active", "is_superuser"),
    purpose="signing in, and colleagues knowing who is who",
    retention=None,
    clock="date_joined",
    owner="the office that invited the person",
    subject=("email", "id"),
    on_erase="delete",
)
register(
    "accounts.SignInDevice",
    fields=("user", "label", "used_on"),
    tells=("district", "created_at", "revoked_at"),
    purpose="signing in with a PIN on one's own device, and seeing which devices those are",
    retention=FORGOTTEN_AFTER,
    clock="used_on",
    owner="the district's office",
    subject="user_id",
    on_erase="delete",
)
register(
    "accounts.DeviceLink",
    fields=("user", "made_by"),
    tells=("district", "created_at", "expires_at", "used_at", "revoked_at"),
    purpose="setting the PIN of a device, once",
    retention=timedelta(days=30),
    clock="expires_at",
    owner="the district's office",
    subject="user_id",
    on_erase="delete",
)
register(
    "mfa.Authenticator",
    fields=("user", "type", "created_at", "last_used_at"),
    purpose="the second factor: authenticator app, passkeys, recovery codes",
    retention=None,
    clock="",
    owner="the office that invited the person",
    subject="user_id",
    on_erase="delete",
)
register(
    "account.EmailAddress",
    fields=("email",),
    tells=("verified", "primary"),
    purpose="sending a link for a new password",
    retention=None,
    clock="",
    owner="the office that invited the person",
    subject=("email", "user_id"),
    on_erase="delete",
)
register(
    "wagtailusers.UserProfile",
    fields=("preferred_language", "current_time_zone", "avatar"),
    purpose="how the admin looks for this person",
    retention=None,
    clock="",
    owner="the office that invited the person",
    subject="user_id",
    on_erase="delete",
)
_UPLOADED = "which account put the file there; the database empties it when the account goes"
exempt("media.CustomImage", "uploaded_by_user", because=_UPLOADED)
exempt("media.CustomDocument", "uploaded_by_user", because=_UPLOADED)
