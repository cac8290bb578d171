"""Addresses of this app that are no pages of the tree; they stand before Wagtail's catch-all."""

urlpatterns = []
