"""S-32: whoever reads names of people leaves one line, whichever page of sessions it is."""

import io
import zipfile

import pytest
from django.urls import resolve

from districts.models import Role
from events.models import Certificate, Participant, Registration, SheetExport, SheetUpload
from safeguards.models import AuditEntry
from tests.isolation.addresses import OWN, addresses, known_paths
from tests.isolation.answers import body_of, client_for, report
from tests.isolation.watch import watching
from tests.papers import text_of

pytestmark = pytest.mark.django_db
NAME = "Kenari Sitompul"
# Pages that show the people of a session; that they are found at all shows that others would be.
SHOWING = frozenset(
    {
        *("event_roll", "event_roll_person", "event_attendance_list", "event_attendance_sheet"),
        *("event_attendance_import_rows", "event_registrations", "event_registrations_sheet"),
        *("event_people", "event_person", "event_person_correct", "event_person_erase"),
        *("event_person_export", "event_people_series", "event_certificates", "event_certificate"),
        *("event_certificates_pdf", "event_certificate_revoke", "event_export_file"),
    }
)


@pytest.fixture
def named(world):
    """The people of one's own sessions wear a name that stands nowhere else."""
    for model in (Participant, Registration, Certificate):
        model.objects.for_district(world.own.district).update(name=NAME)
    for sheets in (SheetUpload, SheetExport):
        for row in sheets.objects.for_district(world.own.district):
            with row.file.storage.open(row.file.name, "wb") as stored:
                stored.write(f"nama,l/p,kelompok umur\n{NAME},P,25-59\n".encode())
    return world


def shown_by(answer) -> bool:
    body = body_of(answer)
    if body.startswith(b"%PDF"):
        return NAME in text_of(body)
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"".join(book.read(name) for name in book.namelist())
    return NAME.encode() in body


def test_whoever_reads_names_leaves_one_line(named):
    found, faults = set(), []
    for role in (Role.KADER, Role.MODERATOR):
        client, user = client_for(named, role), named.own.users[role]
        for address in addresses():
            for path in known_paths(address, named, OWN):
                view = resolve(path.partition("?")[0]).func if path.startswith("/ruang/") else None
                if view is None or not view.__module__.startswith("events."):
                    continue
                before = set(AuditEntry.objects.values_list("pk", flat=True))
                with watching() as seen:
                    answer = client.get(path)
                lines = AuditEntry.objects.exclude(pk__in=before)
                told = [(one.actor_id, one.site_id) for one in lines]
                if answer.status_code == 304 or not shown_by(answer):
                    continue
                found.add(address.name)
                if told != [(user.pk, named.own.district.site_id)]:
                    faults.append(f"{path}: {[one.verb for one in lines]}")
                faults += [f"{path}: {NAME} in {one}" for one in lines if NAME in str(vars(one))]
                faults += [f"{path}: writes {seen.domain_writes()}"] if seen.domain_writes() else []
    assert not faults, report(faults)
    assert SHOWING - found == set()


def test_what_is_polled_and_names_nobody_leaves_nothing(named):
    kader, before = client_for(named, Role.KADER), AuditEntry.objects.count()
    event, date = named.own.things["event"].pk, named.own.things["occurrence"].pk
    here = f"/ruang/kalender/{event}/{date}/hadir/"
    for rest in ("panggil/keadaan.json", "layar/qr.svg?kertas", "layar/", "hitung/", ""):
        answer = kader.get(here + rest)
        assert (answer.status_code, shown_by(answer)) == (200, False), rest
    assert AuditEntry.objects.count() == before
    # Who has no part in it reads nothing, and nothing is said of them.
    assert client_for(named, Role.MONEV).get(f"{here}panggil/").status_code == 403
    assert AuditEntry.objects.count() == before


def test_a_page_with_faults_is_read_too(named):
    kader = client_for(named, Role.KADER)
    event, date = named.own.things["event"].pk, named.own.things["occurrence"].pk
    before = AuditEntry.objects.filter(verb="names.read").count()
    answer = kader.post(f"/ruang/kalender/{event}/{date}/hadir/panggil/", {"name": ""})
    assert (answer.status_code >= 400, shown_by(answer)) == (True, True)
    assert AuditEntry.objects.filter(verb="names.read").count() == before + 1


def test_a_line_says_which_session_and_whom(named):
    kader, who = client_for(named, Role.KADER), named.own.things["participant"]
    event, date = named.own.things["event"].pk, named.own.things["occurrence"].pk
    here = f"/ruang/kalender/{event}/{date}/hadir/panggil/{who.key}/"
    assert kader.get(here).status_code == 200
    line = AuditEntry.objects.latest("pk")
    assert (line.verb, line.object_type, line.object_id) == (
        "names.read",
        "events.Event",
        f"{event}",
    )
    assert line.details == {
        "page": "event_roll_person", "date": str(date), "people": [str(who.key)],
    }  # fmt: skip
