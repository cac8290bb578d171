import logging

import pytest

from safeguards.logs import NoPersonalData, scrub


def record(message, *args, exc_info=None):
    return logging.LogRecord("t", logging.INFO, __file__, 1, message, args, exc_info)


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        ("to siti.a+b@dinas.klatenkab.go.id now", "to [email] now"),
        ("from 103.10.66.7 and 2001:db8::1", "from [address] and [address]"),
        ("GET /bantuan/?kec=33.10.05&q=x HTTP/1.1", "GET /bantuan/?[query] HTTP/1.1"),
        ("call +62 812-3456-7890!", "call [number]!"),
        ("call 0812 3456 7890", "call [number]"),
        ("nik 33.10.05.251110.0001", "nik [number]"),
        ("/undangan/aB3dE6gH9jK2mN5pQ8sT1vW4yZ7-_xY0/ 404", "/undangan/[token]/ 404"),
        ("GET /masuk/lupa/1-d2f8km-0123456789abcdef0123456789abcdef/", "GET /masuk/lupa/[token]/"),
        ("GET /berita/rapat-koordinasi-gugus-tugas-2025/", None),
        ("took 0.123 s at 2026-11-22 20:04:43, port 8000", None),
        ("Django 5.2.19 on /modul/aman/", None),
    ],
)
def test_scrub_strikes_out_people_and_little_else(said, logged):
    assert scrub(said) == (logged or said)


def test_filter_scrubs_arguments_traceback_and_request():
    try:
        raise ValueError("siti@example.org")
    except ValueError as error:
        entry = record(
            "%s\nfake %d", "siti@example.org", 3, exc_info=(type(error), error, error.__traceback__)
        )
    entry.request = object()
    assert NoPersonalData().filter(entry) is True
    text = logging.Formatter("%(message)s").format(entry)
    assert text.startswith("[email] fake 3\nTraceback")
    assert "siti" not in text
    assert not hasattr(entry, "request")
    assert entry.exc_info is None


def test_filter_survives_wrong_arguments_and_a_second_handler():
    entry = record("%d items", "siti@example.org")
    for _ in range(2):
        assert NoPersonalData().filter(entry) is True
    assert entry.getMessage() == "%d items"
