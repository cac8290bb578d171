import logging
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from safeguards import ticks
from safeguards.models import TickRun
from tests.safeguards.factories import NOW
from tests.safeguards.test_facts import _race


@pytest.fixture
def jobs(monkeypatch):
    monkeypatch.setattr(ticks, "_ticks", {})
    return ticks


@pytest.mark.django_db
def test_run_due_runs_each_job_once_a_round(jobs):
    ran = []
    jobs.register_tick("menit", ran.append)
    jobs.register_tick("jam", lambda now: ran.append("jam"), every=timedelta(hours=1))
    assert jobs.run_due(NOW) == {"jam": True, "menit": True}
    assert jobs.run_due(NOW + timedelta(seconds=30)) == {}
    assert jobs.run_due(NOW + timedelta(seconds=59)) == {"menit": True}
    assert jobs.run_due(NOW + timedelta(minutes=60)) == {"jam": True, "menit": True}
    assert ran == ["jam", NOW, NOW + timedelta(seconds=59), "jam", NOW + timedelta(minutes=60)]


@pytest.mark.django_db
def test_run_due_goes_on_after_a_failure_and_logs_it(jobs, caplog):
    ran = []

    def broken(now):
        raise RuntimeError("rusak")

    jobs.register_tick("a", broken)
    jobs.register_tick("b", ran.append)
    with caplog.at_level(logging.ERROR, logger="safeguards.ticks"):
        assert jobs.run_due(NOW) == {"a": False, "b": True}
    assert "Periodic job a failed" in caplog.text
    assert ran == [NOW]
    assert TickRun.objects.get(pk="a").failures == 1


@pytest.mark.django_db
def test_run_due_leaves_a_job_to_the_clock_that_holds_it(jobs):
    ran = []
    jobs.register_tick("a", ran.append)
    TickRun.objects.create(name="a", started_at=NOW, claimed_until=NOW + timedelta(minutes=15))
    assert jobs.run_due(NOW + timedelta(minutes=14)) == {}
    assert jobs.run_due(NOW + timedelta(minutes=15)) == {"a": True}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_race_of_clocks_runs_a_job_once(jobs):
    ran = []
    jobs.register_tick("a", ran.append)
    _race(8, lambda number: jobs.run_due(NOW))
    assert ran == [NOW]


@pytest.mark.django_db
def test_every_minute_registers_under_the_dotted_name(jobs):
    @jobs.every_minute
    def purge(now):
        """Do nothing."""

    assert [tick.name for tick in jobs.registered()] == [f"{__name__}.{purge.__qualname__}"]


@pytest.mark.django_db
def test_tick_command_names_what_ran_and_fails_aloud(jobs, capsys):
    jobs.register_tick("a", lambda now: None)
    call_command("tick")
    assert capsys.readouterr().out == "a: ok\n"
    jobs.register_tick("b", lambda now: 1 / 0)
    with pytest.raises(CommandError):
        call_command("tick")
    assert capsys.readouterr().out == "b: failed\n"
