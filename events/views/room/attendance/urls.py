from django.urls import re_path

from events.views.joining.urls import EVENT, WHICH
from events.views.room.attendance.correcting import correct
from events.views.room.attendance.door import door, paper, qr, wall
from events.views.room.attendance.headcount import headcount
from events.views.room.attendance.hub import hub
from events.views.room.attendance.organisations import organisations
from events.views.room.attendance.renaming import rename
from events.views.room.attendance.roll import roll, state
from events.views.room.attendance.scanning import scan

DATE = rf"^{EVENT}/{WHICH}/hadir"
PERSON = r"(?P<person>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"

urlpatterns = [
    re_path(rf"{DATE}/\Z", hub, name="event_attendance"),
    re_path(rf"{DATE}/panggil/\Z", roll, name="event_roll"),
    re_path(rf"{DATE}/panggil/keadaan\.json\Z", state, name="event_roll_state"),
    re_path(rf"{DATE}/panggil/{PERSON}/\Z", correct, name="event_roll_person"),
    re_path(rf"{DATE}/panggil/{PERSON}/ubah/\Z", rename, name="event_roll_rename"),
    re_path(rf"{DATE}/hitung/\Z", headcount, name="event_headcount"),
    re_path(rf"{DATE}/lembaga/\Z", organisations, name="event_organisations"),
    re_path(rf"{DATE}/pintu/\Z", door, name="event_door"),
    re_path(rf"{DATE}/layar/\Z", wall, name="event_wall"),
    re_path(rf"{DATE}/layar/qr\.svg\Z", qr, name="event_wall_qr"),
    re_path(rf"{DATE}/layar/kertas/\Z", paper, name="event_wall_paper"),
    re_path(rf"{DATE}/pindai/\Z", scan, name="event_scan"),
]
