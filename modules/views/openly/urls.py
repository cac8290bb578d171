from django.urls import path, re_path

from modules.views.openly.claim import claim_device
from modules.views.openly.pages import screen, use

urlpatterns = [
    re_path(r"^modul/(?P<slug>[\w\-]+)/pakai/$", use, name="module_openly"),
    re_path(r"^modul/(?P<slug>[\w\-]+)/layar/$", screen, name="module_open_screen"),
    re_path(
        r"^modul/(?P<slug>[\w\-]+)/layar/(?P<step>[1-9]\d{0,2})/$",
        screen,
        name="module_open_screen_step",
    ),
    path("ruang/kelas/klaim/", claim_device, name="module_claim"),
]
