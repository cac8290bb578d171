"""Registrations for dates, as people send them."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from events.forms.registration import RegistrationTicket
from events.models import Event, Occurrence, Registration
from events.services import registering
from tests.factories.events import NOW, make_event

NIK = "33" + "1005" + "410190" + "0001"
PHONE = "08" + "1" * 9
E164 = "+628" + "1" * 9


def make_open_event(district, *, seats: int | None = 2, **changed) -> Event:
    """A session that everybody may register for."""
    return make_event(district, takes_registrations=True, seats=seats, **changed)


def words(**changed) -> dict:
    """Values of a registration that a form has judged."""
    return {
        "kind": "orang",
        "name": "Ibu Contoh",
        "organisation_name": "",
        "email": "ibu@contoh.invalid",
        "phone": "",
        "seats": 1,
    } | changed


def date_of(event: Event, number: int = 0) -> Occurrence:
    rows = Occurrence.objects.select_related("event__district__site")
    return rows.filter(event=event).order_by("start")[number]


def register(date: Occurrence, *, key: UUID | None = None, now=NOW, **changed) -> Registration:
    """A registration that came in through the service."""
    key = key or uuid4()
    receipt = registering.register(
        occurrence=date, key=key, values=words(**changed), language_code="id", now=now
    )
    assert receipt.kept, receipt
    return Registration.objects.select_related("occurrence__event__district__site").get(
        occurrence=date, key=key
    )


def typed(district, **changed) -> dict:
    """What a browser sends from a form that was open for a minute."""
    ticket = RegistrationTicket.new(office=district.pk, now=timezone.now() - timedelta(minutes=1))
    return {
        "ticket": str(ticket),
        "consent": "1",
        "alamat_situs": "",
        "kind": "orang",
        "name": "Ibu Contoh",
        "organisation_name": "",
        "seats": "1",
        "email": "ibu@contoh.invalid",
        "phone": "",
        "agrees": "on",
        "adult": "on",
    } | changed


def token_in(location: str) -> str:
    return re.search(r"/([\w-]{32})/", location)[1]
