from itertools import chain

from tests import suite

DEFAULT = "(not bench and not slow)"


def asked_of(args: list[str]) -> list[list[tuple[bool, list[str]]]]:
    return [[(part.on_postgres, part.arguments) for part in step] for step in suite.plan(args)]


def test_the_whole_suite_runs_on_sqlite_and_its_races_on_postgresql_meanwhile(monkeypatch):
    monkeypatch.delenv("LINDUNGI_TEST_DATABASE", raising=False)
    names = [[part.name(on_postgres=part.on_postgres) for part in step] for step in suite.plan([])]
    assert names == [
        [f"SQLite, not postgres and not browser and not rules and not pages and {DEFAULT}"],
        [f"SQLite, not postgres and pages and not browser and {DEFAULT}"],
        [f"SQLite, not postgres and rules and {DEFAULT}"],
        [f"SQLite, not postgres and browser and {DEFAULT}", f"PostgreSQL, postgres and {DEFAULT}"],
    ]


def test_no_file_is_left_out_because_nothing_was_named(monkeypatch):
    monkeypatch.delenv("LINDUNGI_TEST_DATABASE", raising=False)
    units, pages, rules, browser, races = (
        {word for word in part.arguments if "tests/" in word} for part in chain(*suite.plan([]))
    )
    assert rules == {"tests/bootstrap", "tests/house", "tests/isolation"}
    assert units == {f"--ignore={path}" for path in (*rules, *pages, "tests/browser")}
    assert "tests/website/test_serve.py" in pages
    assert "tests/events/test_recurrence.py" not in pages
    # What has the mark runs, wherever it stands.
    assert browser == {"tests/browser", *suite.marked("browser")}
    assert "tests/safeguards/test_exit_script.py" in browser
    assert set(suite.marked("postgres")) == races
    assert "tests/modules/test_races.py" in races


def test_what_was_asked_for_goes_to_every_run(monkeypatch):
    monkeypatch.delenv("LINDUNGI_TEST_DATABASE", raising=False)
    asked = ["tests/safeguards", "-x"]
    assert asked_of(["tests/safeguards", "-m", "slow", "-x"]) == [
        [(False, [*asked, "-m", "not postgres and not browser and not rules and (slow)"])],
        [(False, [*asked, "-m", "not postgres and rules and (slow)"])],
        [(False, [*asked, "-m", "not postgres and browser and (slow)"])],
        [(True, [*asked, "-m", "postgres and (slow)"])],
    ]


def test_everything_runs_on_postgresql_where_asked(monkeypatch):
    """Nothing is skipped: what SQLite alone does is not asked for."""
    monkeypatch.setenv("LINDUNGI_TEST_DATABASE", "postgres")
    assert asked_of(["-q"]) == [
        [(True, ["-q", "-m", f"not sqlite and not browser and not rules and {DEFAULT}"])],
        [(True, ["-q", "-m", f"not sqlite and rules and {DEFAULT}"])],
        [(True, ["-q", "-m", f"not sqlite and browser and {DEFAULT}"])],
    ]


def test_parts_that_go_side_by_side_are_both_counted_and_told(tmp_path, capfd):
    one, other = tmp_path / "test_one.py", tmp_path / "test_other.py"
    one.write_text("def test_one():\n    pass\n")
    other.write_text("def test_other():\n    print('seen')\n    assert False\n")
    alone = ["-q", "-p", "no:cacheprovider", f"--rootdir={tmp_path}", "-c", "/dev/null"]
    parts = [suite.Part(False, [*alone, str(path), "-m", ""]) for path in (one, other)]
    results = suite.run_together(parts, "")
    assert [counted["passed"] for _code, counted in results] == [1, 0]
    assert [counted["failed"] for _code, counted in results] == [0, 1]
    assert "seen" in capfd.readouterr().out


def test_results_are_counted_from_the_report(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(
        '<testsuites><testsuite tests="9" failures="2" errors="1" skipped="1"/></testsuites>'
    )
    assert suite.counts(report) == {"passed": 5, "failed": 3, "skipped": 1}


def test_a_run_that_died_before_reporting_counts_nothing(tmp_path):
    assert suite.counts(tmp_path / "none.xml") == {"passed": 0, "failed": 0, "skipped": 0}
