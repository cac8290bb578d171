from django.urls import path, re_path

from website.accounts.views import door, invitation, sheet, team, workspace

urlpatterns = [
    path("masuk/", door.sign_in, name="account_login"),
    path("masuk/selesai/", door.sign_out, name="account_logout"),
    path("masuk/lupa/", door.ask_for_password, name="account_reset_password"),
    path("masuk/lupa/terkirim/", door.asked_for_password, name="account_reset_password_done"),
    path("masuk/lupa/selesai/", door.chose_password, name="account_reset_password_from_key_done"),
    # The number of the account holds no hyphen; the key does.
    re_path(
        r"^masuk/lupa/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        door.choose_password,
        name="account_reset_password_from_key",
    ),
    path("undangan/<str:token>/", invitation.invitation, name="invitation"),
    path("ruang/", workspace.workspace, name="ruang"),
    path("ruang/tim/", team.team, name="team"),
    path("ruang/tim/undang/", team.invite_one, name="invite"),
    path("ruang/tim/undangan/", team.invitations, name="invitations"),
    path("ruang/tim/undangan/<int:pk>/tautan/", team.new_link, name="invitation_link"),
    path("ruang/tim/undangan/<int:pk>/batal/", team.take_back, name="invitation_take_back"),
    path("ruang/tim/<int:pk>/akhiri/", team.end_role, name="end_role"),
    path("ruang/tim/undang-banyak/", sheet.invite_many, name="invite_many"),
    path("ruang/tim/undang-banyak/buat/", sheet.confirm_many, name="confirm_many"),
    path("ruang/tim/undang-banyak/perbaiki/", sheet.faulty_rows, name="faulty_rows"),
    path("ruang/tim/undang-banyak/tautan/", sheet.links, name="invitation_links"),
    path("ruang/tim/undang-banyak/contoh.xlsx", sheet.sample, name="invitation_sample"),
]
