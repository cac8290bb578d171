"""Two editors at once: what one saves never goes over a version that they have not seen.

Wagtail asks this only of what it saves by itself; an ordinary save would replace the newer text.
Of two saves within the same moment one waits for the other: see `admin_gate.saves`.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.views.pages.edit import EditView
from wagtail.models import Page, Revision


@hooks.register("before_edit_page", order=1_000)
def only_over_what_was_seen(request: HttpRequest, page: Page) -> HttpResponse | None:
    is_ordinary = request.method == "POST" and request.accepts("text/html")
    if not is_ordinary or page.alias_of_id or _has_seen(request, page.get_latest_revision()):
        return None
    return OutdatedEditView.as_view()(request, page_id=page.pk)


class OutdatedEditView(EditView):
    """The form with what was typed, over the version that stands now: saved once more, it holds."""

    def run_hook(self, hook_name: str, *args: Any, **kwargs: Any) -> HttpResponse | None:
        # Those before an edit have run: the last of them leads here.
        if hook_name == "before_edit_page":
            return None
        return super().run_hook(hook_name, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.form = self.form_class(
            request.POST,
            request.FILES,
            instance=self.page,
            subscription=self.subscription,
            parent_page=self.parent,
            for_user=request.user,
        )
        if self.action_name == "save":
            self.form.defer_required_fields()
        self.form.is_valid()
        self.form.restore_required_fields()
        self.has_unsaved_changes = True
        messages.error(
            request,
            _(
                "Somebody saved this page while you were writing. Nothing of yours was saved, and "
                "nothing is lost: it is still below. Look at their version, then save once more if "
                "yours is right."
            ),
            buttons=[messages.button(self._both(), _("Compare both versions"), new_window=True)],
        )
        response = self.render_to_response(self.get_context_data())
        response.status_code = 409
        return response

    def _both(self) -> str:
        """Where the version that was opened stands beside the one that somebody else saved."""
        seen = self.request.POST.get("overwrite_revision_id") or self.request.POST.get(
            "loaded_revision_id", ""
        )
        is_number = seen.isascii() and seen.isdecimal() and len(seen) < 19
        is_known = is_number and self.page.revisions.filter(pk=int(seen)).exists()
        pair = [self.page.pk, seen if is_known else "earliest", "latest"]
        return reverse("wagtailadmin_pages:revisions_compare", args=pair)


def _has_seen(request: HttpRequest, latest: Revision | None) -> bool:
    """Whether the form was opened with this version, or has saved it by itself.

    A form that names none was opened before there was any.
    """
    if latest is None:
        return True
    if own := request.POST.get("overwrite_revision_id"):
        return own == str(latest.pk)
    opened = [request.POST.get(f"loaded_revision_{name}", "") for name in ("id", "created_at")]
    return opened == [str(latest.pk), latest.created_at.isoformat()]
