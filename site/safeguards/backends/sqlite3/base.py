"""Django's SQLite, where whoever writes gets a turn.

SQLite lets a writer that finds the file locked sleep, in the end for 100 ms at a time, and whoever
comes at the right moment goes first: of two processes that write all the time one waits for
seconds. Here a transaction asks again within a few milliseconds.
"""

import random
import time

from django.db.backends.sqlite3 import base

# Seconds. About what a transaction takes; whoever asks more often takes the writer's processor.
SHORTEST_NAP, LONGEST_NAP, GROWTH = 0.001, 0.003, 1.5
# Seconds that Python's own library waits where nobody says.
DEFAULT_TIMEOUT = 5.0


class DatabaseWrapper(base.DatabaseWrapper):
    def _start_transaction_under_autocommit(self) -> None:
        if self.transaction_mode == "IMMEDIATE":
            self._take_turn(self.settings_dict["OPTIONS"].get("timeout", DEFAULT_TIMEOUT))
        else:
            super()._start_transaction_under_autocommit()

    def _take_turn(self, timeout: float) -> None:
        deadline, nap = time.monotonic() + timeout, SHORTEST_NAP
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            while True:
                try:
                    self.connection.execute("BEGIN IMMEDIATE")
                except base.Database.OperationalError as error:
                    # `pysqlite3` tells no number.
                    if "database is locked" not in str(error) or time.monotonic() > deadline:
                        # Once more, to complain as Django does.
                        super()._start_transaction_under_autocommit()
                        return
                    time.sleep(nap * random.uniform(0.5, 1))  # noqa: S311 – no secret
                    nap = min(nap * GROWTH, LONGEST_NAP)
                else:
                    return
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {int(timeout * 1000)}")
