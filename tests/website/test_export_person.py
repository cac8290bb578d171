"""What a person is told who asks what is kept of them."""

import json
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from districts.models import Membership, Organisation, Region, StandIn
from districts.services.invitations import accept, invite
from safeguards import registry
from safeguards.services.persons import erase_person, export_person
from tests.factories.places import make_district, make_user, national

pytestmark = pytest.mark.django_db


@pytest.fixture
def lebak():
    national()
    return make_district("lebak")


def told(capsys, person) -> dict:
    call_command("export_person", person.email)
    return json.loads(capsys.readouterr().out)


def test_roles_are_told_by_name_office_and_dates(lebak, capsys):
    school = Organisation.objects.create(district=lebak, name="SDN 1 Maja", kind="sekolah")
    place = Region.objects.get(code="36.02.01")
    teacher = make_user("guru", lebak, organisation=school, region=place)
    ended = timezone.now().replace(microsecond=0)
    Membership.objects.filter(user=teacher).update(ended_at=ended)
    (row,) = told(capsys, teacher)["districts.Membership"]["rows"]
    assert (row["user"], row["district"], row["role"]) == (teacher.pk, "Lebak", "Guru")
    assert (row["organisation"], row["region"]) == ("SDN 1 Maja", "Kecamatan 01")
    assert row["created_at"].startswith(f"{teacher.memberships.get().created_at:%Y-%m-%dT%H:%M}")
    assert row["ended_at"] == f"{ended:%Y-%m-%dT%H:%M:%SZ}"


def test_an_invitation_and_days_of_standing_in_are_told(lebak, capsys):
    moderator = make_user("moderator", lebak)
    _made, token = invite(
        actor=make_user("admin", lebak), district=lebak, role="editor", name="Siti"
    )
    accept(token=token, person=moderator)
    days = {"starts_on": date(2026, 12, 1), "ends_on": date(2026, 12, 9)}
    StandIn.objects.create(district=lebak, user=moderator, **days)
    shown = told(capsys, moderator)
    (invitation,) = shown["districts.Invitation"]["rows"]
    assert (invitation["district"], invitation["role"]) == ("Lebak", "Editor")
    assert invitation["accepted_at"] is not None
    (days,) = shown["districts.StandIn"]["rows"]
    assert (days["starts_on"], days["ends_on"]) == ("2026-12-01", "2026-12-09")


@pytest.mark.parametrize("entry", registry.entries(), ids=lambda entry: entry.model_label)
def test_no_table_is_told_by_numbers_alone(entry):
    columns = [registry.columns_on(entry.model, path)[-1] for path in (*entry.fields, *entry.tells)]
    assert [column.name for column in columns if not column.is_relation] != []


def test_what_is_told_beside_personal_data_is_not_emptied(lebak):
    teacher = make_user("guru", lebak)
    from modules.models import ClassRun
    from tests.factories.modules import make_run

    run = make_run(facilitator=teacher, district=lebak)
    erase_person(teacher)
    assert ClassRun.objects.values_list("facilitator", "mode").get(pk=run.pk) == (None, run.mode)


def test_an_export_costs_the_same_with_one_row_and_with_three(lebak):
    teacher = make_user("guru", lebak)
    counts = []
    for more in (0, 2):
        for number in range(more):
            school = Organisation.objects.create(
                district=lebak, name=f"SDN {number}", kind="sekolah"
            )
            Membership.objects.create(
                user=teacher,
                district=lebak,
                role="guru",
                organisation=school,
                region=Region.objects.get(code="36.02.05"),
                ended_at=timezone.now() - timedelta(days=number),
            )
        with CaptureQueriesContext(connection) as captured:
            rows = export_person(teacher)["districts.Membership"]["rows"]
        counts.append((len(rows), len(captured)))
    assert counts[0] == (1, counts[1][1])
    assert counts[1][0] == 3
