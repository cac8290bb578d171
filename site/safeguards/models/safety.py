from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

# A weather page: what anybody might be reading. An installation can name its own.
NEUTRAL_URL = "https://www.bmkg.go.id/"


def default_exit_url() -> str:
    """Return where the quick exit leads until a site says otherwise."""
    return getattr(settings, "SAFEGUARDS_EXIT_URL", NEUTRAL_URL)


@register_setting(icon="logout")
class SafetySettings(BaseSiteSetting):
    """What keeps a reader of this site safe."""

    exit_url = models.URLField(
        _("quick exit leads to"),
        default=default_exit_url,
        validators=[URLValidator(schemes=["https"])],
        help_text=_(
            "A harmless page of another site, such as the weather. "
            "Readers who leave in a hurry land there."
        ),
    )

    panels = [FieldPanel("exit_url")]

    class Meta:
        verbose_name = _("safety")

    def __str__(self) -> str:
        return self.exit_url

    def clean(self) -> None:
        """Refuse a page of this installation: whoever leaves in a hurry would still be here."""
        from wagtail.models import Site

        super().clean()
        try:
            host = urlsplit(self.exit_url).hostname or ""
        except ValueError:
            return  # No address at all, which the field has said.
        if Site.objects.filter(hostname__iexact=host.rstrip(".")).exists():
            raise ValidationError(
                {"exit_url": _("Readers would still be here. Choose a page of another site.")}
            )

    @classmethod
    def for_site(cls, site) -> "SafetySettings":
        """Return the site's settings, or unsaved ones: looking at them writes nothing."""
        return cls.base_queryset().filter(site=site).first() or cls(site=site)

    @classmethod
    def exit_url_for(cls, request) -> str:
        """Return the target for the site of ``request``; reads one row and writes none."""
        from wagtail.models import Site

        site = Site.find_for_request(request)
        stored = cls.objects.filter(site=site).values_list("exit_url", flat=True).first()
        return stored or default_exit_url()
