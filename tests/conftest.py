"""What every test may rely on."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from pytest_django.plugin import blocking_manager_key
from wagtail.signal_handlers import disable_reference_index_auto_update

from modules import editions
from safeguards import generation
from tests import migrated, postgres

# Playwright's synchronous API keeps an event loop running in the test's thread.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
HERE = Path(__file__).parent
# The folders of what holds for the whole house.
RULES = frozenset({"bootstrap", "house", "isolation"})


def missing(reason: str) -> None:
    """Skip for want of a program, or fail where nothing may be skipped (CI)."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings, django_db_keepdb):
    """Begin with a copy of a migrated database, where an earlier run has left one."""
    if not migrated.is_sqlite() or django_db_keepdb:
        return django_db_keepdb
    source = migrated.template()
    if source.exists():
        migrated.copy(source, Path(settings.DATABASES["default"]["TEST"]["NAME"]))
    return source.exists()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """Leave the migrated database for the next run."""
    if migrated.is_sqlite() and not migrated.template().exists():
        migrated.copy(Path(settings.DATABASES["default"]["NAME"]), migrated.template())


@pytest.fixture(autouse=True)
def _postgres_where_asked(request):
    """A test marked `postgres` runs on PostgreSQL or not at all."""
    if request.node.get_closest_marker("postgres") and connection.vendor != "postgresql":
        missing(
            "runs on PostgreSQL: python3 manage.py test"
            if postgres.programs()
            else postgres.INSTALL
        )


@pytest.fixture(autouse=True, scope="session")
def _no_reference_index():
    """Wagtail's index of who links to what is not ours, and costs a third of every page saved."""
    with disable_reference_index_auto_update():
        yield


@pytest.fixture(autouse=True)
def _nothing_remembered(request, monkeypatch):
    """What a process remembers of one test's database says nothing about the next one's.

    The second after which it asks again would put a query more into whichever count is slow.
    """
    if not request.module.__name__.endswith("test_generation"):
        monkeypatch.setattr(generation, "REREAD_AFTER_SECONDS", 3600.0)
    generation.forget()
    editions.forget()
    yield
    generation.forget()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.relative_to(HERE).parts[0] in RULES:
            item.add_marker(pytest.mark.rules)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """After a test that emptied the tables, put back what migrations made.

    Django does so only before the next test that asks for it; with files dealt out to several
    processes the next one may be any.
    """
    done = yield
    if _empties_tables(item) and nextitem is not None and not _empties_tables(nextitem):
        contents = getattr(connection, "_test_serialized_contents", None)
        with item.config.stash[blocking_manager_key].unblock():
            connection.creation.deserialize_db_from_string(contents)
            cache.clear()
    return done


def _empties_tables(item) -> bool:
    marker = item.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction"))
