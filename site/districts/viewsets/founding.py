"""Offices: the national office opens one in one step, and corrects what it is called."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.views import generic
from wagtail.permissions import register_permission_policy

from districts.forms.founding import FoundingForm, OfficeForm
from districts.models import District
from districts.viewsets.screens import NationalOnlyPolicy, PlainViewSet

register_permission_policy(District, NationalOnlyPolicy(District))


class FoundingView(generic.CreateView):
    page_title = _("Open a new office")
    page_subtitle = _("office")
    submit_button_label = _("Open the office")
    submit_button_active_label = _("Opening…")
    success_message = _("The office %(object)s is open. Invite its people next.")

    def form_valid(self, form):
        self.form = form
        district = form.found(port=self._port(), actor=self.request.user)
        if district is None:
            self.produced_error_code = "validation_error"
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)
        self.object = district
        return self.save_action()

    def _port(self) -> int:
        """All offices of an installation answer on the same port."""
        district = getattr(self.request, "district", None)
        return district.site.port if district is not None else 80


class DistrictViewSet(PlainViewSet):
    model = District
    name = "kantor"
    icon = "home"
    menu_label = _("Offices")
    add_to_settings_menu = True
    menu_order = 10
    list_display = ["short_name", "office_name", "level", "site"]
    list_per_page = 50
    ordering = ["level", "short_name"]
    search_fields = ["short_name", "office_name", "slug"]
    add_view_class = FoundingView

    def get_form_class(self, for_update=False):
        return OfficeForm if for_update else FoundingForm

    def get_index_view_kwargs(self, **kwargs):
        offices = District.objects.select_related("site")
        return super().get_index_view_kwargs(queryset=offices, **kwargs)


@hooks.register("register_admin_viewset")
def register_district_viewset():
    return DistrictViewSet()
