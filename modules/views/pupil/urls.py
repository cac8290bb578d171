from django.urls import path

from modules.views.pupil.answer import Answer
from modules.views.pupil.door import ClassPage, Leave, TypeCode
from modules.views.pupil.state import State

urlpatterns = [
    path("gabung/", TypeCode.as_view(), name="join"),
    path("gabung/<str:code>/", ClassPage.as_view(), name="join_code"),
    path("gabung/<str:code>/jawab/", Answer.as_view(), name="join_answer"),
    path("gabung/<str:code>/keadaan.json", State.as_view(), name="join_state"),
    path("gabung/<str:code>/keluar/", Leave.as_view(), name="join_leave"),
]
