from django.urls import path

from website.requests.detail import detail
from website.requests.listing import index
from website.requests.sheet import sheet

urlpatterns = [
    path("ruang/permintaan/", index, name="requests"),
    path("ruang/permintaan/daftar.xlsx", sheet, {"form": "xlsx"}, name="requests_sheet"),
    path("ruang/permintaan/daftar.csv", sheet, {"form": "csv"}, name="requests_sheet_csv"),
    path("ruang/permintaan/<int:pk>/", detail, name="request_detail"),
]
