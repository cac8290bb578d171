from pathlib import Path

import pytest

from tests import postgres
from tests.conftest import missing
from tests.load.classroom import environment


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def environ(request, tmp_path: Path):
    """The settings of a served site, once on each database."""
    if request.param == "SQLite":
        yield environment(tmp_path)
        return
    if postgres.programs() is None:
        missing(postgres.INSTALL)
    with postgres.server() as url:
        yield environment(tmp_path, DATABASE_URL=url)
