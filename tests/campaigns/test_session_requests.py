"""Requests for a session as services: numbers, links, steps."""

from datetime import UTC, datetime
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from campaigns.models import RequestState, SessionRequest
from campaigns.request_mail import send_links, tell_asker, tell_office
from campaigns.services import session_requests as services
from campaigns.services.request_links import LINK
from safeguards.models import Fact
from safeguards.tokens import digest
from tests.factories.places import make_district, make_user
from tests.factories.requests import NOW, bring, last_step, make_request

pytestmark = pytest.mark.django_db
PHONE = "+628" + "1" * 9


@pytest.fixture
def lebak():
    return make_district("lebak")


@pytest.fixture
def moderator(lebak):
    return make_user("moderator", lebak)


def test_numbers_count_by_district_and_by_the_offices_own_year(lebak):
    klaten, belu = make_district("klaten"), make_district("belu")
    assert [make_request(lebak).number for _n in range(3)] == [
        "2026-0001",
        "2026-0002",
        "2026-0003",
    ]
    assert make_request(klaten).number == "2026-0001"
    # Half past midnight in Atambua, half past eleven in Rangkasbitung.
    eve = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)
    assert make_request(belu, now=eve).number == "2027-0001"
    assert make_request(lebak, now=eve).number == "2026-0004"


def test_an_erased_number_is_not_used_again(lebak):
    make_request(lebak)
    SessionRequest.objects.all().delete()
    assert make_request(lebak).number == "2026-0002"


def test_the_table_holds_no_token_and_the_fact_no_words(lebak):
    request = make_request(lebak, contact_email="tu@contoh.id")
    token = LINK.token_of(request.key)
    assert len(token) == 32
    assert request.token_digest == digest(token)
    fact = Fact.objects.get()
    told = f"{fact.body} {fact.response}"
    assert token not in told
    for words in ("SMP Contoh", PHONE, "tu@contoh.id", "Aula", "upacara"):
        assert words not in told
    assert services.find(district=lebak, token=token) == request
    with pytest.raises(SessionRequest.DoesNotExist):
        services.find(district=make_district("klaten"), token=token)


def test_a_link_is_told_again_until_the_secret_changes(lebak, settings):
    request = make_request(lebak)
    known = LINK.told_again(request)
    assert known == f"http://lebak.localhost/minta/{LINK.token_of(request.key)}/"
    settings.SECRET_KEY = "another"
    assert LINK.told_again(request) == ""
    anew = LINK.renewed(request)
    assert anew != known
    assert services.find(district=lebak, token=anew.split("/")[-2]) == request


@pytest.mark.parametrize(("state", "wanted"), list(product(RequestState, RequestState)))
def test_only_the_steps_of_the_table_lead_on(lebak, moderator, state, wanted):
    request = bring(make_request(lebak), state, moderator)
    office = {
        "ditanya": services.ask_back,
        "diterima": services.accept_request,
        "ditolak": services.decline,
        "selesai": services.finish,
    }
    before = request.steps.count()

    def step():
        if wanted == "baru":
            return services.answer_question(request=request, message="Ada", now=NOW)
        if wanted == "ditarik":
            return services.withdraw(request=request, now=NOW)
        more = {"agreed_at": None} if wanted == "diterima" else {}
        return office[wanted](
            request=request,
            actor=moderator,
            message="Kata",
            seen_step=last_step(request),
            now=NOW,
            **more,
        )

    if wanted in services.STEPS.get(state, ()):
        step()
        request.refresh_from_db()
        assert (request.state, request.steps.count()) == (wanted, before + 1)
        assert (request.closed_at is not None) == (wanted in ("ditolak", "selesai", "ditarik"))
    else:
        with pytest.raises(services.NotPossible):
            step()
        request.refresh_from_db()
        assert (request.state, request.steps.count()) == (state, before)


@pytest.mark.parametrize("role", ["guru", "kader", "mitra", "koordinator", "monev"])
def test_the_service_itself_refuses_other_roles(lebak, role):
    request = make_request(lebak)
    with pytest.raises(PermissionDenied):
        services.decline(
            request=request,
            actor=make_user(role, lebak),
            message="Tidak",
            seen_step=last_step(request),
            now=NOW,
        )


def test_an_office_cannot_answer_for_another(lebak):
    request = make_request(lebak)
    with pytest.raises(PermissionDenied):
        services.decline(
            request=request,
            actor=make_user("admin", make_district("klaten")),
            message="Tidak",
            seen_step=last_step(request),
            now=NOW,
        )


def test_a_step_on_a_stale_page_is_refused_with_the_newer_one(lebak, moderator):
    request = make_request(lebak)
    seen = last_step(request)
    bring(request, "ditanya", moderator)
    with pytest.raises(services.Changed) as caught:
        services.decline(request=request, actor=moderator, message="Tidak", seen_step=seen, now=NOW)
    assert caught.value.latest.pk == last_step(request)


def test_no_identity_number_enters_by_the_services(lebak, moderator):
    request = bring(make_request(lebak), "ditanya", moderator)
    with pytest.raises(ValidationError):
        services.answer_question(
            request=request, message="NIK " + "33" + "1005" + "410190" + "0001", now=NOW
        )


@pytest.mark.parametrize(
    "changed",
    [
        {"people": 0},
        {"people": 5001},
        {"contact_phone": ""},
        {"contact_kind": "email"},
        {"state": "selesai"},
        {"closed_at": NOW},
    ],
)
def test_the_database_itself_keeps_a_request_straight(lebak, changed):
    request = make_request(lebak)
    for name, value in changed.items():
        setattr(request, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        request.save()


def test_mails_about_rows_that_are_gone_are_none(lebak):
    assert tell_asker.call(1) == tell_office.call(1, "new") == send_links.call([1]) == 0


def test_a_withdrawn_contact_changes_nothing_any_more(lebak, moderator):
    request = bring(make_request(lebak), "ditarik", moderator)
    with pytest.raises(services.NotPossible):
        services.correct_contact(
            request=request, contact_kind="email", contact_phone="", contact_email="a@contoh.id"
        )
