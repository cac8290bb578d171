"""`correct_person`: what offices wrote down of one person, corrected everywhere at once."""

from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from events.attendance.persons import Person
from events.models import Participant, Registration
from events.services import attending
from safeguards.models import AuditEntry
from tests.factories.attendance import make_date, mark, person, source_of
from tests.factories.joining import E164, NIK, date_of, make_open_event, register
from tests.factories.places import make_district, national

pytestmark = pytest.mark.django_db


@pytest.fixture
def klaten():
    national()
    return make_district("klaten")


def came(district, **words) -> Participant:
    now = timezone.now()
    row = make_date(district, starts_at=now - timedelta(hours=3))
    mark(row, person("Siti Aminh", phone=E164, **words), now=now)
    return Participant.objects.get(district=district)


def run(*args: str, **streams: StringIO) -> str:
    out = StringIO()
    call_command("correct_person", *args, stdout=out, **streams)
    return out.getvalue()


def test_a_wrong_name_is_corrected_on_lists_and_in_registrations(klaten):
    known = came(klaten, organisation_name="PKK", position="Ketua")
    soon = timezone.now() + timedelta(days=3)
    register(
        date_of(make_open_event(klaten, starts_at=soon)), now=timezone.now(), name="Siti Aminh",
        phone=E164,
    )  # fmt: skip
    said = run(E164, "--name", "Siti Aminah")
    assert "events.Participant: 1" in said
    known.refresh_from_db()
    assert (known.name, known.organisation_name, known.position, known.phone) == (
        "Siti Aminah", "PKK", "Ketua", E164,
    )  # fmt: skip
    assert Registration.objects.get().name == "Siti Aminah"
    lines = AuditEntry.objects.filter(verb__in=("person.corrected", "registration.corrected"))
    assert sorted(lines.values_list("verb", "actor_id")) == [
        ("person.corrected", None), ("registration.corrected", None),
    ]  # fmt: skip


def test_by_key_and_for_one_office_alone(klaten):
    here, there = came(klaten), came(make_district("lebak"))
    run(str(here.key), "--position", "Sekretaris")
    run(E164, "--office", "lebak", "--organisation", "Posyandu", "--phone", "")
    here.refresh_from_db()
    there.refresh_from_db()
    assert (here.position, here.organisation_name, here.phone) == ("Sekretaris", "", E164)
    assert (there.position, there.organisation_name, there.phone) == ("", "Posyandu", "")


def test_what_was_not_corrected_is_said_and_not_counted(klaten):
    here, there = came(klaten), came(make_district("lebak"))
    visit = here.attendance.get()
    attending.correct(
        occurrence=visit.occurrence, person=Person(here.key), status="batal", key=uuid4(),
        now=timezone.now(), source=source_of(klaten),
    )  # fmt: skip
    told = StringIO()
    said = run(E164, "--name", "Siti Aminah", stderr=told)
    here.refresh_from_db()
    there.refresh_from_db()
    assert (here.name, there.name) == ("Siti Aminh", "Siti Aminah")
    assert ("events.Participant: 1" in said, str(here.key) in told.getvalue()) == (True, True)
    assert str(there.key) not in told.getvalue()
    assert AuditEntry.objects.filter(verb="person.corrected").count() == 1
    # Where nothing at all was corrected, that is a fault.
    with pytest.raises(CommandError, match=str(here.key)):
        run(E164, "--office", "klaten", "--name", "Siti Aminah")
    # Attendance lists hold no e-mail address.
    with pytest.raises(CommandError, match=str(there.key)):
        run(E164, "--office", "lebak", "--email", "siti@example.org")


@pytest.mark.parametrize(
    "args",
    [
        (E164,),
        ("bukan orang", "--name", "X"),
        ("+6281999999999", "--name", "Tak dikenal"),
        (E164, "--office", "tidakada", "--name", "Siti"),
        (E164, "--name", NIK),
        (E164, "--name", " "),
        (E164, "--phone", "12"),
    ],
)
def test_what_makes_no_sense_changes_nothing(klaten, args):
    known = came(klaten)
    with pytest.raises(CommandError):
        run(*args)
    known.refresh_from_db()
    assert (known.name, known.phone) == ("Siti Aminh", E164)
    assert AuditEntry.objects.filter(verb="person.corrected").count() == 0
