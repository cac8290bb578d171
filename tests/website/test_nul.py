"""No address hands PostgreSQL a sign that it neither keeps nor looks for."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.db import DataError, transaction
from django.test import Client

from tests.factories.events import make_event, make_terms
from tests.factories.places import make_district, national
from tests.factories.planning import client_of
from website.errors import NulMiddleware

pytestmark = pytest.mark.django_db
# Eight signs, as many as the code of a kecamatan has.
NUL, KEC = "a%00b", "33.10.0%00"
QUERIES = [
    *(f"/kalender.ics?{name}={NUL}" for name in ("kec", "jenis", "sasaran", "tema")),
    *(f"/{place}?{name}={NUL}" for place in ("kalender/", "kalender/2026/12/")
      for name in ("kec", "jenis", "sasaran", "tema", "page")),
    *(f"/kalender/?kec={KEC}", f"/kalender/2026/12/?kec={KEC}", f"/kalender.ics?kec={KEC}"),
    *(f"/bantuan/?kec={KEC}", f"/bantuan/kartu/?kec={KEC}", f"/cari/?q={NUL}"),
]  # fmt: skip
PATHS = [
    *(f"/{NUL}/", f"/en/{NUL}/", f"/kalender/{NUL}/", f"/kalender/{NUL}.ics", f"/modul/{NUL}/"),
    *(f"/gabung/{NUL}/", f"/hadir/{NUL}/", f"/verifikasi/{NUL}/", f"/minta/{NUL}/", f"/s/{NUL}/"),
    *(f"/undangan/{NUL}/", f"/masuk/perangkat/{NUL}/", f"/saluran/{NUL}/", f"/media/{NUL}"),
    *(f"/kalender/undangan/{NUL}/", f"/kalender/pendaftaran/{NUL}/", f"/bantuan/kartu/{NUL}.pdf"),
    *(f"/materi/{NUL}.pdf", f"/ruang/kalender/{NUL}.ics"),
]
TYPED = {
    "/gabung/": "kode", "/hadir/": "kode", "/verifikasi/": "nomor", "/masuk/": "login",
    "/kalender/pendaftaran/": "email",
}  # fmt: skip


class Undone(Exception):
    """What a refused statement leaves behind is taken back."""


@pytest.fixture
def klaten():
    make_terms()
    national()
    office = make_district("klaten")
    make_event(office)
    return office


def status(client: Client, method: str, path: str, data: dict | None = None, **headers) -> int:
    client.raise_request_exception = False
    found = []
    with suppress(Undone), transaction.atomic():
        answer = getattr(client, method)(path, data, headers=headers)
        if answer.streaming:
            b"".join(answer.streaming_content)
        found.append(answer.status_code)
        raise Undone
    return found[0]


def answers() -> Iterator[tuple[str, int]]:
    for host in ("klaten.localhost", "localhost"):
        anyone = Client(SERVER_NAME=host)
        for path in (*QUERIES, *PATHS):
            yield f"{host}{path}", status(anyone, "get", path)
        for path, name in TYPED.items():
            yield f"POST {host}{path}", status(anyone, "post", path, {name: "a\0b"})
        cookie = status(anyone, "get", "/ruang/", cookie=r'sessionid="aaaaaaaa\000bbbbbbbb"')
        yield f"{host} cookie", cookie


def check(klaten) -> None:
    assert [(path, code) for path, code in answers() if code >= 500] == []
    # An empty calendar would look like one without sessions.
    anyone = Client(SERVER_NAME="klaten.localhost")
    refused = anyone.get(f"/kalender.ics?jenis=rakor{NUL}")
    assert (refused.status_code, "\0" in refused.content.decode()) == (404, False)
    # A choice that nobody made leaves the calendar whole.
    shown = anyone.get(f"/kalender/2026/03/?jenis={NUL}").content.decode()
    assert "Mengasuh tanpa kekerasan" in shown


def test_a_sign_that_no_text_has_breaks_nothing(klaten):
    check(klaten)


@pytest.mark.postgres
def test_a_sign_that_no_text_has_breaks_nothing_on_postgres(klaten):
    check(klaten)


@pytest.mark.postgres
def test_what_goes_by_no_form_is_refused_in_words(klaten):
    guru = client_of("guru", klaten)
    assert status(guru, "get", f"/ruang/kelas/mulai/?modul={NUL}") == 400


def test_a_fault_of_ours_stays_one(rf):
    refuses = NulMiddleware(lambda _request: None).process_exception
    told = "PostgreSQL text fields cannot contain NUL (0x00) bytes"
    assert refuses(rf.get("/"), DataError(told)).status_code == 400
    for fault in (DataError("integer out of range"), ValueError(told), KeyError("kec")):
        assert refuses(rf.get("/"), fault) is None
