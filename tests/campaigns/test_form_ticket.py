import uuid
from datetime import timedelta

from campaigns.forms.ticket import Pace, Ticket
from tests.factories.requests import NOW


def test_a_ticket_is_for_one_office_and_a_day():
    ticket = Ticket.new(office=1, now=NOW)
    assert Ticket.read(str(ticket), office=1) == ticket
    assert Ticket.read(str(ticket), office=2) is None
    assert Ticket.read(f"{ticket}x", office=1) is None
    paces = [ticket.pace(NOW + timedelta(seconds=s)) for s in (0, 2, 3, 86_400, 86_401)]
    assert paces == [Pace.TOO_FAST, Pace.TOO_FAST, Pace.HUMAN, Pace.HUMAN, Pace.TOO_OLD]
    assert ticket.opened_again(NOW + timedelta(days=2)).key == ticket.key
    assert isinstance(ticket.key, uuid.UUID)
