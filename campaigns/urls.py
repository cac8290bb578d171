"""Addresses of this app that are no pages of the tree; they stand before Wagtail's catch-all."""

from django.urls import path, re_path

from campaigns.views.ask_session import AskForSession
from campaigns.views.cards import channel_poster, village_cards
from campaigns.views.commitments import commitments_sheet
from campaigns.views.follow_request import FollowRequest, RequestQr, WithdrawRequest
from campaigns.views.lost_link import LostLink
from campaigns.views.materials import material_file
from campaigns.views.news import news_feed

urlpatterns = [
    path("bantuan/kartu/<str:code>.pdf", village_cards, name="village_cards"),
    path("bantuan/poster.pdf", channel_poster, name="channel_poster"),
    path("berita/feed.atom", news_feed, name="news_feed"),
    path("komitmen.xlsx", commitments_sheet, name="commitments_sheet"),
    re_path(r"^materi/(?P<material>[\w\-]+)\.pdf$", material_file, name="material_file"),
    path("minta/", AskForSession.as_view(), name="ask_session"),
    path("minta/tautan/", LostLink.as_view(), name="session_request_lost"),
    path("minta/<str:token>/", FollowRequest.as_view(), name="session_request"),
    path("minta/<str:token>/qr.svg", RequestQr.as_view(), name="session_request_qr"),
    path("minta/<str:token>/tarik/", WithdrawRequest.as_view(), name="session_request_withdraw"),
]
