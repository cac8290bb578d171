"""Subscribes to a calendar as Evolution does, and prints every date as a line of JSON.

Run by the system's Python inside `dbus-run-session`, with an address: Evolution's data server
fetches it over HTTP, keeps it, and is asked for what it would show.
"""

import json
import sys
from urllib.parse import urlsplit

import gi

gi.require_version("EDataServer", "1.2")
gi.require_version("ECal", "2.0")
from gi.repository import ECal, EDataServer, GLib  # noqa: E402

FROM, TO = 946_684_800, 2_366_841_600


def main() -> None:
    address = urlsplit(sys.argv[1])
    registry = EDataServer.SourceRegistry.new_sync(None)
    source = EDataServer.Source.new(None, None)
    source.set_display_name("Lindungi")
    source.set_parent("webcal-stub")
    backend = source.get_extension("Calendar")
    backend.set_backend_name("webcal")
    login = source.get_extension("Authentication")
    login.set_host(address.hostname)
    login.set_port(address.port)
    source.get_extension("Security").set_secure(False)
    place = source.get_extension("WebDAV Backend")
    place.set_resource_path(address.path)
    if address.query:
        place.set_resource_query(address.query)
    source.get_extension("Refresh").set_enabled(False)
    registry.create_sources_sync([source], None)
    client = ECal.Client.connect_sync(source, ECal.ClientSourceType.EVENTS, 30, None)
    client.refresh_sync(None)
    client.generate_instances_sync(FROM, TO, None, tell)


def tell(component, start, end, *_rest) -> bool:
    """One date, as Evolution puts it into its view."""

    def text(value) -> str:
        return value or ""

    one = {
        "uid": component.get_uid(),
        "start": moment(start),
        "end": moment(end),
        "summary": text(component.get_summary()),
        "location": text(component.get_location()),
        "description": text(component.get_description()),
        "status": status_of(component),
    }
    sys.stdout.write(f"{json.dumps(one)}\n")
    sys.stdout.flush()
    return True


def status_of(component) -> str:
    try:
        return component.get_status().value_nick.upper()
    except ValueError:
        # It names none.
        return ""


def moment(value) -> str:
    if value.is_date():
        return f"{value.get_year():04}-{value.get_month():02}-{value.get_day():02}"
    seconds = value.as_timet_with_zone(value.get_timezone())
    return GLib.DateTime.new_from_unix_utc(seconds).format("%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    main()
