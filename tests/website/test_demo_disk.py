"""A full or unwritable disk under the demo is one sentence."""

import errno
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction

from website.demo.disk import sentence_for
from website.demo.management.commands import demo

FOLDER = Path("/data/lindungi")
FULL, CLOSED = "Disk penuh", f"{FOLDER} tidak boleh ditulisi"


@pytest.mark.parametrize(
    ("number", "begins"),
    [
        (errno.ENOSPC, FULL),
        (errno.EDQUOT, FULL),
        (errno.EACCES, CLOSED),
        (errno.EROFS, CLOSED),
        (errno.ENOENT, ""),
    ],
)
def test_what_the_system_refuses_is_told_in_both_languages(number, begins):
    said = sentence_for(OSError(number, os.strerror(number)), FOLDER)

    assert said[: len(begins) or None] == begins
    assert len(said.splitlines()) == (2 if begins else 0)


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        ("could not extend file: No space left on device", FULL),
        ("unable to open database file", CLOSED),
        ("no such table: districts_region", ""),
    ],
)
def test_what_a_database_says_is_understood_behind_what_it_led_to(words, begins):
    try:
        try:
            raise OperationalError(words)
        finally:
            raise ValueError("the rollback failed as well")
    except ValueError as error:
        said = sentence_for(error, FOLDER)

    assert said[: len(begins) or None] == begins


def test_other_faults_that_speak_of_disks_are_no_disks():
    assert sentence_for(ValueError("the disk is full"), FOLDER) == ""


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("pragma", "undone", "begins"),
    [
        ("max_page_count = 1", "max_page_count = 1073741823", FULL),
        ("query_only = 1", "query_only = 0", CLOSED),
    ],
)
@pytest.mark.django_db
def test_what_sqlite_itself_refuses_is_understood(pragma, undone, begins):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
        try:
            with pytest.raises(OperationalError) as refused, transaction.atomic():
                cursor.execute("CREATE TABLE penuh AS SELECT zeroblob(10000000) AS isi")
        finally:
            cursor.execute(f"PRAGMA {undone}")

    assert sentence_for(refused.value, FOLDER).startswith(begins)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk of two megabytes")
@pytest.mark.parametrize(
    ("options", "sentence"), [("size=2m", "Disk penuh"), ("ro", "tidak boleh ditulisi")]
)
def test_a_real_full_or_read_only_disk_is_one_sentence(tmp_path, options, sentence):
    data = tmp_path / "data"
    data.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", data], check=True)
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    try:
        done = subprocess.run(
            [sys.executable, "manage.py", "demo", "--only-setup"],
            cwd=settings.BASE_DIR,
            env=kept | {"LINDUNGI_DATA": str(data)},
            capture_output=True,
            text=True,
            timeout=300,
        )
    finally:
        subprocess.run(["umount", data], check=True)

    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 2


@pytest.mark.sqlite
def test_each_process_of_the_setup_waits_for_the_long_transactions_of_the_other(db):
    """Twenty seconds were too few on a slow machine: the calendar was refused."""
    options = connection.settings_dict["OPTIONS"]
    usual = options["timeout"]

    def patience() -> int:
        demo.wait_for_the_other()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout")
            (milliseconds,) = cursor.fetchone()
        connection.close()
        return milliseconds

    try:
        with ThreadPoolExecutor(1) as own_connection:
            assert own_connection.submit(patience).result() == demo.PATIENCE * 1000 > usual * 1000
    finally:
        options["timeout"] = usual
