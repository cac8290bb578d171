from django import template
from django.utils.html import format_html, format_html_join

register = template.Library()


@register.filter
def coded(text: str) -> str:
    """Words between backticks as code; all else is text."""
    parts = enumerate(text.split("`"))
    shown = (
        (format_html("<code>{}</code>", part) if number % 2 else part,) for number, part in parts
    )
    return format_html_join("", "{}", shown)
