"""A version of a vocabulary is put in use by the national office: one and only one at a time."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic import InspectView, PermissionCheckedMixin
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from districts.models import Vocabulary
from districts.services.vocabularies import use_version


class VocabularyInspectView(InspectView):
    """Reading a version, with the way to put it in use for who may."""

    use_url_name = ""

    @property
    def header_buttons(self) -> list[HeaderButton]:
        may = self.permission_policy.user_has_permission(self.request.user, "change")
        if not may or self.object.is_current:
            return super().header_buttons
        address = reverse(self.use_url_name, args=[self.object.pk])
        use = HeaderButton(_("Put in use"), url=address, icon_name="check")
        return [*super().header_buttons, use]


class UseVersionView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Asks first, with what is in use now; a POST puts this version in its place."""

    model = Vocabulary
    permission_required = "change"
    http_method_names = ["get", "head", "post"]
    template_name = "districts/vocabulary_use.html"
    page_title = gettext_lazy("Put in use")
    index_url_name = ""

    def dispatch(self, request: HttpRequest, *args: Any, pk: int, **kwargs: Any) -> HttpResponse:
        self.version = get_object_or_404(Vocabulary, pk=pk)
        self.page_subtitle = str(self.version)
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = {
            "url": reverse(self.index_url_name),
            "label": Vocabulary._meta.verbose_name_plural.capitalize(),
        }
        return [*self.breadcrumbs_items, index, {"url": "", "label": self.page_subtitle}]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            use_version(self.version, actor=request.user)
        except ValidationError as error:
            return self.render_to_response(
                self.get_context_data(fault=" ".join(error.messages)), status=422
            )
        messages.success(request, _("%(list)s is in use now.") % {"list": self.version})
        return redirect(self.index_url_name)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        used = Vocabulary.objects.filter(code=self.version.code, is_current=True)
        return super().get_context_data(
            version=self.version,
            used=used.exclude(pk=self.version.pk).first(),
            count=self.version.terms.filter(active=True).count(),
            index=reverse(self.index_url_name),
            **kwargs,
        )
