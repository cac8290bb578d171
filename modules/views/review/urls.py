from django.urls import path

from modules.views.review.languages import Languages
from modules.views.review.screens import LiftWithdrawal, Overview, WithdrawModule
from modules.views.review.sheets import sheet
from modules.views.review.signing import SignModule, SignOffs

urlpatterns = [
    path("tinjauan/", Overview.as_view(), name="index"),
    path("bahasa/", Languages.as_view(), name="languages"),
    path("ahli/", SignOffs.as_view(), name="signs"),
    path("<int:pk>/ahli/", SignModule.as_view(), name="sign"),
    path("<int:pk>/lembar-telaah.pdf", sheet, name="sheet"),
    path("<int:pk>/tarik/", WithdrawModule.as_view(), name="withdraw"),
    path("<int:pk>/pakai-lagi/", LiftWithdrawal.as_view(), name="lift"),
]
