from django.urls import path

from modules.views.room.acting import act
from modules.views.room.console import console, qr, screen, state
from modules.views.room.groups import change, copy, delete, new
from modules.views.room.listing import index
from modules.views.room.papers import run_paper
from modules.views.room.start import start

ROOM = "ruang/kelas/"

urlpatterns = [
    path(ROOM, index, name="module_runs"),
    path(f"{ROOM}kelompok/baru/", new, name="module_group_new"),
    path(f"{ROOM}kelompok/<int:pk>/", change, name="module_group"),
    path(f"{ROOM}kelompok/<int:pk>/salin/", copy, name="module_group_copy"),
    path(f"{ROOM}kelompok/<int:pk>/hapus/", delete, name="module_group_delete"),
    path(f"{ROOM}mulai/", start, name="module_run_start"),
    path(f"{ROOM}<int:pk>/", console, name="module_run"),
    path(f"{ROOM}<int:pk>/langkah/", act, name="module_run_act"),
    path(f"{ROOM}<int:pk>/keadaan.json", state, name="module_run_state"),
    path(f"{ROOM}<int:pk>/layar/", screen, name="module_run_screen"),
    path(f"{ROOM}<int:pk>/qr.svg", qr, name="module_run_qr"),
    path(f"{ROOM}<int:pk>/<slug:paper>.pdf", run_paper, name="module_run_paper"),
]
