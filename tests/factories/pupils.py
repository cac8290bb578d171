"""Phones of pupils, and what they send."""

import re
from uuid import uuid4

from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from modules.agenda import agenda
from modules.editions import frozen
from modules.services import runs
from modules.services.joining import carrier_of
from modules.views.pupil.device import COOKIE, token_for
from tests.factories.modules import ITEM

# The form of each kind, filled in rightly and wrongly.
RIGHT = {
    "single": {"jawaban": "0"},
    "true_false": {"jawaban": "1"},
    "multiple": {"jawaban": ["0", "2"]},
    "order": {"tempat-0": "1", "tempat-1": "2", "tempat-2": "3"},
    "match": {"tumpukan-0": "0", "tumpukan-1": "1"},
    "scenario": {"pilih": "0"},
    "likert": {"jawaban": "5"},
}
WRONG = {
    "single": {"jawaban": "1"},
    "true_false": {"jawaban": "0"},
    "multiple": {"jawaban": ["1"]},
    "order": {"tempat-0": "3", "tempat-1": "2", "tempat-2": "1"},
    "match": {"tumpukan-0": "1", "tumpukan-1": "1"},
    "scenario": {"pilih": "1"},
}
STEP_OF = {
    **dict.fromkeys(("single", "true_false", "multiple"), "Langkah satu"),
    **dict.fromkeys(("order", "match", "scenario"), "Langkah dua"),
    **dict.fromkeys(("likert", "short_text"), "Langkah tiga"),
}


def joined_phone(run):
    """A phone that has just joined this run."""
    client = Client(SERVER_NAME=run.district.site.hostname)
    client.post(f"/gabung/{run.code}/", {"key": str(uuid4())})
    return client


def text(response):
    return response.content.decode()


def show(run, kind):
    """Take the class to the step that holds this kind of question, or to a kind of point."""
    points = agenda(run)
    wanted = STEP_OF.get(kind, kind)
    number = next(
        point.number
        for point in points
        if (point.step and point.step.title == wanted) or point.kind == wanted
    )
    return runs.go_to(run=run, step=number, now=timezone.now())


def as_shown(client, run, kind, fields):
    """Fields that are numbered as in the right order, numbered as this phone shows the lines."""
    item = frozen(run.edition_id).items.get(ITEM.get(kind, kind))
    if item is None or item.kind not in {"order", "match"}:
        return fields
    request = HttpRequest()
    request.COOKIES[COOKIE] = client.cookies[COOKIE].value
    seed = str(carrier_of(run=run, token=token_for(request, run.code)).key)
    at = {number: place for place, (number, _text) in enumerate(item.asked(seed).options)}
    found = {}
    for name, value in fields.items():
        field, _dash, number = name.partition("-")
        found[f"{field}-{at[int(number)]}" if number.isdecimal() else name] = value
    return found


def answer(client, run, kind, fields, key=None, **more):
    item = ITEM.get(kind, kind)
    fields = as_shown(client, run, kind, fields)
    data = {"key": str(key or uuid4()), "item": str(item)} | fields | more
    return client.post(f"/gabung/{run.code}/jawab/", data)


def asked(page, kind):
    """The part of a page that holds this question."""
    found = re.search(
        rf'<section class="pupil-ask" id="tanya-{ITEM[kind]}".*?</section>', page, re.S
    )
    return found[0] if found else ""
