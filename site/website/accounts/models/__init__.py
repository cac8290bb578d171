from website.accounts.models.devices import DeviceLink, SignInDevice
from website.accounts.models.user import NO_EMAIL_DOMAIN, User, UserManager

__all__ = ["NO_EMAIL_DOMAIN", "DeviceLink", "SignInDevice", "User", "UserManager"]
