from django.urls import path, re_path

from events.views.public.event import event, occurrence
from events.views.public.month import day, month

MONTH = r"kalender/(?P<year>[0-9]{4})/(?P<month>[0-9]{2})/"
SERIES = r"kalender/(?P<slug>[-a-zA-Z0-9_]{1,80})/"

urlpatterns = [
    re_path(rf"^{MONTH}\Z", month, name="calendar_month"),
    re_path(rf"^{MONTH}(?P<day>[0-9]{{2}})/\Z", day, name="calendar_day"),
    path("kalender/<slug:slug>/", event, name="event"),
    re_path(
        rf"^{SERIES}(?P<day>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})/\Z", occurrence, name="occurrence"
    ),
]
