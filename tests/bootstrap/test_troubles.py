import errno
import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from bootstrap import address, environment, terminal


def sentences(said: str) -> list[str]:
    return said.strip().rsplit("\n\n", 1)[-1].splitlines()


def test_a_taken_port_is_named_before_anything_is_built(copy):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, said = copy.run("demo", f"127.0.0.1:{port}")
    assert code == 1
    assert sentences(said)[0].startswith(f"Port {port} sedang dipakai program lain")
    assert not copy.venv.exists()


@pytest.mark.parametrize("given", ["127.0.0.1:99999", "127.0.0.1:0", "somewhere"])
def test_an_address_that_is_none_is_explained(given):
    with pytest.raises(SystemExit, match=f"Alamat {given} tidak dikenali"):
        address.check_address([given])


def test_an_address_of_another_computer_is_explained():
    with pytest.raises(SystemExit, match="tidak dapat dipakai di komputer ini"):
        address.check_address(["192.0.2.1:8123"])


def old_pythons() -> list[str]:
    found = [shutil.which(f"python3.{minor}") for minor in (6, 7, 8, 9, 10)]
    found += map(str, Path.home().glob(".pyenv/versions/*/bin/python"))
    return [path for path in found if path]


def test_a_python_that_is_too_old_says_so(copy):
    """By an old Python where the machine has one; the text itself must suit any Python."""
    source = (copy.folder / "manage.py").read_text()
    pretended = source.replace("sys.version_info < (3, 11)", "sys.version_info < (9, 9)")
    assert pretended != source
    for python in old_pythons():
        probe = subprocess.run([python, "-c", "import sys; print(sys.version_info < (3, 11))"],
                               capture_output=True, text=True)  # fmt: skip
        if probe.stdout.strip() == "True":
            code, said = copy.run("demo", python=python)
            assert (code, said.startswith("Lindungi memerlukan Python 3.11")) == (1, True), python
    (copy.folder / "manage.py").write_text(pretended)
    code, said = copy.run("demo")
    assert (code, len(said.splitlines())) == (1, 2)
    assert said.startswith("Lindungi memerlukan Python 3.11 atau yang lebih baru")


def test_a_python_without_venv_says_what_to_install(copy, tmp_path):
    """As Debian ships it without python3-venv: `ensurepip` cannot be imported."""
    folder = tmp_path / "without"
    folder.mkdir()
    (folder / "ensurepip.py").write_text("raise ImportError('not installed')\n")
    code, said = copy.run("demo", "127.0.0.1:8099", PYTHONPATH=str(folder))
    assert code == 1
    assert "sudo apt install python3-venv" in sentences(said)[0]
    assert "Traceback" not in said


def test_too_little_space_is_said_before_the_work(monkeypatch, tmp_path):
    enough = environment.NEEDED_BYTES["requirements.lock"]
    usage = shutil.disk_usage(tmp_path)._replace(free=enough - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(SystemExit, match="Ruang disk habis"):
        environment.build(tmp_path / ".venv", environment.ROOT / "requirements.lock")
    assert [path.name for path in (tmp_path / ".venv").iterdir()] == ["lindungi.lock"]


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "Ruang disk habis"),
        (errno.EACCES, "Folder ini tidak boleh ditulisi"),
        (errno.EROFS, "Folder ini tidak boleh ditulisi"),
    ],
)
def test_what_the_system_refuses_is_explained(monkeypatch, tmp_path, number, sentence):
    def refuse(*args, **kwargs):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(SystemExit, match=sentence):
        environment.build(tmp_path / ".venv", environment.ROOT / "requirements.lock")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk of two megabytes")
@pytest.mark.parametrize(
    ("options", "sentence"),
    [("size=2m", "Ruang disk habis"), ("ro", "Folder ini tidak boleh ditulisi")],
)
def test_a_real_full_or_read_only_disk_is_explained(copy, options, sentence):
    source = copy.folder / "site/bootstrap/environment.py"
    source.write_text(source.read_text().replace("600 * 1024**2", "0"))
    copy.venv.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", copy.venv], check=True)
    try:
        code, said = copy.run("greet")
    finally:
        subprocess.run(["umount", copy.venv], check=True)
    assert (code, "Traceback" in said) == (1, False)
    assert sentences(said)[0].startswith(sentence)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "Ruang disk habis"),
        ("ReadTimeoutError: Read timed out.", "Tidak ada sambungan"),
        ("[Errno -3] Temporary failure in name resolution", "Tidak ada sambungan"),
        ("ERROR: something new\n", "Penyiapan .venv gagal: ERROR: something new"),
    ],
)
def test_every_reason_has_its_sentence_in_both_languages(said, sentence):
    with pytest.raises(SystemExit) as stopped:
        terminal.explain(said)
    indonesian, english = str(stopped.value).strip().splitlines()
    assert indonesian.startswith(sentence)
    assert english
