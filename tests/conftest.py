"""What every test may rely on."""

import gc
import os
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.middleware import csrf
from django.test import TransactionTestCase
from django.utils import timezone
from wagtail.signal_handlers import disable_reference_index_auto_update

from events import listing
from events.templatetags import kalender
from modules import editions
from safeguards import generation
from tests import migrated, postgres, pristine
from tests.suite import RULES, long_form, page_files

# Playwright's synchronous API keeps an event loop running in the test's thread.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# A whole site is in memory: Python's usual threshold looks through it far too often.
gc.set_threshold(50_000, 20, 50)
# How long it takes to draw an example depends on what else the machine does.
hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("house")
HERE = Path(__file__).parent


def missing(reason: str) -> None:
    """Skip for want of a program, or fail where nothing may be skipped (CI)."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """`pristine` keeps a copy of its own; Django would write one down row by row."""
    connection.settings_dict["TEST"]["SERIALIZE"] = False


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
def django_db_setup(django_db_setup, django_db_blocker):
    """Leave the migrated database for the next run, and put it back after what commits in it."""
    if migrated.is_sqlite() and not migrated.template().exists():
        migrated.copy(Path(settings.DATABASES["default"]["NAME"]), migrated.template())
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        pristine.keep()
        patch.setattr(TransactionTestCase, "_fixture_setup", classmethod(lambda cls: None))
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: pristine.restore())
        yield
        pristine.drop()


@pytest.fixture(autouse=True)
def _on_its_database(request):
    """A test marked `postgres` or `sqlite` runs there or not at all."""
    if request.node.get_closest_marker("sqlite") and connection.vendor != "sqlite":
        pytest.skip("SQLite alone does this")
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


@pytest.fixture(autouse=True, scope="session")
def _plain_tokens():
    """The random word in a form has no capitals, digits or vowels: no test finds "9Z" by chance."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csrf, "CSRF_ALLOWED_CHARS", "bcdfghjklmnpqrstvwxz")
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
    for drawn in (listing._drawn_list, listing._drawn, kalender._drawn):
        drawn.cache_clear()
    yield
    generation.forget()


@pytest.fixture
def in_2026(monkeypatch):
    """The clock goes on from 26 November 2026, whatever day it is: for tests that name days.

    Django's clock alone: what counts seconds (signatures, cookies) goes by the machine's.
    """
    ahead = timezone.now() - datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() - ahead)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    long, pages = long_form(), set(page_files())
    named, paths = set(), set()
    for item in items:
        if item.path.relative_to(HERE).parts[0] in RULES:
            item.add_marker(pytest.mark.rules)
        if item.path.relative_to(HERE.parent).as_posix() in pages:
            item.add_marker(pytest.mark.pages)
        names = {item.nodeid, item.nodeid.split("[")[0]}
        if long & names:
            item.add_marker(pytest.mark.slow)
        named |= names
        paths.add(item.nodeid.split("::")[0])
    # Where whole files were collected, every name has to fit something in them.
    if not any("::" in arg for arg in config.args):
        gone = sorted(one for one in long - named if one.split("::")[0] in paths)
        if gone:
            raise pytest.UsageError(f"tests/long_form.txt names no test: {', '.join(gone)}")
