from django.urls import path, re_path

from events.views.joining.consent import consent
from events.views.joining.files import letter, poster
from events.views.joining.invite import invite
from events.views.joining.invited import AnswerInvitation
from events.views.joining.listing import listing
from events.views.joining.lost_link import LostRegistration
from events.views.joining.own_data import (
    CorrectRegistration,
    ForgetRegistration,
    TakeRegistration,
)
from events.views.joining.register import RegisterForDate
from events.views.joining.registration import (
    CancelRegistration,
    FollowRegistration,
    RegistrationCalendar,
)
from events.views.joining.sheet import sheet

DAY = r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
LINK = r"(?P<token>[-a-zA-Z0-9_]{32})"
# A date of an event by its number or by its day.
WHICH = r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,18})"
EVENT = r"ruang/kalender/(?P<pk>[0-9]{1,18})"

urlpatterns = [
    re_path(
        rf"^kalender/(?P<slug>[-a-zA-Z0-9_]+)/{DAY}/daftar/\Z",
        RegisterForDate.as_view(),
        name="event_register",
    ),
    path(
        "kalender/pendaftaran/tautan/", LostRegistration.as_view(), name="event_registration_lost"
    ),
    re_path(
        rf"^kalender/pendaftaran/{LINK}/\Z",
        FollowRegistration.as_view(),
        name="event_registration",
    ),
    re_path(
        rf"^kalender/pendaftaran/{LINK}/batal/\Z",
        CancelRegistration.as_view(),
        name="event_registration_cancel",
    ),
    re_path(
        rf"^kalender/pendaftaran/{LINK}/kegiatan\.ics\Z",
        RegistrationCalendar.as_view(),
        name="event_registration_calendar",
    ),
    re_path(
        rf"^kalender/pendaftaran/{LINK}/ubah/\Z",
        CorrectRegistration.as_view(),
        name="event_registration_correct",
    ),
    re_path(
        rf"^kalender/pendaftaran/{LINK}/data\.json\Z",
        TakeRegistration.as_view(),
        name="event_registration_data",
    ),
    re_path(
        rf"^kalender/pendaftaran/{LINK}/hapus/\Z",
        ForgetRegistration.as_view(),
        name="event_registration_forget",
    ),
    re_path(rf"^kalender/undangan/{LINK}/\Z", AnswerInvitation.as_view(), name="event_invited"),
    re_path(rf"^{EVENT}/pendaftar/{WHICH}/\Z", listing, name="event_registrations"),
    re_path(
        rf"^{EVENT}/pendaftar/{WHICH}/daftar\.(?P<form>xlsx|csv)\Z",
        sheet,
        name="event_registrations_sheet",
    ),
    re_path(rf"^{EVENT}/undangan/\Z", invite, name="event_invite"),
    re_path(rf"^{EVENT}/undangan/(?P<letter_pk>[0-9]{{1,18}})\.pdf\Z", letter, name="event_letter"),
    re_path(rf"^{EVENT}/poster/{WHICH}\.pdf\Z", poster, name="event_poster"),
    path("ruang/kalender/persetujuan/", consent, name="event_consent"),
]
