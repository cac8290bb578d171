import uuid
from datetime import UTC, datetime, timedelta

from safeguards.tickets import Pace, Ticket

NOW = datetime(2026, 10, 5, 3, tzinfo=UTC)


class AskTicket(Ticket):
    SALT = "tests.ask"


class JoinTicket(Ticket):
    SALT = "tests.join"


def test_a_ticket_is_for_one_form_of_one_office():
    ticket = AskTicket.new(office=1, now=NOW)
    assert AskTicket.read(str(ticket), office=1) == ticket
    assert AskTicket.read(str(ticket), office=2) is None
    assert JoinTicket.read(str(ticket), office=1) is None
    assert AskTicket.read(f"{ticket}x", office=1) is None
    assert AskTicket.read("", office=1) is None
    assert isinstance(ticket.key, uuid.UUID)


def test_a_ticket_is_good_for_a_day():
    ticket = AskTicket.new(office=1, now=NOW)
    paces = [ticket.pace(NOW + timedelta(seconds=s)) for s in (0, 2, 3, 86_400, 86_401)]
    assert paces == [Pace.TOO_FAST, Pace.TOO_FAST, Pace.HUMAN, Pace.HUMAN, Pace.TOO_OLD]
    again = ticket.opened_again(NOW + timedelta(days=2))
    assert (again.key, again.pace(NOW + timedelta(days=2, seconds=5))) == (ticket.key, Pace.HUMAN)
