from tests import suite

DEFAULT = "(not bench and not slow)"


def test_the_whole_suite_runs_on_sqlite_and_its_races_on_postgresql(monkeypatch):
    monkeypatch.delenv("LINDUNGI_TEST_DATABASE", raising=False)
    assert [(on_postgres, arguments[-1]) for on_postgres, arguments in suite.plan([])] == [
        (False, f"not postgres and not browser and not rules and {DEFAULT}"),
        (False, f"not postgres and rules and {DEFAULT}"),
        (False, f"not postgres and browser and {DEFAULT}"),
        (True, f"postgres and {DEFAULT}"),
    ]


def test_what_was_asked_for_goes_to_every_run(monkeypatch):
    monkeypatch.delenv("LINDUNGI_TEST_DATABASE", raising=False)
    asked = ["tests/safeguards", "-x"]
    assert suite.plan(["tests/safeguards", "-m", "slow", "-x"]) == [
        (False, [*asked, "-m", "not postgres and not browser and not rules and (slow)"]),
        (False, [*asked, "-m", "not postgres and rules and (slow)"]),
        (False, [*asked, "-m", "not postgres and browser and (slow)"]),
        (True, [*asked, "-m", "postgres and (slow)"]),
    ]


def test_everything_runs_on_postgresql_where_asked(monkeypatch):
    monkeypatch.setenv("LINDUNGI_TEST_DATABASE", "postgres")
    assert suite.plan(["-q"]) == [
        (True, ["-q", "-m", f"not browser and not rules and {DEFAULT}"]),
        (True, ["-q", "-m", f"rules and {DEFAULT}"]),
        (True, ["-q", "-m", f"browser and {DEFAULT}"]),
    ]


def test_results_are_counted_from_the_report(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(
        '<testsuites><testsuite tests="9" failures="2" errors="1" skipped="1"/></testsuites>'
    )
    assert suite.counts(report) == {"passed": 5, "failed": 3, "skipped": 1}


def test_a_run_that_died_before_reporting_counts_nothing(tmp_path):
    assert suite.counts(tmp_path / "none.xml") == {"passed": 0, "failed": 0, "skipped": 0}
