"""Addresses of this app that are no pages of the tree; they stand before Wagtail's catch-all."""

from events.views.feeds.urls import urlpatterns as feeds
from events.views.joining.urls import urlpatterns as joining
from events.views.public.urls import urlpatterns as public
from events.views.room.urls import urlpatterns as room

urlpatterns = [*feeds, *joining, *room, *public]
