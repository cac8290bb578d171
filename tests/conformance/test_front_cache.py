"""Varnish with our configuration: what is kept for whom, and how soon it is forgotten."""

import http.client
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from districts.models import Channel
from safeguards import generation
from tests.bench.served import free_port
from tests.conformance.calendar_programs import installed
from tests.factories.channels import make_channel
from tests.factories.places import PASSWORD, make_district, make_user, national

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
ROOT = Path(__file__).resolve().parents[2]
HOST = "klaten.localhost"


@contextmanager
def varnish(folder: Path, application: int):
    installed("varnish")
    told = (ROOT / "site/website/front_cache.vcl").read_text(encoding="utf-8")
    assert '.port = "8000"' in told
    config = folder / "front.vcl"
    config.write_text(told.replace('.port = "8000"', f'.port = "{application}"'))
    port = free_port()
    command = [
        "varnishd",
        "-j",
        "none",
        "-F",
        "-a",
        f"127.0.0.1:{port}",
        "-f",
        str(config),
        "-n",
        str(folder),
    ]
    process = subprocess.Popen(
        [*command, "-s", "malloc,16m"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def wait_for(port: int, process: subprocess.Popen) -> None:
    for _try in range(200):
        assert process.poll() is None, process.stdout.read().decode()
        try:
            return get(port, "/healthz") and None
        except OSError:
            time.sleep(0.05)
    raise AssertionError("Varnish does not answer")


def get(port: int, path: str, **headers) -> tuple[int, str, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers={"Host": HOST} | headers)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body, {name.lower(): value for name, value in answer.getheaders()}


@pytest.fixture
def klaten(live_server, transactional_db):
    national()
    office = make_district("klaten")
    generation.forget()
    return office


def test_public_pages_are_kept_and_forgotten_within_a_second(
    klaten, live_server, settings, tmp_path
):
    channel = make_channel(klaten, label="Layanan Lama")
    with varnish(tmp_path, live_server.thread.port) as port:
        settings.WAGTAILFRONTENDCACHE = {
            "front": {
                "BACKEND": "wagtail.contrib.frontend_cache.backends.HTTPBackend",
                "LOCATION": f"http://127.0.0.1:{port}",
            }
        }
        status, _page, headers = get(port, "/bantuan/")
        # Kept in front, by no browser.
        assert (status, headers["cache-control"]) == (200, "no-store")
        assert "surrogate-control" not in headers
        time.sleep(1.1)
        kept = get(port, "/bantuan/")
        assert int(kept[2]["age"]) >= 1
        assert "Layanan Lama" in kept[1]
        # A cookie is no way around it, and changes nothing.
        assert get(port, "/bantuan/", Cookie="sessionid=x")[2]["age"] >= kept[2]["age"]

        Channel.objects.filter(pk=channel.pk).update(label="Layanan Baru")
        assert "Layanan Lama" in get(port, "/bantuan/")[1]
        generation.bump("channel")
        began = time.monotonic()
        while "Layanan Lama" in get(port, "/bantuan/")[1]:
            assert time.monotonic() - began < 1
            time.sleep(0.02)
        assert "Layanan Baru" in get(port, "/bantuan/")[1]


def test_what_is_somebodys_own_is_kept_nowhere(klaten, live_server, client, tmp_path):
    user = make_user("editor", klaten)
    client.login(email=user.email, password=PASSWORD)
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    with varnish(tmp_path, live_server.thread.port) as port:
        assert get(port, "/ruang/", Cookie=cookie)[0] == 200
        assert get(port, "/ruang/")[0] == 302
        form = "/minta/"
        tokens = {get(port, form)[1] for _again in range(2)}
        assert len(tokens) == 2
