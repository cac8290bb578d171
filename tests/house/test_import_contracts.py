from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports


def test_imports_point_down_only(root, capsys):
    code = lint_imports(config_filename=str(root / "pyproject.toml"), no_cache=True)
    said = capsys.readouterr().out
    assert code == EXIT_STATUS_SUCCESS, said
    assert "1 kept, 0 broken" in said
