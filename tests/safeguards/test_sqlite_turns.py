"""A transaction begins soon after the one before it, and says so where it may not begin at all."""

import threading
import time
from contextlib import closing

import pytest
from django.db import OperationalError, connection, transaction

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # SQLite alone locks the whole file.
    pytest.mark.sqlite,
]
# SQLite asks after 228 and again after 328 ms.
HELD, PROMPT = 0.235, 0.06
TRIES = 5


@pytest.fixture
def other():
    """Another connection to the same file."""
    name = connection.settings_dict["NAME"]
    opened = connection.Database.connect(name, isolation_level=None, check_same_thread=False)
    with closing(opened):
        yield opened


def waited_too_long(other):
    """Seconds between the end of a transaction and the begin of the one that waits for it."""
    ended = []

    def hold():
        time.sleep(HELD)
        ended.append(time.monotonic())
        other.execute("ROLLBACK")

    other.execute("BEGIN IMMEDIATE")
    holder = threading.Thread(target=hold)
    holder.start()
    with transaction.atomic():
        began = time.monotonic()
    holder.join()
    return began - ended[0]


def test_whoever_waits_begins_at_once(other):
    connection.ensure_connection()
    assert min(waited_too_long(other) for _try in range(TRIES)) < PROMPT


def test_whoever_may_not_begin_in_time_is_told(other):
    connection.ensure_connection()
    other.execute("BEGIN IMMEDIATE")
    options = connection.settings_dict["OPTIONS"]
    patience, options["timeout"] = options["timeout"], 0.2
    try:
        with pytest.raises(OperationalError, match="locked"), transaction.atomic():
            pytest.fail("began while another wrote")
    finally:
        options["timeout"] = patience
        other.execute("ROLLBACK")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone() == (int(patience * 1000),)
