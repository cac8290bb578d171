"""Mails of Wagtail's admin: sent once what they tell of is kept, and with their office's address.

Wagtail sends while it saves, and `saves` holds the page meanwhile: a mail server that does not
answer would hold everybody who writes.
"""

from collections.abc import Callable
from functools import wraps

from django import template
from django.db import transaction
from wagtail.admin import mail
from wagtail.admin.templatetags.wagtailadmin_tags import register
from wagtail.admin.utils import get_admin_base_url
from wagtail.admin.views.pages import edit
from wagtail.models import Page

from districts.scoping import office_of_page


def after_commit(send: Callable[..., bool]) -> Callable[..., bool]:
    """Send when the surrounding transaction has ended well; at once where there is none."""

    @wraps(send)
    def waits(*args, **kwargs) -> bool:
        transaction.on_commit(lambda: send(*args, **kwargs), robust=True)
        return True

    return waits


@register.simple_tag(takes_context=True)
def base_url_setting(context: template.Context, default: str | None = None) -> str | None:
    """In the place of Wagtail's tag: an admin answers on the host of its office alone."""
    page = context.get("page")
    office = office_of_page(page) if isinstance(page, Page) else None
    return office.site.root_url if office else get_admin_base_url() or default


mail.EmailNotificationMixin.send_emails = after_commit(mail.EmailNotificationMixin.send_emails)
edit.send_notification = after_commit(edit.send_notification)
