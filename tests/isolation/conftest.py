"""One world for all tests of a module: built once, rolled back at the end."""

import pytest
from django.core.cache import cache
from django.db import transaction

from tests.isolation import world as worlds


class _Undo(Exception):
    pass


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    from django.test import override_settings

    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=str(media)):
        cache.clear()
        try:
            around = transaction.atomic()
            # As Django marks its own: what must be durable may happen inside.
            around._from_testcase = True
            with around:
                yield worlds.build()
                raise _Undo
        except _Undo:
            cache.clear()
