"""`/ruang/kelas/<pk>/orang/`: more came than were planned, or fewer; and back to the counting."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from modules.models import ClassRun, Group, Tally
from modules.services import runs
from modules.services.groups import Cell, cells_of
from modules.services.headcount import correct_people
from modules.services.tallying import people_of, tally
from safeguards.models import AuditEntry
from tests.factories.forms import opened_of
from tests.factories.modules import ITEM, make_group, make_run
from tests.factories.people import make_member
from tests.factories.places import make_district

pytestmark = pytest.mark.django_db
HOST = {"host": "lebak.localhost"}


@pytest.fixture
def lebak(db):
    return make_district("lebak")


@pytest.fixture
def teacher(lebak):
    return make_member("guru", lebak)


@pytest.fixture
def client(teacher):
    client = Client()
    client.force_login(teacher)
    return client


@pytest.fixture
def run(lebak, teacher) -> ClassRun:
    """32 people, hands are counted."""
    group = make_group(lebak, teacher)
    cells = cells_of(group)
    return make_run(
        lebak, facilitator=teacher, mode="satu", group=group, cells=cells, now=timezone.now()
    )


def address(run, question: str = "") -> str:
    return f"/ruang/kelas/{run.pk}/orang/{question}"


def counted(run, **counts) -> Tally:
    outcome = tally(
        run=run,
        key=uuid4(),
        phase="kuis",
        item=ITEM["single"],
        source="tangan",
        counts={name.removeprefix("n"): number for name, number in counts.items()},
        sequence=1,
        now=timezone.now(),
    )
    return outcome


def test_more_people_than_were_planned_can_be_counted(run, client):
    question = f"/ruang/kelas/{run.pk}/hitung/kuis/{ITEM['single']}/"
    forty = {"n-0": "30", "n-1": "10", "key": str(uuid4()), "sequence": "1"}
    refused = client.post(question, forty, headers=HOST)
    here = address(run, f"?soal=kuis/{ITEM['single']}")
    assert refused.status_code == 422
    assert f'href="{here}"' in refused.content.decode()

    form = client.get(here, headers=HOST)
    assert 'name="n-P-0-13-17" value="15"' in form.content.decode()
    sent = {"n-P-0-13-17": "20", "n-L-0-13-17": "20", "opened": opened_of(form)}
    answer = client.post(here, sent, headers=HOST)

    assert (answer.status_code, answer["Location"]) == (303, question)
    assert people_of(run) == 40
    assert client.post(question, forty, headers=HOST).status_code == 303
    # The group of the list stays as it is.
    assert sum(cell.number for cell in cells_of(Group.objects.get())) == 32
    told = AuditEntry.objects.get(verb="run.people_corrected")
    assert (told.details["before"], told.details["after"]) == (32, 40)


def test_it_leads_back_to_the_session_for_any_other_address(run, client):
    sent = {"n-P-0-13-17": "32", "opened": opened_of(client.get(address(run), headers=HOST))}
    for question in ("", "?soal=kuis/x", f"?soal=//boleh.example/{ITEM['single']}"):
        answer = client.post(address(run, question), sent, headers=HOST)
        assert answer["Location"] == f"/ruang/kelas/{run.pk}/"


def test_a_number_that_was_corrected_on_another_device_is_not_overwritten(run, client):
    opened = {"opened": opened_of(client.get(address(run), headers=HOST))}
    theirs, mine = opened | {"n-P-0-13-17": "20"}, opened | {"n-P-0-13-17": "25"}
    # Sent twice it is kept once.
    for _time in (1, 2):
        assert client.post(address(run), theirs, headers=HOST).status_code == 303
    stepped = client.post(address(run), mine | {"ubah": "n-P-0-13-17:1"}, headers=HOST)
    assert opened_of(stepped) == opened["opened"]

    stale = client.post(address(run), mine, headers=HOST)

    assert (stale.status_code, people_of(run)) == (409, 20)
    assert [(one.theirs, one.mine) for one in stale.context["compared"]] == [("20", "25")]
    told = stale.content.decode()
    assert ("20</td>" in told, 'name="n-P-0-13-17" value="25"' in told) == (True, True)
    for lacking in ({}, {"opened": "0" * 64}):
        sent = {"n-P-0-13-17": "25"} | lacking
        assert client.post(address(run), sent, headers=HOST).status_code == 409
    again = mine | {"opened": opened_of(stale)}
    assert client.post(address(run), again, headers=HOST).status_code == 303
    assert people_of(run) == 25


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "sedikitnya satu"),
        ({"n-P-0-13-17": "2001"}, "2001"),
        ({"n-P-0-13-17": "dua"}, "bilangan bulat"),
        ({"n-P-0-13-17": "-1"}, "bilangan bulat"),
    ],
)
def test_what_cannot_be_is_told_and_stays_in_the_form(run, client, typed, said):
    answer = client.post(address(run), typed, headers=HOST)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert all(f'value="{number}"' in answer.content.decode() for number in typed.values())
    assert people_of(run) == 32


def test_fewer_than_were_counted_is_refused(run, teacher):
    assert counted(run, n0=20, n1=5).status == "created"
    now = timezone.now()

    with pytest.raises(ValidationError) as refused:
        correct_people(run=run, cells=[Cell("P", "13-17", False, 24)], actor=teacher, now=now)
    assert refused.value.params == {"counted": 25, "people": 24}
    assert people_of(run) == 32

    correct_people(run=run, cells=[Cell("P", "13-17", False, 25)], actor=teacher, now=now)
    assert people_of(run) == 25


def test_a_month_after_the_end_nothing_changes(run, teacher):
    runs.close_run(run=run, now=timezone.now())
    later = timezone.now() + timedelta(days=31)

    with pytest.raises(ValidationError, match="month|bulan"):
        correct_people(run=run, cells=[Cell("P", "", False, 10)], actor=teacher, now=later)
    assert people_of(run) == 32


def test_a_button_of_the_table_changes_the_form_and_keeps_nothing(run, client):
    typed = {"n-P-0-13-17": "15", "ubah": "n-P-0-13-17:1"}

    answer = client.post(address(run), typed, headers=HOST)

    assert 'name="n-P-0-13-17" value="16"' in answer.content.decode()
    assert people_of(run) == 32


def test_another_facilitators_session_is_not_there(run, lebak):
    other = Client()
    other.force_login(make_member("guru", lebak))

    answer = other.post(address(run), {"n-P-0-13-17": "5"}, headers=HOST)

    assert answer.status_code == 404
    assert people_of(run) == 32


def test_screens_lead_there(run, client):
    there = f'href="{address(run)}'
    runs.close_run(run=run, now=timezone.now())
    for path in ("", f"hitung/kuis/{ITEM['single']}/", "hitung/"):
        told = client.get(f"/ruang/kelas/{run.pk}/{path}", headers=HOST).content.decode()
        assert there in told, path
