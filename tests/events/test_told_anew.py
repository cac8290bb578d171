"""A cadre who wrote a name wrongly writes it right; what others rely on is for the office."""

from datetime import timedelta

import pytest
from django.utils import timezone

from districts.models import Organisation
from events.models import Participant
from events.services import certifying
from safeguards.models import AuditEntry
from tests.factories.attendance import make_date, mark, person
from tests.factories.joining import NIK
from tests.factories.places import make_user
from tests.factories.planning import client_of, fields_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def kader(klaten):
    return client_of("kader", klaten)


@pytest.fixture
def row(klaten, kader):
    now = timezone.now()
    return make_date(klaten, proposer=kader.user, starts_at=now - timedelta(hours=3))


@pytest.fixture
def siti(row):
    mark(row, person("Siti Amnah"), now=timezone.now())
    return Participant.objects.get()


def path(row, who, rest: str = "ubah/") -> str:
    return f"/ruang/kalender/{row.event_id}/{row.pk}/hadir/panggil/{who.key}/{rest}"


def typed(client, row, who, **changed) -> dict:
    form = client.get(path(row, who)).context["form"]
    form.speakers = ()
    return fields_of(form) | changed


def test_a_cadre_mends_what_they_wrote(kader, row, siti):
    assert path(row, siti) in text_of(kader.get(path(row, siti, "")))
    answer = kader.post(path(row, siti), typed(kader, row, siti, name="Siti Aminah"))
    assert (answer.status_code, answer["Location"]) == (303, path(row, siti, ""))
    siti.refresh_from_db()
    assert siti.name == "Siti Aminah"
    assert AuditEntry.objects.get(verb="person.corrected").actor_id == kader.user.pk


def test_another_organisation_takes_the_place_of_the_directorys(klaten, kader, row):
    school = Organisation.objects.create(district=klaten, kind="sekolah", name="SMPN 1 Delanggu")
    mark(row, person("Siti Aminah", organisation=school.pk), now=timezone.now())
    siti = Participant.objects.get()
    # The form says what lists say; who changes something else changes no organisation.
    assert typed(kader, row, siti)["organisation_name"] == "SMPN 1 Delanggu"
    kader.post(path(row, siti), typed(kader, row, siti, position="Guru"))
    siti.refresh_from_db()
    assert (siti.position, siti.organisation, siti.organisation_name) == ("Guru", school, "")
    kader.post(path(row, siti), typed(kader, row, siti, organisation_name="PKK Desa Gondang"))
    siti.refresh_from_db()
    assert (siti.organisation, siti.organisation_name) == (None, "PKK Desa Gondang")
    page = text_of(client_of("moderator", klaten).get(f"/ruang/orang/{siti.key}/"))
    assert ("PKK Desa Gondang" in page, "SMPN 1" in page) == (True, False)
    # Words of the directory are the directory's, as in a sheet.
    kader.post(path(row, siti), typed(kader, row, siti, organisation_name="smpn 1 delanggu"))
    siti.refresh_from_db()
    assert siti.organisation == school
    kader.post(path(row, siti), typed(kader, row, siti, organisation_name=""))
    siti.refresh_from_db()
    assert (siti.organisation, siti.organisation_name) == (None, "")


def test_what_is_wrong_is_told_and_stays_typed(kader, row, siti):
    answer = kader.post(path(row, siti), typed(kader, row, siti, name=f"Siti {NIK}"))
    assert (answer.status_code, NIK in text_of(answer)) == (422, True)
    siti.refresh_from_db()
    assert siti.name == "Siti Amnah"


def test_two_who_mend_at_once_see_each_other(klaten, kader, row, siti):
    mine = typed(kader, row, siti, name="Siti Aminah")
    office = client_of("moderator", klaten)
    office.post(path(row, siti), typed(office, row, siti, name="Siti Aminatun"))
    answer = kader.post(path(row, siti), mine)
    assert answer.status_code == 409
    assert ("Siti Aminah" in text_of(answer), "Siti Aminatun" in text_of(answer)) == (True, True)


def test_whom_others_wrote_down_as_well_the_office_corrects(klaten, kader, row, siti):
    now = timezone.now()
    other = make_date(klaten, starts_at=now - timedelta(hours=3))
    mark(other, person("Siti Amnah", key=siti.key), now=now)
    assert path(row, siti) not in text_of(kader.get(path(row, siti, "")))
    assert kader.get(path(row, siti)).status_code == 403
    office = client_of("moderator", klaten)
    answer = office.post(path(row, siti), typed(office, row, siti, name="Siti Aminah"))
    assert answer.status_code == 303


def test_a_name_on_a_certificate_is_for_the_office(klaten, kader, row, siti):
    moderator = make_user("moderator", klaten)
    certifying.issue(event=row.event, actor=moderator, now=timezone.now())
    assert kader.get(path(row, siti)).status_code == 403


def test_nobody_finds_a_person_who_was_not_here(klaten, kader, row, siti):
    other = make_date(klaten, proposer=kader.user, starts_at=timezone.now() - timedelta(hours=3))
    assert kader.get(path(other, siti)).status_code == 404
    assert client_of("guru", klaten).get(path(row, siti)).status_code == 403


def test_after_the_closing_date_nothing_changes(kader, row, siti):
    form = typed(kader, row, siti, name="Siti Aminah")
    long_ago = timedelta(days=400)
    moments = ("start", "end", "day", "last_day")
    row.event.occurrences.update(**{name: getattr(row, name) - long_ago for name in moments})
    answer = kader.post(path(row, siti), form)
    assert answer.status_code == 409
    siti.refresh_from_db()
    assert siti.name == "Siti Amnah"
