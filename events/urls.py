"""Addresses of this app that are no pages of the tree; they stand before Wagtail's catch-all."""

from events.views.checkin.urls import urlpatterns as checkin
from events.views.feeds.urls import urlpatterns as feeds
from events.views.joining.urls import urlpatterns as joining
from events.views.public.urls import urlpatterns as public
from events.views.room.attendance.urls import urlpatterns as attendance
from events.views.room.people_urls import urlpatterns as people
from events.views.room.report_urls import urlpatterns as reports
from events.views.room.urls import urlpatterns as room

urlpatterns = [
    *feeds,
    *joining,
    *checkin,
    *attendance,
    *people,
    *reports,
    *room,
    *public,
]
