"""Every field of a session meets what nobody should type; nothing breaks, and nothing is lost."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from events.models import Event, EventState
from events.services import deciding, moving, planning
from safeguards import generation
from tests.events.read_back import body_of, dates_of
from tests.events.read_lines import dates_of_lines
from tests.factories.events import event_values, make_event, make_terms
from tests.factories.people import make_member
from tests.factories.places import make_district
from tests.factories.planning import client_of, fields_of, text_of, typed_plan

pytestmark = pytest.mark.django_db
PLAN = "/ruang/kalender/usul/"
THURSDAY = datetime(2027, 1, 14, 2, 0, tzinfo=UTC)
WEEKLY = "FREQ=WEEKLY;COUNT=3;BYDAY=TH"
LONG = "Panjang" * 1_430
# Line ends of four kinds, what iCalendar escapes, and letters beyond the first plane.
NASTY = 'a, b; c\\n"d"\r\nX-EVIL:1\u2028END:VEVENT\u2029e\x85\n\U0001f469\u200d\U0001f467 é'
ONE_LINE = 'a, b; c\\n"d" X-EVIL:1 END:VEVENT e \U0001f469\u200d\U0001f467 é'
# Not typed: the form's own marks, and boxes to tick that hold no text.
MARKS = {"key", "version"}
BOXES = {"is_home", "takes_registrations", "is_national"}
WORDS = {"title", "venue", "address", "materials", "summary", "invited_more"}


@pytest.fixture
def klaten():
    make_terms()
    return make_district("klaten")


@pytest.fixture
def kader(klaten):
    return client_of("kader", klaten)


@pytest.fixture(params=["usul", "ubah", "sejak"])
def plan(request, klaten, kader):
    """(address, what its form holds): a new session, a whole series, and the rest of one."""
    if request.param == "usul":
        return PLAN, typed_plan()
    event = make_event(klaten, proposer=kader.user, starts_at=THURSDAY, rrule=WEEKLY)
    address = f"/ruang/kalender/{event.pk}/ubah/"
    if request.param == "sejak":
        address += f"?sejak={event.occurrences.all()[1].pk}"
    return address, fields_of(kader.get(address).context["form"])


def fields(kader, address: str) -> list[str]:
    form = kader.get(address).context["form"]
    speakers = [field.html_name for field in form.speakers[0]]
    return [*(set(form.fields) - MARKS - BOXES), *speakers]


def errors(answer) -> set[str]:
    form = answer.context["form"]
    rows = {f"{row.prefix}-{name}" for row in form.speakers for name in row.errors}
    return (set(form.errors) - {"__all__"}) | rows


def stands() -> list:
    return [
        (event.version, event.title, list(event.occurrences.values_list("start", flat=True)))
        for event in Event.objects.order_by("pk")
    ]


def test_ten_thousand_letters_in_every_field_are_told_beside_each(kader, plan):
    address, form = plan
    before, every = stands(), fields(kader, address)
    answer = kader.post(address, form | dict.fromkeys(every, LONG) | {"repeat": "aturan"})
    page = text_of(answer)
    assert answer.status_code == 422
    assert errors(answer) == set(every) - {"repeat"}
    # All that has a box to type into is still in it.
    kept = [name for name in every if answer.context["form"].data.get(name) == LONG]
    assert len(kept) == len(every) - 1
    assert page.count(LONG) >= len(WORDS)
    assert stands() == before


def test_each_kind_of_line_end_in_every_field(kader, plan):
    """Where words may stand they are one line, or several of a text; elsewhere they are refused."""
    address, form = plan
    every = set(fields(kader, address))
    words = WORDS | {name for name in every if name.startswith("s0-")}
    before = stands()
    # A rule is read once its first day is known.
    plain = every - words - {"rule", "repeat"}
    for sent, wrong in ((dict.fromkeys(plain, NASTY), plain), ({"rule": NASTY}, {"rule"})):
        answer = kader.post(address, form | sent | {"repeat": "aturan"})
        assert (answer.status_code, errors(answer)) == (422, wrong)
    assert stands() == before
    answer = kader.post(address, form | dict.fromkeys(words, NASTY))
    assert answer.status_code == 303
    event = Event.objects.order_by("-pk").first()
    assert {getattr(event, name) for name in WORDS - {"summary", "invited_more"}} == {ONE_LINE}
    assert "X-EVIL:1\nEND:VEVENT" in event.summary
    speaker = event.speakers.get()
    assert (speaker.name, speaker.organisation_name, speaker.topic) == (ONE_LINE,) * 3
    labels = {*event.invited.values_list("label", flat=True)}
    assert labels == {'a, b; c\\n"d"', "X-EVIL:1", "END:VEVENT", "e", ONE_LINE.partition(" e ")[2]}
    text = published(event)
    assert [one.summary for one in dates_of(text) if "X-EVIL" in one.summary] == [
        ONE_LINE for _row in event.occurrences.all()
    ]


def published(event: Event) -> bytes:
    """The feed of its office, on which two readers agree and which has no line of ours too many."""
    if event.state == EventState.PROPOSED:
        office = make_member("moderator", event.district)
        deciding.approve(event=event, actor=office, version=event.version, now=timezone.now())
    generation.forget()
    body = body_of(Client().get("/kalender.ics", headers={"host": event.district.site.hostname}))
    assert dates_of(body) == dates_of_lines(body)
    lines = body.decode().split("\r\n")
    assert [line for line in lines if line.startswith(("X-EVIL", "END:VEVENTe"))] == []
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT")
    assert max(len(line.encode()) for line in lines) <= 75
    return body


@pytest.mark.parametrize(("act", "words"), [("", ["title", "venue", "note"]), ("batal/", ["note"])])
def test_the_words_of_one_date(klaten, kader, act, words):
    event = make_event(klaten, proposer=kader.user, starts_at=THURSDAY, rrule=WEEKLY)
    address = f"/ruang/kalender/{event.pk}/tanggal/{event.occurrences.all()[1].pk}/{act}"
    form = {"version": event.version, "day": "2027-01-22", "hour": "10:30", "length": "60"}
    before = stands()
    for text in (LONG, "x" * 201):
        answer = kader.post(address, form | dict.fromkeys(words, text))
        assert (answer.status_code, set(answer.context["form"].errors)) == (422, set(words))
        assert text_of(answer).count(text) >= len(words)
    assert stands() == before
    assert kader.post(address, form | dict.fromkeys(words, NASTY)).status_code == 303
    row = event.occurrences.get(changed_at__isnull=False)
    assert {getattr(row, name) for name in words} == {ONE_LINE}
    published(event)


@pytest.mark.parametrize("act", ["tanggal/", "tanggal/{row}/"])
@pytest.mark.parametrize("text", [LONG, NASTY, "99999-01-01", "9999-12-31", "0000-00-00", "²"])
def test_a_day_and_an_hour_that_nobody_knows(klaten, kader, act, text):
    event = make_event(klaten, proposer=kader.user, starts_at=THURSDAY, rrule=WEEKLY)
    row = event.occurrences.all()[1]
    address = f"/ruang/kalender/{event.pk}/{act.format(row=row.pk)}"
    before = stands()
    form = {"version": event.version, "length": text, "day": text, "hour": text}
    answer = kader.post(address, form)
    assert answer.status_code == 422
    assert {"day", "hour"} <= set(answer.context["form"].errors)
    assert stands() == before


@pytest.mark.parametrize("version", [LONG, NASTY, "-1", "", "1e3", "9" * 30])
def test_a_mark_of_the_form_that_somebody_changed(klaten, kader, version):
    event = make_event(klaten, proposer=kader.user, starts_at=THURSDAY, rrule=WEEKLY)
    address = f"/ruang/kalender/{event.pk}/ubah/"
    form = fields_of(kader.get(address).context["form"])
    answer = kader.post(address, form | {"title": "Baru", "version": version})
    assert answer.status_code in {409, 422}
    assert 'value="Baru"' in text_of(answer)
    event.refresh_from_db()
    assert event.title == "Mengasuh tanpa kekerasan"


def split(event: Event, number: int) -> Event:
    """The office lets the date of this number and all that follow begin an hour later."""
    row = event.occurrences.all()[number]
    values = event_values(
        event.district, starts_at=row.start.replace(hour=3), rrule=event.rrule, title="Judul kantor"
    )
    return planning.edit(
        event=event,
        actor=make_member("admin", event.district),
        version=event.version,
        values=values,
        since=row,
        now=timezone.now(),
    )


@pytest.mark.parametrize("where", ["ubah/?sejak={row}", "tanggal/{row}/", "tanggal/{row}/batal/"])
def test_a_date_that_another_editor_took_into_a_series_of_its_own(klaten, kader, where):
    """The address still names the session from which it was taken."""
    event = make_event(klaten, proposer=kader.user, starts_at=THURSDAY, rrule=WEEKLY)
    row = event.occurrences.all()[2]
    address = f"/ruang/kalender/{event.pk}/{where.format(row=row.pk)}"
    form = fields_of_any(kader.get(address).context["form"])
    after = split(event, 1)
    assert after.pk != event.pk
    typed = {name: "Kata saya" for name in ("title", "venue", "note") if name in form}
    answer = kader.post(address, form | typed)
    page = text_of(answer)
    assert answer.status_code == 409
    assert page.count('value="Kata saya"') == len(typed)
    assert "Judul kantor" in page
    assert f"/ruang/kalender/{after.pk}/{where.format(row=row.pk)}" in page
    row.refresh_from_db()
    assert (row.start.hour, row.title, row.is_cancelled) == (3, "", False)
    # What the page now holds is saved where it points to.
    again = fields_of_any(answer.context["form"])
    there = f"/ruang/kalender/{after.pk}/{where.format(row=row.pk)}"
    assert kader.post(there, again).status_code == 303


@pytest.mark.parametrize("where", ["ubah/?sejak={row}", "tanggal/{row}/", "tanggal/{row}/batal/"])
def test_words_for_a_date_that_another_editor_took_out_are_shown_again(klaten, kader, where):
    event = make_event(klaten, proposer=kader.user, starts_at=THURSDAY, rrule=WEEKLY)
    row = event.occurrences.all()[2]
    address = f"/ruang/kalender/{event.pk}/{where.format(row=row.pk)}"
    form = fields_of_any(kader.get(address).context["form"])
    moving.remove_date(
        occurrence=row,
        actor=make_member("admin", klaten),
        version=event.version,
        now=timezone.now(),
    )
    typed = {name: f"Kata {name}" for name in ("title", "venue", "note") if name in form}
    answer = kader.post(address, form | typed)
    page = text_of(answer)
    assert answer.status_code == 409
    assert [word for word in typed.values() if f"<dd>{word}</dd>" not in page] == []
    # The day is left out, by the office alone.
    assert not event.occurrences.filter(pk=row.pk).exists()
    assert Event.objects.get(pk=event.pk).version == event.version + 1
    # Nobody is told so of an address that only looks like one, nor of another office's session.
    assert kader.get(address).status_code == 404
    assert kader.post(address.replace(f"/{event.pk}/", "/999999/"), form).status_code == 404


def fields_of_any(form) -> dict:
    if hasattr(form, "speakers"):
        return fields_of(form)
    values = {field.html_name: field.value() for field in form}
    return {
        name: f"{value:%H:%M}" if hasattr(value, "minute") else str(value)
        for name, value in values.items()
        if value is not None
    }
