"""A calendar application that subscribed: it fetches an address again and again, and reads it."""

from http.client import HTTPConnection
from urllib.parse import urlsplit

from tests.events.read_back import Date, dates_of
from tests.events.read_lines import dates_of_lines


class Subscriber:
    """Fetches `webcal://…` over HTTP as such programs do, and remembers what it was told."""

    def __init__(self, address: str, server: str):
        """`server` is where the live server listens; a page names hosts without its port."""
        scheme, host, path, query, _fragment = urlsplit(address)
        assert scheme == "webcal"
        self.host = host.partition(":")[0]
        self.path = f"{path}?{query}" if query else path
        self.port = urlsplit(server).port
        self.known: dict[str, str] = {}
        self.body = b""

    def refresh(self) -> int:
        """Ask whether there is something new; the status of the answer."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=20)
        names = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
        asked = {names[name]: value for name, value in self.known.items()}
        line.request("GET", self.path, headers={"Host": f"{self.host}:{self.port}"} | asked)
        answer = line.getresponse()
        body = answer.read()
        line.close()
        if answer.status == 200:
            assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
            self.body = body
            self.known = {name: answer.headers[name] for name in names}
        else:
            assert body == b"" or answer.status != 304
        return answer.status

    @property
    def dates(self) -> list[Date]:
        """All dates of the last feed, on which two readers agree."""
        found = dates_of(self.body)
        assert dates_of_lines(self.body) == found
        return found
