"""Another mail server for a while, as this Django wants it said."""

from website.settings.environment import mailer


def backend_of(settings) -> str:
    mailers = getattr(settings, "MAILERS", None)
    return mailers["default"]["BACKEND"] if mailers else settings.EMAIL_BACKEND


def use_backend(settings, backend: str, **options) -> None:
    for name, value in mailer(backend, **options).items():
        setattr(settings, name, value)
