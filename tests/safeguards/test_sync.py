"""A batch goes on past a fact that fails for a reason nobody thought of."""

import logging
import uuid

import pytest
from django.utils import timezone

from safeguards import facts, sync
from safeguards.models import Fact
from tests.safeguards.factories import make_site

pytestmark = pytest.mark.django_db
NAME, WHO = "Siti Aminah", uuid.UUID(int=7)


@pytest.fixture
def site():
    return make_site()


@pytest.fixture
def teller(site, monkeypatch):
    """Of the kind `uji`: a fact does what its body says."""
    monkeypatch.setitem(sync._kinds, "uji", _prepare)
    monkeypatch.setattr(sync, "_recall", lambda site, name: sync.Teller(site=site, member=None))
    return sync.Teller(site=site.pk, member=None)


def _prepare(told, teller):
    if told.body["does"] == "fails early":
        raise OverflowError(NAME)

    def apply():
        if told.body["does"] == "waits" and not Fact.objects.filter(kind="uji").exists():
            raise facts.Doubtful("unknown")
        if told.body["does"] in {"fails", "waits"}:
            raise OverflowError(NAME)
        return {}

    return facts.Item("uji", told.key, told.body, teller.site, apply, subjects=(WHO,))


def told(does):
    now = timezone.now()
    return sync.Told("uji", uuid.uuid4(), {"does": does}, now, now)


@pytest.mark.parametrize("does", ["fails", "fails early"])
def test_a_fact_that_fails_is_kept_by_the_device_and_the_rest_is_recorded(teller, does, caplog):
    batch = [told("is done"), told(does), told("is done")]
    with caplog.at_level(logging.ERROR, "safeguards.sync"):
        found = sync.judge(batch, teller)
    assert [(one.status, one.http) for one in found] == [
        ("created", 201), ("conflict", 409), ("created", 201)
    ]  # fmt: skip
    assert (bool(found[1].reason), found[1].retry_after) == (True, 60)
    [entry] = caplog.records
    text = logging.Formatter().format(entry)
    # Where it failed, and nothing of what was told.
    assert ("OverflowError" in text, "_prepare" in text or "in apply" in text) == (True, True)
    assert NAME not in text


def test_what_waited_and_fails_stops_nobody_who_is_told_of(teller, caplog):
    waits = told("waits")
    assert sync.judge([waits], teller)[0].status == "quarantined"
    found = sync.judge([told("is done"), told("is done")], teller)
    assert [one.status for one in found] == ["created", "created"]
    assert len(caplog.records) == 1
    assert Fact.objects.get(key=waits.key).state == "quarantined"
