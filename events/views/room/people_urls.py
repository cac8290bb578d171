from django.urls import include, path, re_path

from events.views.joining.urls import EVENT, WHICH
from events.views.public.verify import VerifyCertificate
from events.views.room import (
    certificates,
    devices,
    exporting,
    importing,
    paper_entry,
    people,
    people_figures,
    quarantine,
    sheets,
)

DATE = rf"^{EVENT}/{WHICH}/hadir"
KEY = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
SHEET = rf"{DATE}/impor/(?P<sheet>{KEY})"
PEOPLE = "ruang/orang/"
AS_FILE = r"daftar\.(?P<form>xlsx|csv)\Z"
CERTIFICATES = "ruang/kalender/<int:pk>/sertifikat/"

# Lists below the attendance of a date take the arguments of its own sheet and are named after it,
# lists of the office take those of the calendar's.
SHEETS_OF_DATE = [
    re_path(rf"{DATE}/lembaga/{AS_FILE}", sheets.date_organisations, name="organisations"),
    re_path(rf"{DATE}/hitung/{AS_FILE}", sheets.date_headcount, name="headcount"),
]
SHEETS = [
    re_path(rf"^{PEOPLE}{AS_FILE}", sheets.people, name="people"),
    re_path(rf"^ruang/laporan/{AS_FILE}", sheets.reports, name="reports"),
]

urlpatterns = [
    path("", include((SHEETS_OF_DATE, "event_attendance_sheet"))),
    path("", include((SHEETS, "event_list_sheet"))),
    re_path(rf"{DATE}/impor/\Z", importing.hand_in, name="event_attendance_import"),
    re_path(rf"{DATE}/impor/kosong\.xlsx\Z", importing.empty, name="event_attendance_import_empty"),
    re_path(rf"{SHEET}/\Z", importing.rows, name="event_attendance_import_rows"),
    re_path(rf"{SHEET}/salah\.xlsx\Z", importing.faulty, name="event_attendance_import_faulty"),
    re_path(rf"{DATE}/kertas/\Z", paper_entry.paper, name="event_attendance_paper"),
    re_path(rf"{DATE}/daftar/\Z", exporting.listing, name="event_attendance_list"),
    re_path(
        rf"{DATE}/daftar\.(?P<form>xlsx|csv)\Z", exporting.sheet, name="event_attendance_sheet"
    ),
    path("ruang/unduhan/<uuid:export>/", exporting.progress, name="event_export"),
    path("ruang/unduhan/<uuid:export>/berkas", exporting.fetch, name="event_export_file"),
    path(PEOPLE, people.index, name="event_people"),
    path(f"{PEOPLE}kembar/", people_figures.duplicates, name="event_people_duplicates"),
    path(f"{PEOPLE}lembaga/", people_figures.organisations, name="event_people_organisations"),
    path(f"{PEOPLE}fasilitator/", people_figures.facilitators, name="event_people_facilitators"),
    path(f"{PEOPLE}kegiatan/<int:pk>/", people_figures.series, name="event_people_series"),
    re_path(
        rf"^{PEOPLE}lembaga/{AS_FILE}",
        sheets.organisations,
        name="event_people_organisations_sheet",
    ),
    re_path(
        rf"^{PEOPLE}fasilitator/{AS_FILE}",
        sheets.facilitators,
        name="event_people_facilitators_sheet",
    ),
    re_path(
        rf"^{PEOPLE}kegiatan/(?P<pk>[0-9]{{1,18}})/{AS_FILE}",
        sheets.series,
        name="event_people_series_sheet",
    ),
    re_path(rf"^ruang/kalender/{AS_FILE}", sheets.dates, name="event_list_sheet"),
    path(f"{PEOPLE}<uuid:key>/", people.person, name="event_person"),
    path(f"{PEOPLE}<uuid:key>/ubah/", people.correct, name="event_person_correct"),
    path(f"{PEOPLE}<uuid:key>/gabung/<uuid:other>/", people.merge, name="event_person_merge"),
    path(f"{PEOPLE}<uuid:key>/pisah/<uuid:other>/", people.part, name="event_person_part"),
    path(f"{PEOPLE}<uuid:key>/data.json", people.export, name="event_person_export"),
    path(f"{PEOPLE}<uuid:key>/hapus/", people.erase, name="event_person_erase"),
    path("ruang/karantina/", quarantine.quarantine, name="event_quarantine"),
    path("ruang/perangkat/kirim/", devices.devices, name="event_devices"),
    path(CERTIFICATES, certificates.certificates, name="event_certificates"),
    path(f"{CERTIFICATES}semua.pdf", certificates.printed, name="event_certificates_pdf"),
    path(f"{CERTIFICATES}<uuid:certificate>.pdf", certificates.one, name="event_certificate"),
    path(
        f"{CERTIFICATES}<uuid:certificate>/cabut/",
        certificates.revoke,
        name="event_certificate_revoke",
    ),
    path("verifikasi/", VerifyCertificate.as_view(), name="event_certificate_ask"),
    path("verifikasi/<str:serial>/", VerifyCertificate.as_view(), name="event_certificate_verify"),
]
