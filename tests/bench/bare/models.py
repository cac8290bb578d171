from django.db import models
from wagtail.models import Page


class BarePage(Page):
    """A page as Wagtail serves it when nobody adds anything."""

    body = models.TextField()
    template = "bare/bare_page.html"

    class Meta:
        app_label = "bare"
