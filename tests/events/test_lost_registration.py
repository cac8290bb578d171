"""Who lost the private link of a registration asks for it again, and nobody learns of others."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from districts import lost_links
from events.models import Registration
from events.services.lost_links import send
from events.services.private_links import LINK
from safeguards.models import AuditEntry
from tests.factories.joining import NIK, date_of, make_open_event, register
from tests.factories.mails import use_backend
from tests.factories.places import make_district

pytestmark = pytest.mark.django_db
HOST = {"host": "klaten.localhost"}
PATH = "/kalender/pendaftaran/tautan/"


def planned(district, days: int = 20, **changed):
    now = timezone.now()
    starts_at = now + timedelta(days=days)
    return make_open_event(district, **{"starts_at": starts_at, "now": now} | changed)


def ask(client, email: str):
    return client.post(PATH, {"email": email}, headers=HOST)


def test_the_link_goes_to_the_address_and_the_answer_is_the_same_for_all(client, klaten):
    mine = register(date_of(planned(klaten)), now=timezone.now())
    known, unknown = ask(client, "IBU@contoh.invalid"), ask(client, "lain@contoh.invalid")
    assert (known.status_code, known.content) == (200, unknown.content)
    [message] = mail.outbox
    assert message.to == ["ibu@contoh.invalid"]
    link = f"http://klaten.localhost/kalender/pendaftaran/{LINK.token_of(mine.key)}/"
    assert link in message.body
    assert "Ibu Contoh" not in message.body + message.subject
    assert known["Cache-Control"] == "private, no-store"
    assert client.get(link.removeprefix("http://klaten.localhost"), headers=HOST).status_code == 200


def test_only_what_is_to_come_and_not_cancelled_is_sent(client, klaten):
    now = timezone.now()
    kept = register(date_of(planned(klaten)), now=now)
    cancelled = register(date_of(planned(klaten)), now=now)
    Registration.objects.filter(pk=cancelled.pk).update(state="batal", cancelled_at=now)
    past = register(date_of(planned(klaten, days=2)), now=now)
    past.occurrence.start = now - timedelta(days=2)
    past.occurrence.end = now - timedelta(days=1)
    past.occurrence.save()
    elsewhere = register(date_of(planned(make_district("lebak"))), now=now)
    ask(client, "ibu@contoh.invalid")
    [message] = mail.outbox
    all_of_them = (kept, cancelled, past, elsewhere)
    sent = {one for one in all_of_them if LINK.token_of(one.key) in message.body}
    assert sent == {kept}


def test_it_is_asked_for_three_times_an_hour_at_most_known_or_not(client, klaten):
    register(date_of(planned(klaten)), now=timezone.now())
    for email in ("ibu@contoh.invalid", "lain@contoh.invalid"):
        answers = [ask(client, email) for _n in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert int(answers[-1]["Retry-After"]) > 0
    assert [message.to for message in mail.outbox] == [["ibu@contoh.invalid"]] * 3


def test_one_phone_cannot_try_a_whole_list_and_a_town_behind_one_address_can_ask(
    client, klaten, monkeypatch
):
    make_district("lebak")
    assert lost_links.PER_ADDRESS >= 60
    monkeypatch.setattr(lost_links, "PER_ADDRESS", 2)
    codes = [ask(client, f"orang{n}@contoh.invalid").status_code for n in range(3)]
    assert codes == [200, 200, 429]
    # What is asked of one office leaves the others their own.
    there = client.post(PATH, {"email": "lain@contoh.invalid"}, headers={"host": "lebak.localhost"})
    assert there.status_code == 200


@pytest.mark.parametrize("email", ["", "bukan", "x" * 300 + "@contoh.invalid", f"{NIK}@a.invalid"])
def test_no_address_is_said_beside_the_field(client, klaten, email):
    response = ask(client, email)
    assert (response.status_code, mail.outbox) == (422, [])
    assert 'id="id_email_error"' in response.content.decode()


def test_a_link_that_cannot_be_said_again_is_made_anew(client, klaten):
    mine = register(date_of(planned(klaten)), now=timezone.now())
    Registration.objects.update(token_digest="0" * 64)
    assert send([mine.pk]) == 1
    mine.refresh_from_db()
    assert mine.token_digest != "0" * 64
    [link] = re.findall(r"http://klaten\.localhost(/\S+)", mail.outbox[0].body)
    assert client.get(link, headers=HOST).status_code == 200
    assert AuditEntry.objects.filter(verb="registration.link_renewed").count() == 1
    assert send([]) == send([mine.pk + 1]) == 0


def test_a_server_that_is_down_says_no_address_to_the_log(client, klaten, settings, caplog):
    register(date_of(planned(klaten)), now=timezone.now())
    use_backend(settings, "tests.events.test_joining_mail.Refusing")
    assert ask(client, "ibu@contoh.invalid").status_code == 200
    assert "did not leave" in caplog.text
    assert "contoh.invalid" not in caplog.text
