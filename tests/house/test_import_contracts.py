from importlinter.application.use_cases import create_report, read_user_options
from importlinter.configuration import configure


def test_imports_point_down_only(root, monkeypatch):
    monkeypatch.chdir(root)
    configure()
    report = create_report(read_user_options("pyproject.toml"), cache_dir=None)
    broken = {
        contract.name: check.metadata
        for contract, check in report.get_contracts_and_checks()
        if not check.kept
    }
    assert broken == {}
    assert report.contracts
    assert not report.could_not_run
