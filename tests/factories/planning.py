"""What a browser sends from the form of a session."""

from datetime import date, datetime
from uuid import uuid4

from django.test import Client

from tests.factories.places import make_user


def client_of(role, district, **fields):
    """A signed-in member on the host of the district; `client.user` is who."""
    client = Client(SERVER_NAME=district.site.hostname)
    client.user = fields.pop("user", None) or make_user(role, district, **fields)
    client.force_login(client.user)
    return client


def typed_plan(**changed) -> dict:
    """A session of an hour and a half on Monday, 1 February 2027; None leaves a field out."""
    form = {
        "key": str(uuid4()),
        "kind": "sosialisasi",
        "title": "Mengasuh tanpa kekerasan",
        "day": "2027-02-01",
        "hour": "09:00",
        "length": "90",
        "venue": "Balai Desa",
        "region": "",
        "repeat": "",
        "times": "",
        "until": "",
        "rule": "",
        "timezone": "Asia/Jakarta",
        "summary": "",
        "seats": "",
        "invited_more": "",
        "coordinates": "",
    }
    return {name: value for name, value in (form | changed).items() if value is not None}


def fields_of(form) -> dict:
    """What a browser would send of a form that nobody touched."""
    sent = {}
    for field in form:
        value = field.value()
        if value is None or value is False:
            continue
        if isinstance(value, date) and not isinstance(value, datetime):
            value = value.isoformat()
        sent[field.html_name] = "on" if value is True else value
    for row in form.speakers:
        for field in row:
            sent[field.html_name] = field.value() or ""
    return {name: str(v) if not isinstance(v, list) else v for name, v in sent.items()}


def text_of(response) -> str:
    return response.content.decode()
