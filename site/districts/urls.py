"""Addresses of this app outside the admin; they stand before Wagtail's catch-all."""

from django.urls import path

from districts.channel_desk import ChannelDesk
from districts.owner_answer import OwnerAnswer
from districts.unsent_desk import unsent_desk

urlpatterns = [
    path("saluran/<str:token>/", OwnerAnswer.as_view(), name="channel_owner"),
    path("ruang/saluran/", ChannelDesk.as_view(), name="channel_desk"),
    path("ruang/surat/", unsent_desk, name="unsent_mails"),
]
