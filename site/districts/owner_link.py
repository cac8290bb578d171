"""The one-time link for the owner of a number, with the words to pass it on."""

from urllib.parse import quote

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from districts.models import ChannelChange
from districts.services.channels import issue_owner_link


def new_owner_link(request: HttpRequest, change: ChannelChange) -> dict[str, str]:
    """Make the link as whoever asks; its address and that of WhatsApp, to be shown this once.

    Raises NotAllowed, SamePerson for the proposer, or AlreadyDecided.
    """
    token = issue_owner_link(change=change, actor=request.user)
    link = request.build_absolute_uri(reverse("channel_owner", args=[token]))
    text = _("%(office)s asks: is this number yours and right? %(link)s") % {
        "office": change.district.office_name,
        "link": link,
    }
    # A WhatsApp number is asked itself, so that only its owner reads the link. Where another number
    # is to take its place, that is the one which readers have: the new one may be the proposer's.
    channel, to = change.channel, ""
    is_verified = channel is not None and channel.last_verified is not None
    if is_verified and channel.kind == "whatsapp":
        to = channel.value.lstrip("+")
    elif not is_verified and change.fields.get("kind", channel and channel.kind) == "whatsapp":
        to = change.fields.get("value", channel.value if channel else "").lstrip("+")
    return {"owner_link": link, "share_link": f"https://wa.me/{to}?text={quote(text)}"}
