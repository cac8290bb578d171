"""The private address of a request: its status page."""

from districts.private_links import PrivateLink

LINK = PrivateLink("campaigns.session_request", "session_request", "request.link_renewed")
