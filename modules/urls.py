"""Addresses of this app that are no pages of the tree; they stand before Wagtail's catch-all."""

from modules.views.openly.urls import urlpatterns as openly
from modules.views.papers.urls import urlpatterns as papers
from modules.views.pupil.urls import urlpatterns as pupil
from modules.views.results.urls import urlpatterns as results
from modules.views.room.urls import urlpatterns as room

urlpatterns = [*papers, *openly, *pupil, *results, *room]
