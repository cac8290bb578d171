import os
import time

import pytest


def sentences(said: str) -> list[str]:
    """What stands after the progress: the Indonesian sentence and the English one."""
    return said.strip().rsplit("\n\n", 1)[-1].splitlines()


def test_first_run_builds_and_later_runs_go_straight_in(copy):
    code, said = copy.run("demo", "127.0.0.1:0x")
    assert (code, copy.venv.exists()) == (1, False)

    code, said = copy.run("greet", "--loud")
    assert (code, said.splitlines()[-1]) == (0, "ran ['greet', '--loud']")
    assert "100 %" in said

    began = time.monotonic()
    code, said = copy.run("greet")
    assert (code, said.splitlines()) == (0, ["ran ['greet']"])
    assert time.monotonic() - began < 5


def test_a_changed_lock_is_taken_up(copy):
    copy.run("greet")
    with (copy.folder / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    code, said = copy.run("greet")
    assert (code, "100 %" in said) == (0, True)
    assert copy.run("greet") == (0, "ran ['greet']\n")


@pytest.mark.slow
def test_an_interrupted_build_is_made_again(copy):
    copy.run("greet")
    (copy.venv / "lindungi.stamp").unlink()
    (copy.venv / "bin" / "python").unlink()
    code, said = copy.run("greet")
    assert (code, said.splitlines()[-1]) == (0, "ran ['greet']")


@pytest.mark.slow
def test_two_commands_at_once_build_once(copy):
    first, second = copy.start("one"), copy.start("two")
    said = [process.communicate(timeout=120)[0] for process in (first, second)]
    assert [first.returncode, second.returncode] == [0, 0]
    assert sum("100 %" in text for text in said) == 1


def test_an_environment_made_by_somebody_else_is_left_alone(copy):
    copy.venv.mkdir()
    theirs = copy.venv / "pyvenv.cfg"
    theirs.write_text("home = /elsewhere\n")
    code, said = copy.run("greet")
    assert code == 1
    assert "Folder .venv bukan buatan perintah ini" in said
    assert [path.name for path in copy.venv.iterdir()] == ["pyvenv.cfg"]
    assert theirs.read_text() == "home = /elsewhere\n"


@pytest.mark.slow
def test_an_interpreter_that_has_everything_is_used_as_it_is(copy, tmp_path):
    copy.run("greet")
    python = tmp_path / "other" / "bin" / "python"
    copy.venv.rename(tmp_path / "other")
    assert copy.run("greet", python=str(python)) == (0, "ran ['greet']\n")
    assert not copy.venv.exists()


@pytest.mark.slow
def test_nothing_is_installed_outside_the_folder(copy):
    home = copy.folder.parent / "home"
    home.mkdir()
    elsewhere = str(copy.folder.parent / "elsewhere")
    code, _ = copy.run(
        "greet", HOME=str(home), PIP_USER="1", PIP_TARGET=elsewhere, PYTHONPATH=elsewhere
    )
    assert code == 0
    assert not os.path.exists(elsewhere)
    assert not list(home.rglob("*.dist-info"))
    assert list(copy.venv.glob("lib/python*/site-packages/django-*.dist-info"))


def test_no_network_is_one_sentence_and_the_next_run_recovers(copy):
    nobody = {"PIP_NO_INDEX": "0", "PIP_FIND_LINKS": "", "PIP_INDEX_URL": "http://127.0.0.1:9/"}
    code, said = copy.run("greet", PIP_RETRIES="1", **nobody)
    assert (code, len(sentences(said)), "Traceback" in said) == (1, 2, False)
    assert sentences(said)[0].startswith("Tidak ada sambungan ke indeks paket")
    assert copy.run("greet")[0] == 0


@pytest.mark.slow
def test_an_index_without_the_package_is_one_sentence(copy):
    code, said = copy.run("greet", PIP_FIND_LINKS=str(copy.folder))
    assert (code, len(sentences(said)), "Traceback" in said) == (1, 2, False)
    assert sentences(said)[0].startswith("Indeks paket tidak punya paket siap pakai")


@pytest.mark.slow
def test_a_package_with_another_content_is_refused(copy):
    copy.lock("0" * 64)
    code, said = copy.run("greet")
    assert code == 1
    assert sentences(said)[0].startswith("Isi sebuah paket berbeda dari yang dikunci")
    assert not list(copy.venv.glob("lib/python*/site-packages/django-*.dist-info"))
