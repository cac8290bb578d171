"""Statements that are built once write and read what Django's own would."""

import uuid
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from safeguards.compiled import CompiledInsert, CompiledQuery
from safeguards.models import Fact
from tests.safeguards.factories import NOW, make_site

pytestmark = pytest.mark.django_db
BODY = {"b": [1, 2.5, True, None], "a": {"ü": "ñ"}, "key": uuid.UUID(int=7)}


def told(site, **changed):
    known = {"kind": "k", "key": uuid.UUID(int=1), "site_id": site.pk, "body_hash": "x"}
    return known | {"body": BODY, "server_time": NOW} | changed


def test_a_row_is_what_django_would_have_written():
    site = make_site()
    pk = CompiledInsert(Fact).row(**told(site))
    plain = Fact(**told(site, key=uuid.UUID(int=2)))
    plain.save()
    ours, theirs = Fact.objects.values().order_by("pk")
    assert ours.pop("id") == pk
    assert theirs.pop("id") == plain.pk
    assert (ours.pop("key").int, theirs.pop("key").int) == (1, 2)
    assert ours == theirs
    assert ours["body"] == BODY | {"key": str(uuid.UUID(int=7))}
    assert (ours["response"], ours["skewed"], ours["state"]) == (None, False, "created")


def test_a_row_that_is_there_already_is_left_out():
    site, insert = make_site(), CompiledInsert(Fact)
    assert insert.row(**told(site))
    assert insert.row(**told(site, body={"lain": 1})) is None
    assert Fact.objects.get().body["b"] == BODY["b"]


def test_a_row_needs_fields_that_are_there():
    site, insert = make_site(), CompiledInsert(Fact)
    with pytest.raises(TypeError):
        insert.row(**told(site, umur=12))
    with pytest.raises(IntegrityError):
        insert.row(**told(site, server_time=None))
    assert insert.statement.sql.startswith('INSERT INTO "safeguards_fact"')


def test_a_query_finds_what_its_slots_name():
    site = make_site()
    pk = CompiledInsert(Fact).row(**told(site))
    query = CompiledQuery(lambda **named: Fact.objects.filter(**named), kind=str, key=uuid.UUID)
    assert query.instances(kind="k", key=uuid.UUID(int=1)) == [Fact.objects.get(pk=pk)]
    assert query.instances(kind="k", key=uuid.UUID(int=2)) == []


def test_a_query_takes_days_and_moments():
    site = make_site()
    pk = CompiledInsert(Fact).row(**told(site))
    query = CompiledQuery(
        lambda since, before: Fact.objects.filter(
            server_time__gte=since, server_time__date__lt=before
        ),
        since=datetime,
        before=date,
    )
    day = timezone.localdate(NOW)
    assert [fact.pk for fact in query.instances(since=NOW, before=day + timedelta(1))] == [pk]
    assert query.instances(since=NOW + timedelta(1), before=day + timedelta(1)) == []
    assert query.instances(since=NOW, before=day) == []
