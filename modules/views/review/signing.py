"""What specialists wrote on modules: the list of a district, and each module's entries."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from districts.hours import local_date
from districts.scoping import district_for_request
from modules.forms.signing import SignForm
from modules.models import SignOff
from modules.review import shown_modules
from modules.services import signing
from modules.services.reviewing import keeps_modules
from modules.standing import read_standings, reviews_of
from modules.views.review.screens import Screen

ENTRIES = 50
Verdict = SignOff.Verdict


class SignOffs(Screen):
    """Every module that the office shows, own or national, with what counts for it here."""

    template_name = "modules/review/signs.html"
    page_title = _("Reviews by specialists")

    def trail(self) -> list[dict[str, Any]]:
        return [{"url": "", "label": self.page_title}]

    def get(self, request: HttpRequest) -> HttpResponse:
        office = district_for_request(request)
        if not keeps_modules(request.user, office):
            raise Http404
        asked = request.GET.get("q", "")[:100]
        rows = shown_modules(office)
        if asked.strip():
            rows = rows.filter(title__icontains=asked.strip())
        page = self.asked_page(rows.order_by("title", "pk"))
        reviews = reviews_of(page, office, read_standings(office))
        return self.answer(
            office=office,
            page_obj=page,
            rows=[(module, reviews[module.pk]) for module in page],
            asked=asked,
            signs=signing.signs_modules(request.user, office, timezone.now()),
        )


class SignModule(Screen):
    """A module's entries of this office, and a form for the next one, asked twice."""

    template_name = "modules/review/sign.html"
    page_title = _("Reviews by specialists")

    def dispatch(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.office = district_for_request(request)
        if not keeps_modules(request.user, self.office):
            raise Http404
        self.page = get_object_or_404(shown_modules(self.office), pk=pk)
        self.page_subtitle = self.page.title
        return super().dispatch(request)

    def trail(self) -> list[dict[str, Any]]:
        signs = {"url": reverse("module_review:signs"), "label": self.page_title}
        return [signs, {"url": "", "label": self.page.title}]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(self._form())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self._form(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        if "ubah" in request.POST:
            return self._show(form)
        if "catat" not in request.POST:
            return self._show(form, asks=True)
        try:
            words = form.cleaned_data
            signing.record(
                page=self.page,
                office=self.office,
                actor=request.user,
                entry=words["entry"],
                after=words["after"],
                verdict=words["verdict"],
                specialist=form.specialist,
                text=words["text"],
                day=words["day"],
                note=words["note"],
                now=timezone.now(),
            )
        except PermissionDenied:
            messages.error(request, _("Only moderators and administrators record a review."))
            return self._show(form, status=403)
        except ValidationError as error:
            form.add_faults(error)
            return self._show(form, status=422)
        except signing.Overtaken as error:
            return self._show(self._again(request), reason=str(error), status=409)
        messages.success(request, _("Recorded. Readers see it at once."))
        return redirect("module_review:sign", pk=self.page.pk)

    def _form(self, data: Any = None) -> SignForm:
        return SignForm(
            data,
            texts=signing.texts_of(self.page),
            newest=signing.history_of(self.page, self.office).first(),
            today=local_date(timezone.now(), self.office.timezone),
        )

    def _again(self, request: HttpRequest) -> SignForm:
        """What was typed, on the history as it is now: whoever wrote it decides once more."""
        newest = signing.history_of(self.page, self.office).first()
        sent = request.POST.copy()
        sent["entry"], sent["after"] = str(uuid4()), str(newest.number if newest else 0)
        return self._form(sent)

    def _show(
        self, form: SignForm, *, reason: str = "", asks: bool = False, status: int = 200
    ) -> HttpResponse:
        entries = list(signing.history_of(self.page, self.office)[: ENTRIES + 1])
        verdict = form["verdict"].value() if asks else ""
        return self.answer(
            status=status,
            page=self.page,
            office=self.office,
            form=form,
            asks=asks,
            verdict_label=Verdict(verdict).label if asks else "",
            objects=verdict == Verdict.OBJECTS,
            takes_back=verdict == Verdict.WITHDRAWN,
            reason=reason,
            entries=entries[:ENTRIES],
            has_more=len(entries) > ENTRIES,
            newest=entries[0].pk if entries else None,
            review=reviews_of([self.page], self.office, read_standings(self.office))[self.page.pk],
            signs=signing.signs_modules(self.request.user, self.office, timezone.now()),
        )
