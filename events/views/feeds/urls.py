from django.urls import path, re_path

from events.views.feeds.atom import changes
from events.views.feeds.own import own
from events.views.feeds.public import series, whole

urlpatterns = [
    path("kalender.ics", whole, name="calendar_feed"),
    path("kalender/feed.atom", changes, name="calendar_changes"),
    path("kalender/<slug:slug>.ics", series, name="event_feed"),
    # As long as `safeguards.tokens` makes them.
    re_path(r"^ruang/kalender/(?P<token>[-a-zA-Z0-9_]{32})\.ics\Z", own, name="calendar_own_feed"),
]
