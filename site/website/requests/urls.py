from django.urls import path

from website.requests import views

urlpatterns = [
    path("ruang/permintaan/", views.index, name="requests"),
    path("ruang/permintaan/daftar.xlsx", views.sheet, name="requests_sheet"),
    path("ruang/permintaan/<int:pk>/", views.detail, name="request_detail"),
]
