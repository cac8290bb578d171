from django.urls import path

from safeguards.views import quick_exit

urlpatterns = [path("keluar/", quick_exit, name="quick_exit")]
