from django.urls import path

from modules.views.results.deletion import delete
from modules.views.results.one_device import tally_one
from modules.views.results.paper import tally_all
from modules.views.results.people import people
from modules.views.results.results import results

RUN = "ruang/kelas/<int:pk>/"
urlpatterns = [
    path(f"{RUN}hitung/", tally_all, name="module_run_tally"),
    path(f"{RUN}hitung/<str:phase>/<uuid:item>/", tally_one, name="module_run_tally_one"),
    path(f"{RUN}hasil/", results, name="module_run_results"),
    path(f"{RUN}orang/", people, name="module_run_people"),
    path(f"{RUN}hapus/", delete, name="module_run_delete"),
]
