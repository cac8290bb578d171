from django.http import HttpResponse
from django.urls import include, path
from wagtail import urls as wagtail_urls

BODY = b"ok" * 5_000

urlpatterns = [
    path("trivial/", lambda request: HttpResponse(BODY)),
    path("", include(wagtail_urls)),
]
