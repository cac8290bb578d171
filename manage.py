#!/usr/bin/env python3
"""Runs Lindungi's commands; builds .venv first where Django is missing."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))

if sys.version_info < (3, 11):
    sys.exit(
        "Lindungi memerlukan Python 3.11 atau yang lebih baru; yang dipakai sekarang %d.%d.\n"
        "Lindungi needs Python 3.11 or newer; this is %d.%d." % (sys.version_info[:2] * 2)
    )


def main():
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    settings = "website.settings.test" if command == "test" else "website.settings.dev"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings)
    sys.path[:0] = [HERE, os.path.join(HERE, "site")]

    import bootstrap

    bootstrap.prepare(sys.argv)
    if command == "test":
        from tests.suite import run

        sys.exit(run(sys.argv[2:]))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
