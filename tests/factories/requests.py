"""Requests for a session, as a school sends them."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from campaigns.forms.session_request import RequestTicket
from campaigns.models import SessionRequest
from campaigns.services import session_requests as services
from districts.models import District, Term, Vocabulary

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
WORDS = {
    "asker_kind": "sekolah",
    "asker": "SMP Contoh",
    "asker_role": "Guru BK",
    "contact_kind": "wa",
    "contact_phone": "+628" + "1" * 9,
    "contact_email": "",
    "region": None,
    "place": "Aula",
    "audience_codes": ["guru"],
    "people": 40,
    "issue_codes": ["KtA"],
    "wished_dates": [],
    "note": "Sesudah upacara",
}


def make_terms() -> None:
    """One audience and one issue; enough for the form."""
    for vocabulary, code, label in (
        ("audience", "guru", "Guru"),
        ("issue_area", "KtA", "Kekerasan terhadap anak"),
    ):
        row, _made = Vocabulary.objects.get_or_create(code=vocabulary, defaults={"name": code})
        Term.objects.get_or_create(vocabulary=row, code=code, defaults={"label_id": label})


def make_request(
    district: District, *, key: UUID | None = None, now: datetime = NOW, **words
) -> SessionRequest:
    """A request that came in through the service; `LINK.token_of(request.key)` opens its page."""
    key = key or uuid4()
    services.submit(district=district, key=key, values=WORDS | words, language_code="id", now=now)
    return SessionRequest.objects.get(key=key)


def typed(district: District, **changed) -> dict:
    """What a browser sends from a form that was open for a minute."""
    ticket = RequestTicket.new(office=district.pk, now=timezone.now() - timedelta(minutes=1))
    form = {
        "ticket": str(ticket),
        "alamat_situs": "",
        "asker_kind": "sekolah",
        "asker": "SMP Contoh",
        "asker_role": "Guru BK",
        "contact_kind": "wa",
        "contact_phone": "08" + "1" * 9,
        "contact_email": "",
        "region": f"{district.region_id}.01.2001",
        "place": "Aula",
        "audience_codes": ["guru"],
        "people": "40",
        "issue_codes": ["KtA"],
        "date_1": "",
        "date_2": "",
        "date_3": "",
        "note": "Sesudah upacara",
    }
    return {name: value for name, value in (form | changed).items() if value is not None}


def last_step(request: SessionRequest) -> int:
    return request.steps.order_by("-pk").values_list("pk", flat=True)[0]


def token_in(path: str) -> str:
    return re.search(r"/minta/([\w-]{32})/", path)[1]


def bring(request, state, moderator):
    """Lead a request into a state, the way people would."""
    acts = {
        "ditanya": [services.ask_back],
        "diterima": [services.accept_request],
        "ditolak": [services.decline],
        "selesai": [services.accept_request, services.finish],
    }
    for act in acts.get(state, []):
        more = {"agreed_at": None} if act is services.accept_request else {}
        act(
            request=request,
            actor=moderator,
            message="Kata",
            seen_step=last_step(request),
            now=NOW,
            **more,
        )
    if state == "ditarik":
        services.withdraw(request=request, now=NOW)
    request.refresh_from_db()
    assert request.state == state
    return request
