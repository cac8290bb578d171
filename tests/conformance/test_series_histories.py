"""Series after random histories of edits, in programs of others: what somebody wrote on paper."""

import pytest
from django.test import Client

from tests.conformance import calendar_programs as programs
from tests.events.histories import played
from tests.events.read_back import body_of
from tests.events.test_feed_histories import compare
from tests.factories.events import make_terms
from tests.factories.places import make_district

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
STAMP = "%Y-%m-%dT%H:%M:%SZ"


def test_three_programs_read_in_one_feed_what_stands_on_paper(tmp_path):
    """One call a program and feed; what differs is told with what was done to the series."""
    make_terms()
    histories = played(make_district("klaten"), seed=9_000, number=50, moves=9)
    compare(histories)
    shown = sorted(date for history in histories for date in history.shown)
    paper = [
        (f"{one.start:{STAMP}}", f"{one.end:{STAMP}}", one.status, one.summary) for one in shown
    ]
    assert len(paper) > 150
    client = Client(SERVER_NAME="klaten.localhost")
    faults = []
    for name in ("icaljs", "sabre", "libical"):
        folder = tmp_path / name
        folder.mkdir()
        command = getattr(programs, name)(folder)
        for path in ("/kalender.ics", "/kalender.ics?datar=1"):
            found = [
                (one.start, one.end, one.status, one.summary)
                for one in programs.shown_by(command, body_of(client.get(path)), folder)
            ]
            if sorted(found) != sorted(paper):
                wrong = sorted(set(found) ^ set(paper))
                faults.append((name, path, len(found), wrong))
    assert faults == []
