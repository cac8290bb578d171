from django.urls import path

from modules.views.papers.files import module_paper

NAMES = {
    "module_guide": "panduan",
    "module_worksheet": "lembar-kerja",
    "module_answer_sheet": "lembar-jawaban",
    "module_cards": "kartu",
}

urlpatterns = [
    path(f"modul/<slug:slug>/{paper}.pdf", module_paper, {"name": paper}, name=name)
    for name, paper in NAMES.items()
]
