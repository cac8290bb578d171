import re
import statistics
import tomllib
from pathlib import Path

from tests.suite import long_form

TOP = {
    "site", "campaigns", "modules", "events", "locale", "tests",
    "manage.py", "pyproject.toml", "README.md", "LICENSE", "requirements.lock",
}  # fmt: skip
VAGUE = {"utils.py", "helpers.py", "common.py", "manager.py"}


def own_python(texts):
    return {
        path: text.count("\n")
        for path, text in texts.items()
        if path.suffix == ".py" and "migrations" not in path.parts
    }


def test_top_level_holds_only_what_the_design_names(files):
    top = {path.parts[0] for path in files}
    assert {name for name in top - TOP if not name.startswith(".")} == set()


def test_site_is_a_plain_directory(root):
    assert not (root / "site" / "__init__.py").exists()


def test_manage_py_stays_small(root):
    assert len((root / "manage.py").read_text().splitlines()) <= 40


def test_no_python_file_is_over_500_lines(texts):
    assert {str(path): lines for path, lines in own_python(texts).items() if lines > 500} == {}


def test_most_python_files_are_short(texts):
    lengths = {path: lines for path, lines in own_python(texts).items() if lines}
    # A file of tests tells one subject's many small stories; the median is about the source.
    source = [lines for path, lines in lengths.items() if path.parts[0] != "tests"]
    assert statistics.median(source) <= 80
    assert statistics.quantiles(lengths.values(), n=10)[-1] <= 300


def test_file_names_say_their_subject(files):
    assert [str(path) for path in files if path.name in VAGUE] == []


def test_every_package_stands_in_the_import_contracts(root, files):
    configured = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["importlinter"]
    packages = {p.parts[0] for p in files if p.name == "__init__.py" and len(p.parts) == 2}
    packages |= {p.parts[1] for p in files if p.name == "__init__.py" and p.parts[0] == "site"}
    # The bootstrap runs before any of them can be imported.
    assert packages - {"bootstrap", "tests"} == set(configured["root_packages"])


def test_bootstrap_imports_the_standard_library_only(texts):
    import ast
    import sys

    imported = set()
    for path, text in texts.items():
        if path.parts[:2] == ("site", "bootstrap"):
            for node in ast.walk(ast.parse(text)):
                names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
                names += [node.module] if isinstance(node, ast.ImportFrom) else []
                imported |= {name.split(".")[0] for name in names}
    assert imported - sys.stdlib_module_names == {"bootstrap"}


def found(texts, pattern: str, suffixes: set[str], without: tuple[str, ...] = ()):
    """`path:line: text` of every match outside the folders `without`."""
    rows = []
    for path, text in texts.items():
        if path.suffix in suffixes and not path.as_posix().startswith(without):
            for number, line in enumerate(text.splitlines(), 1):
                if re.search(pattern, line):
                    rows.append(f"{path}:{number}: {line.strip()[:90]}")
    return rows


def test_templates_hold_no_inline_code_and_no_safe_filter(texts):
    inline = (
        r"\sstyle=\"|\son\w+=\"|\|\s*safe\b"
        r"|<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(json|ld\+json)\")"
    )
    assert found(texts, inline, {".html"}) == []


def test_html_is_never_marked_safe_by_hand(texts):
    assert found(texts, r"mark_safe\(", {".py"}, without=("tests/house/",)) == []


def test_every_keyed_digest_names_its_algorithm(texts):
    """Django 6.1 warns of its old default, which the test command on Django 5.2 would not show."""
    calls = {
        f"{path}: {call}"
        for path, text in texts.items()
        if not str(path).startswith("tests")
        for call in re.findall(r"salted_hmac\((?:[^()]|\([^()]*\))*\)", text)
    }
    assert calls
    assert {call for call in calls if "algorithm=" not in call} == set()


def test_nothing_is_left_half_done(texts):
    left = r"\b(TODO|FIXME|XXX)\b|raise NotImplementedError|pytest\.mark\.(skip\b|xfail)"
    assert found(texts, left, {".py", ".html", ".js", ".css"}, without=("tests/house/",)) == []


def test_no_phone_number_stands_in_code(texts):
    phone = r"(?<![\w.])(?:\+62[\s-]?\d{2,4}|08\d{2})[\s-]?\d{3,4}[\s-]?\d{2,5}(?!\w)"
    rows = found(texts, phone, {".py", ".html", ".js", ".po"}, without=("tests/",))
    assert [row for row in rows if not re.search(r"/(demo|fixtures|content)/", row)] == []


def test_the_project_speaks_of_itself_alone(texts):
    elsewhere = r"(?<![\w.~])/(?:work|root|workspace)/|\bissue #\d|[(]issue \d"
    registries = r"pypi[.]org|pythonhosted[.]|registry[.]npmjs|deb[.]debian"
    rows = []
    for path, text in texts.items():
        if path.parts[:2] != ("tests", "house"):
            for number, line in enumerate(text.splitlines(), 1):
                if re.search(f"{elsewhere}|{registries}", line):
                    rows.append(f"{path}:{number}: {line.strip()[:90]}")
    assert rows == []


def test_the_long_form_names_tests_that_exist(texts):
    named = {tuple(line.split("[")[0].split("::")) for line in long_form()}
    gone = [
        f"{path}::{name}"
        for path, name in sorted(named)
        if f"def {name}(" not in texts.get(Path(path), "")
    ]
    assert gone == []
    assert len(named) > 100
