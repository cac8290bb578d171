"""Is the address that `demo` is to serve free?"""

import errno
import os
import re
import socket

from bootstrap.terminal import stop

ADDRESS = re.compile(r"^(?:(?P<host>[\w.-]+|\[[0-9a-fA-F:]+\]):)?(?P<port>\d+)$")


def check_address(args: list[str]) -> None:
    """Stop unless the address that `demo` is to serve is free."""
    given = args[0] if args and not args[0].startswith("-") else "8000"
    match = ADDRESS.match(given)
    host, port = (match["host"] or "127.0.0.1", int(match["port"])) if match else ("", 0)
    if not 0 < port < 65536:
        stop(
            f"Alamat {given} tidak dikenali; contoh yang benar: 127.0.0.1:8123.",
            f"Address {given} is not understood; for example: 127.0.0.1:8123.",
        )
    try:
        family, kind, protocol, _, target = socket.getaddrinfo(
            host.strip("[]"), port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(target)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            other = port + 1 if port < 65535 else 8000
            stop(
                f"Port {port} sedang dipakai program lain; coba: manage.py demo {host}:{other}",
                f"Port {port} is taken by another program; try: manage.py demo {host}:{other}",
            )
        stop(
            f"Alamat {given} tidak dapat dipakai di komputer ini ({error}).",
            f"Address {given} cannot be used on this computer ({error}).",
        )
