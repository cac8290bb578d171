"""A session as a machine meets it: two dates, people who are known, a device, two of the office.

`python -m tests.load.meeting <number>` fills the database of the environment with them and prints
as JSON what a device and a browser need.
"""

import http.client
import json
import subprocess
import sys
from typing import Any
from uuid import UUID

from tests.load.classroom import HOST, ROOT

# The same people in every database, so that two can be compared.
FIRST_KEY = 2**127
WRITTEN_DOWN = "2026-01-05T02:00:00+00:00"
STATE = """
import django, json
django.setup()
from django.db import connection
from events.models import Attendance, Headcount, OrganisationAttendance, Participant
from safeguards.models import Fact, FactSubject
def rows(model, *names):
    found = model.objects.order_by(*names).values_list(*names)
    return [[str(value) for value in row] for row in found]
intact = "ok"
if connection.vendor == "sqlite":
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        intact = cursor.fetchone()[0]
print(json.dumps({
    "attendance": rows(Attendance, "participant__key", "status", "way", "rank", "told_at", "key"),
    "people": rows(Participant, "key", "name", "phone", "told_at", "told_key"),
    "heads": rows(Headcount, "sex", "age_group", "number", "told_at", "key"),
    "organisations": rows(OrganisationAttendance, "label", "came", "told_at", "key"),
    "facts": rows(Fact, "kind", "key", "state"),
    "intact": intact,
}))
"""


def person_key(number: int) -> str:
    return str(UUID(int=FIRST_KEY + number))


def set_up(environ: dict[str, str], people: int) -> dict[str, Any]:
    """Make the session in a process of its own, because this one has other settings."""
    return _asked(environ, "-m", "tests.load.meeting", str(people))


def state_of(environ: dict[str, str]) -> dict[str, Any]:
    """What the database holds, told without its own numbers and the server's clock."""
    return _asked(environ, "-c", STATE)


def _asked(environ: dict[str, str], *arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def send(port: int, token: str, facts: list[dict]) -> list[dict]:
    """The outcomes of a batch; raises OSError or HTTPException where there was no answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("POST", "/api/v1/sync", json.dumps({"facts": facts}), headers(token))
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise http.client.HTTPException(f"{answer.status} {text[:200]!r}")
        return json.loads(text)["results"]
    finally:
        connection.close()


def headers(token: str) -> dict[str, str]:
    return {
        "Host": HOST,
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
    }


def signed_in(member: Any) -> dict[str, str]:
    """The cookies of a browser in which the member has signed in."""
    from django.test import Client

    client = Client(SERVER_NAME=HOST)
    client.force_login(member)
    return {name: cookie.value for name, cookie in client.cookies.items()}


def main() -> None:
    import django

    django.setup()
    from datetime import timedelta

    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if "cache" in settings.DATABASES:
        call_command("createcachetable", database="cache", verbosity=0)
    from events.models import Participant
    from events.services import devices, doors
    from tests.factories.attendance import dates_of, make_date
    from tests.factories.people import make_member
    from tests.factories.places import make_district

    now = timezone.now()
    district = make_district("lebak")
    start = (now - timedelta(hours=1)).replace(second=0, microsecond=0)
    made = make_date(district, starts_at=start, minutes=600, rrule="FREQ=DAILY;COUNT=2")
    dates = dates_of(made.event)
    member = make_member("moderator", district)
    monev = make_member("monev", district)
    _device, token = devices.register(member=member, district=district, label="Ponsel", now=now)
    doors.open_door(occurrence=dates[0], actor=member, now=now, allows_static=True)
    until = dates[1].last_day + timedelta(days=400)
    Participant.objects.bulk_create(
        Participant(
            district=district, key=person_key(n), name=f"Orang {n}", folded=f"orang {n}", sex="P",
            age_group="25-59", told_at=WRITTEN_DOWN, told_key=person_key(n), created_at=now,
            keep_until=until,
        )
        for n in range(int(sys.argv[1]))
    )  # fmt: skip
    told = {
        "dates": [str(row.key) for row in dates],
        "numbers": [row.pk for row in dates],
        "token": token,
        "start": start.isoformat(),
        "door": doors.paper_code(dates[0].door).scanned,
        "event": made.event_id,
        "signed_in": {
            role: signed_in(user) for role, user in {"moderator": member, "monev": monev}.items()
        },
    }
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
