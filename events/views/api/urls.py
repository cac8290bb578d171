"""Addresses of programs; they have no language, so a project includes them outside of its own."""

from django.urls import path

from events.views.api.document import OTHER, docs, openapi
from events.views.api.sync import receive

urlpatterns = [
    path("api/v1/sync", receive, name="api_sync"),
    path("api/v1/openapi.json", openapi, name="api_document"),
    path("api/v1/docs", docs, name="api_docs"),
    path(f"api/v1/docs/{OTHER}", docs, {"language": OTHER}, name="api_docs_other"),
]
