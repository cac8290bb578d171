from django.urls import path, re_path

from events.views.checkin.code import TypeCode
from events.views.checkin.door import CheckIn

urlpatterns = [
    path("hadir/", TypeCode.as_view(), name="check_in"),
    re_path(
        r"^hadir/(?P<door_code>[-0-9A-Za-z]{1,60})/\Z", CheckIn.as_view(), name="check_in_code"
    ),
]
