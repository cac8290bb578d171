from django.urls import path

from events.views.room import dates
from events.views.room.deciding import cancel, decide, desk
from events.views.room.detail import detail
from events.views.room.link import link
from events.views.room.listing import index
from events.views.room.planning import edit, propose
from events.views.room.settings import drop_day, settings

ROOM = "ruang/kalender/"
ONE = f"{ROOM}<int:pk>/"
DATE = f"{ONE}tanggal/<int:date_pk>/"

urlpatterns = [
    path(ROOM, index, name="event_list"),
    path(f"{ROOM}usul/", propose, name="event_propose"),
    path(f"{ROOM}usulan/", desk, name="event_desk"),
    path(f"{ROOM}pengaturan/", settings, name="event_settings"),
    path(f"{ROOM}pengaturan/hari/<int:pk>/hapus/", drop_day, name="event_day_drop"),
    path(f"{ROOM}langganan/", link, name="event_link"),
    path(ONE, detail, name="event_detail"),
    path(f"{ONE}ubah/", edit, name="event_edit"),
    path(f"{ONE}keputusan/", decide, name="event_decide"),
    path(f"{ONE}batal/", cancel, name="event_cancel"),
    path(f"{ONE}tanggal/", dates.add, name="event_date_add"),
    path(DATE, dates.date, name="event_date"),
    path(f"{DATE}batal/", dates.cancel, name="event_date_cancel"),
    path(f"{DATE}pulih/", dates.restore, name="event_date_restore"),
    path(f"{DATE}hapus/", dates.remove, name="event_date_remove"),
]
