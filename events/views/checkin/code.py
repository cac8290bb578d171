"""`/hadir/`: the one field for the code on the wall."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from events.attendance.codes import read_scanned, read_typed
from events.views.checkin.frame import DoorView
from safeguards.bodies import too_large
from safeguards.views import HttpResponseSeeOther

LONGEST_KEPT = 12


class TypeCode(DoorView):
    typed = ""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.again()

    def post(self, request: HttpRequest) -> HttpResponse:
        self.typed = request.POST.get("kode", "").strip()
        if too_large(request):
            return self.again(_("That is longer than any code."), status=413)
        if not self.typed:
            return self.again(_("Please type the code first. It is on the wall."), status=422)
        self.find(self.typed)
        # A shut door says so at its own address.
        code = self.typed if read_scanned(self.typed) else read_typed(self.typed)
        return HttpResponseSeeOther(reverse("check_in_code", args=[code]))

    def again(self, reason: str = "", *, status: int = 200) -> HttpResponse:
        return self.page(
            "code", {"typed": self.typed[:LONGEST_KEPT], "reason": reason}, status=status
        )

    def unknown(self) -> HttpResponse:
        reason = _("We know no session with this code. Please compare it with the wall once more.")
        return self.again(reason, status=404)
