"""The private address of a registration: its own page."""

from districts.private_links import PrivateLink

LINK = PrivateLink("events.registration", "event_registration", "registration.link_renewed")
