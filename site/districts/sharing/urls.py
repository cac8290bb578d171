"""Addresses without a language: a page's code and its picture are the same in all of them."""

from django.urls import path, re_path

from districts.sharing import views

urlpatterns = [
    path("og/<int:number>-<slug:digest>.png", views.picture, name="share_picture"),
    re_path(r"^s/(?P<code>[0-9A-Za-z]+)\.svg$", views.short_address_qr, name="short_address_qr"),
    # In capitals it is what the code to scan holds.
    re_path(r"^[sS]/(?P<code>[0-9A-Za-z]+)/$", views.short_address, name="short_address"),
]
