from django.urls import path, re_path

from events.views.joining.urls import EVENT, WHICH
from events.views.room.report import decide, report
from events.views.room.report_files import file, photo, photos
from events.views.room.report_list import index
from events.views.room.report_outlines import outline, outlines
from events.views.room.report_papers import duty, numbers, paper, papers

DATE = rf"^{EVENT}/{WHICH}/laporan"
FILE = r"(?P<file>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"

urlpatterns = [
    path("ruang/laporan/", index, name="report_list"),
    path("ruang/laporan/kerangka/", outlines, name="report_outlines"),
    path("ruang/laporan/kerangka/<slug:kind>/", outline, name="report_outline"),
    re_path(rf"{DATE}/\Z", report, name="event_report"),
    re_path(rf"{DATE}/putusan/\Z", decide, name="event_report_decide"),
    re_path(rf"{DATE}/foto/\Z", photos, name="event_report_photos"),
    re_path(rf"{DATE}/foto/{FILE}/\Z", photo, name="event_report_photo"),
    re_path(rf"{DATE}/berkas/{FILE}\Z", file, name="event_report_file"),
    re_path(rf"{DATE}/berkas/{FILE}/kecil\Z", file, {"small": True}, name="event_report_preview"),
    re_path(rf"{DATE}/dokumen/\Z", papers, name="event_papers"),
    re_path(rf"{DATE}/dokumen/nomor/\Z", numbers, name="event_papers_number"),
    re_path(rf"{DATE}/surat-tugas\.pdf\Z", duty, name="event_paper_duty"),
    re_path(
        rf"{DATE}/(?P<paper_kind>daftar-hadir-kosong|daftar-hadir|notula|berita-acara|kegiatan)\.pdf\Z",
        paper,
        name="event_paper",
    ),
]
