"""What every test may rely on."""

import os

import pytest

from tests import postgres

# Playwright's synchronous API keeps an event loop running in the test's thread.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def missing(reason: str) -> None:
    """Skip for want of a program, or fail where nothing may be skipped (CI)."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(autouse=True)
def _postgres_where_asked(request):
    """A test marked `postgres` runs on PostgreSQL or not at all."""
    if request.node.get_closest_marker("postgres"):
        from django.db import connection

        if connection.vendor != "postgresql":
            missing(
                "runs on PostgreSQL: python3 manage.py test"
                if postgres.programs()
                else postgres.INSTALL
            )


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """What a process remembers of one test's database says nothing about the next one's."""
    from safeguards import generation

    generation.forget()
    yield
    generation.forget()
