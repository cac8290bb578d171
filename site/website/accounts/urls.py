from allauth.account import views as allauth_views
from django.urls import path

urlpatterns = [
    path("masuk/", allauth_views.login, name="account_login"),
    path("masuk/selesai/", allauth_views.logout, name="account_logout"),
    path("masuk/lupa/", allauth_views.password_reset, name="account_reset_password"),
    path(
        "masuk/lupa/terkirim/",
        allauth_views.password_reset_done,
        name="account_reset_password_done",
    ),
    path(
        "masuk/lupa/<uidb36>-<key>/",
        allauth_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "masuk/lupa/selesai/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
