"""Wagtail writes one address of all admins into its mails; here each office has its own."""

from django import template
from wagtail.admin.templatetags.wagtailadmin_tags import register
from wagtail.admin.utils import get_admin_base_url
from wagtail.models import Page

from districts.scoping import office_of_page


@register.simple_tag(takes_context=True)
def base_url_setting(context: template.Context, default: str | None = None) -> str | None:
    """In the place of Wagtail's tag: an admin answers on the host of its office alone."""
    page = context.get("page")
    office = office_of_page(page) if isinstance(page, Page) else None
    return office.site.root_url if office else get_admin_base_url() or default
