"""What leaves the server for a phone, and how often it asks for that."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from modules.agenda import Kind, agenda
from modules.models import ClassRun, Participant, Submission
from modules.services import runs
from tests.factories.modules import ITEM, make_participant, make_run
from tests.factories.places import make_district
from tests.factories.pupils import RIGHT, WRONG, answer, asked, joined_phone, show, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    return make_run(make_district("lebak"), now=timezone.now())


@pytest.fixture
def phone(run):
    return joined_phone(run)


# Tokens against forgery and keys of forms: made of chance, which may spell anything.
CHANCE = re.compile(
    r'name="csrfmiddlewaretoken" value="\w{64}"'
    r"|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
)


def without_chance(sent: str) -> str:
    return CHANCE.sub("", sent)


def test_nothing_leaves_before_it_may(run):
    """Every page of a session, as sent to one phone: no key, no verdict, no other nickname."""
    others = [make_participant(run, now=timezone.now()).nickname for _n in range(5)]
    client = Client(SERVER_NAME="lebak.localhost")
    pages = [client.get("/gabung/"), client.get(f"/gabung/{run.code}/")]
    client.post(f"/gabung/{run.code}/", {"key": str(uuid4())})
    for point in agenda(run):
        runs.go_to(run=run, step=point.number, now=timezone.now())
        pages.append(client.get(f"/gabung/{run.code}/"))
        pages.append(client.get(f"/gabung/{run.code}/keadaan.json"))
    runs.close_run(run=run, now=timezone.now())
    pages.append(client.get(f"/gabung/{run.code}/"))
    assert {page.status_code for page in pages} == {200}
    for page in pages:
        sent = without_chance(text(page))
        for word in ("Umpan balik", "Penjelasan", "Ia lega", "Ia bercerita", "Semua tertawa"):
            assert word not in sent
        assert not re.search(r"\b(right|correct|benar=|points|is_right|good)\b", sent)
        assert not [name for name in others if name in sent]
        assert "8B" not in sent


@pytest.mark.parametrize(("kind", "field"), [("order", "tempat"), ("match", "tumpukan")])
def test_the_names_of_fields_spell_no_key(run, kind, field):
    """Whatever the right order is, the fields of every phone are numbered as they stand there."""
    show(run, kind)
    orders = set()
    for _n in range(8):
        part = asked(text(joined_phone(run).get(f"/gabung/{run.code}/")), kind)
        names = re.findall(rf'name="{field}-(\d+)"', part)
        assert names == [str(number) for number in range(len(names))]
        assert re.findall(r'id="t(\d+)-', part) == names
        orders.add(tuple(re.findall(r'<label for="t\d+-[^"]*">([^<]+)', part)))
    assert len(orders) > 1


def test_after_an_answer_only_the_own_choice_is_spoken_of(phone, run):
    show(run, "single")
    for kind in ("single", "multiple"):
        answer(phone, run, kind, WRONG[kind])
    page = text(phone.get(f"/gabung/{run.code}/"))
    said = set(re.findall(r"Umpan balik: ([\w ]+)", page))
    assert said == {"Kurang tepat", "Dua"}
    assert "Penjelasan" not in page


def test_who_joined_sees_the_end_after_it(phone, run):
    runs.close_run(run=run, now=timezone.now())
    response = phone.get(f"/gabung/{run.code}/")
    assert response.status_code == 200
    assert 'data-state="tutup"' in text(response)
    assert f"/gabung/{run.code}/keluar/" in text(response)


def crowd(run, count):
    """So many who joined and answered, written at once."""
    now = timezone.now()
    Participant.objects.bulk_create(
        Participant(run=run, key=uuid4(), nickname=f"Nama {n} {count}", joined_at=now)
        for n in range(count)
    )
    Submission.objects.bulk_create(
        Submission(
            run=run,
            participant=one,
            key=uuid4(),
            item=ITEM["single"],
            answer={"choice": 0},
            is_right=True,
            points=1,
            at=now,
        )
        for one in run.participants.filter(nickname__endswith=f" {count}")
    )


@pytest.mark.parametrize("kind", ["single", Kind.BEFORE, Kind.WAITING, Kind.FAREWELL])
def test_the_queries_of_a_page_do_not_grow_with_the_class(
    phone, run, kind, django_assert_num_queries
):
    show(run, kind)
    answer(phone, run, "true_false", RIGHT["true_false"])
    for people in (36, 464):
        crowd(run, people)
        phone.get(f"/gabung/{run.code}/")
        # The run, who asks, and their answers.
        with django_assert_num_queries(3):
            assert phone.get(f"/gabung/{run.code}/").status_code == 200
        with django_assert_num_queries(1):
            assert phone.get(f"/gabung/{run.code}/keadaan.json").status_code == 200
    assert ClassRun.objects.get(pk=run.pk).participants.count() == 501


def test_the_queries_of_an_answer_do_not_grow_with_the_class(
    phone, run, django_assert_max_num_queries
):
    show(run, "single")
    counted = []
    for kind, people in (("single", 36), ("multiple", 464)):
        crowd(run, people)
        with django_assert_max_num_queries(20) as queries:
            assert answer(phone, run, kind, RIGHT[kind]).status_code == 303
        counted.append(len(queries))
    assert counted[0] == counted[1]
