"""Organisations of a district, and the reference data that all districts read."""

from django.db import transaction
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from districts.admin_gate.addresses import allow
from districts.forms.organisation import OrganisationForm
from districts.models import Organisation, Region, Regulation, Term, Vocabulary
from districts.services.organisations import SuccessionRefused
from districts.viewsets.screens import (
    NationalPolicy,
    PlainViewSet,
    RecordPolicy,
    ScopedCreateView,
    ScopedEditView,
    ScopedIndexView,
)
from districts.viewsets.versions import UseVersionView, VocabularyInspectView

register_permission_policy(Organisation, RecordPolicy(Organisation))
for _model in (Region, Regulation, Term, Vocabulary):
    register_permission_policy(_model, NationalPolicy(_model))


class OrganisationEditView(ScopedEditView):
    def form_valid(self, form):
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except SuccessionRefused as refused:
            form.add_error("successor", refused.message)
            self.produced_error_code = "validation_error"
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)


class OrganisationViewSet(PlainViewSet):
    model = Organisation
    name = "organisasi"
    icon = "group"
    menu_label = _("Organisations")
    add_to_admin_menu = True
    menu_order = 320
    list_display = ["name", "kind", "region", "active_until"]
    list_filter = ["kind"]
    list_per_page = 50
    search_fields = ["name", "npsn"]
    index_view_class = ScopedIndexView
    add_view_class = ScopedCreateView
    edit_view_class = OrganisationEditView

    def get_form_class(self, for_update=False):
        return OrganisationForm

    def get_index_view_kwargs(self, **kwargs):
        return super().get_index_view_kwargs(
            queryset=Organisation.objects.select_related("region", "district"), **kwargs
        )


class ReferenceViewSet(PlainViewSet):
    """A list and a reading view for all, forms for the national office."""

    screens = ("index", "index_results", "add", "edit", "inspect")
    inspect_view_enabled = True
    list_per_page = 50
    add_to_settings_menu = True

    def on_register(self):
        super().on_register()
        for screen in ("index", "index_results", "inspect"):
            # The same for every district, whatever the address names.
            allow(self.get_url_name(screen), lambda request, scope, kwargs: True)


class VocabularyViewSet(ReferenceViewSet):
    model = Vocabulary
    name = "kosakata"
    icon = "list-ul"
    menu_label = _("Vocabularies")
    menu_order = 20
    list_display = ["name", "code", "version", "is_current"]
    search_fields = ["name", "code"]
    # The version in use is switched by a service: one and only one.
    form_fields = ["name", "source", "valid_from"]
    screens = ("index", "index_results", "edit", "inspect")
    inspect_view_class = VocabularyInspectView

    def get_inspect_view_kwargs(self, **kwargs):
        return super().get_inspect_view_kwargs(use_url_name=self.get_url_name("use"), **kwargs)

    def get_urlpatterns(self):
        use = self.construct_view(UseVersionView)
        return [*super().get_urlpatterns(), path("pakai/<int:pk>/", use, name="use")]


class TermViewSet(ReferenceViewSet):
    model = Term
    name = "istilah"
    icon = "tag"
    menu_label = _("Terms")
    menu_order = 21
    list_display = ["label_id", "code", "vocabulary", "active"]
    list_filter = ["vocabulary", "active"]
    search_fields = ["label_id", "label_en", "code"]

    def get_form_class(self, for_update=False):
        # A code never changes its meaning, so it never changes.
        self.form_fields = ["label_id", "label_en", "description", "position", "active"]
        if not for_update:
            self.form_fields = ["vocabulary", "code", *self.form_fields]
        return super().get_form_class(for_update)

    def get_index_view_kwargs(self, **kwargs):
        terms = Term.objects.select_related("vocabulary")
        return super().get_index_view_kwargs(queryset=terms, **kwargs)


class RegulationViewSet(ReferenceViewSet):
    model = Regulation
    name = "peraturan"
    icon = "doc-full"
    menu_label = _("Regulations")
    menu_order = 22
    list_display = ["number", "title", "year", "status"]
    list_filter = ["status"]
    search_fields = ["number", "title", "code"]
    form_fields = ["number", "title", "year", "status", "successor", "note", "source"]

    def get_form_class(self, for_update=False):
        fields = [name for name in self.form_fields if name != "code"]
        self.form_fields = fields if for_update else ["code", *fields]
        return super().get_form_class(for_update)


class RegionViewSet(ReferenceViewSet):
    """Regions come by `import_regions`; here only a name or a successor is put right."""

    model = Region
    name = "wilayah"
    icon = "globe"
    menu_label = _("Regions")
    menu_order = 23
    list_display = ["name", "code", "level", "valid_until"]
    list_filter = ["level"]
    search_fields = ["name", "code"]
    screens = ("index", "index_results", "edit", "inspect")
    # Not `successor`: a list of 91,000 to choose from.
    form_fields = ["name", "valid_from", "valid_until"]


@hooks.register("register_admin_viewset")
def register_reference_viewsets():
    return [
        OrganisationViewSet(),
        VocabularyViewSet(),
        TermViewSet(),
        RegulationViewSet(),
        RegionViewSet(),
    ]
