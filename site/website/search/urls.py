from django.urls import path

from website.search.views import search

urlpatterns = [path("cari/", search, name="search")]
