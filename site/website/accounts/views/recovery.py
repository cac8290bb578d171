"""`/ruang/perangkat/kode-cadangan/`: recovery codes, shown once."""

from django.http import Http404, HttpRequest, HttpResponse

from website.accounts.access import READS, show
from website.accounts.factors.codes import renew_recovery_codes
from website.accounts.factors.rules import PASSKEY, TOTP, factors_of
from website.accounts.next_step import asked_next
from website.accounts.views.own_factors import own_factors


@own_factors(*READS, "POST")
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, shown this once; only for who has a factor they stand in for."""
    if not factors_of(request.person) & {TOTP, PASSKEY}:
        raise Http404
    if request.method != "POST":
        return show(request, "ruang/factor_codes_renew.html")
    codes = renew_recovery_codes(user=request.person, site=request.district.site_id)
    return show_codes(request, codes)


def show_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """The recovery codes, this once: they are shown nowhere again. Then on to `next`."""
    context = {
        "codes": [f"{code[:4]} {code[4:]}" for code in codes],
        "next": asked_next(request),
    }
    return show(request, "ruang/factor_codes.html", context, status=201)
