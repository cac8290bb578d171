from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError

from districts.models import Membership, StandIn
from districts.services import channels, memberships, stand_ins
from districts.services.second_person import standing
from safeguards.models import AuditEntry
from tests.factories.channels import make_channel, make_office
from tests.factories.people import make_member, make_person

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 18)
DAY = timedelta(days=1)


@pytest.fixture
def klaten():
    return make_office("klaten")


@pytest.fixture
def admin(klaten):
    return make_member("admin", klaten)


@pytest.fixture
def teacher(klaten):
    return make_member("guru", klaten)


def appoint(klaten, actor, user, first=TODAY, last=TODAY + 13 * DAY, now=NOW) -> StandIn:
    return stand_ins.appoint(
        district=klaten, actor=actor, user=user, starts_on=first, ends_on=last, now=now
    )


def test_alone_in_an_office_an_admin_appoints_who_then_agrees(klaten, admin, teacher):
    change = channels.propose_change(
        district=klaten,
        actor=admin,
        channel=make_channel(klaten, value="+622719990011", display="0271 9990011"),
        fields={"value": "0271 555 0199"},
        now=NOW,
    )
    with pytest.raises(channels.NotAllowed):
        channels.approve(change=change, actor=teacher, now=NOW)
    stand_in = appoint(klaten, admin, teacher)
    channel = channels.approve(change=change, actor=teacher, now=NOW)

    assert (channel.value, change.decided_via) == ("+622715550199", "stand_in")
    assert (stand_in.user, stand_in.appointed_by) == (teacher, admin)
    told = AuditEntry.objects.get(verb="stand_in.appointed")
    assert (told.actor_id, told.site_id, told.object_id) == (
        admin.pk,
        klaten.site_id,
        str(stand_in.pk),
    )
    assert told.details == {
        "user": teacher.pk,
        "starts_on": "2026-11-18",
        "ends_on": "2026-12-01",
    }


def test_nobody_appoints_themselves(klaten, admin):
    superuser = make_person(is_superuser=True)
    Membership.objects.create(user=superuser, district=klaten, role="guru")
    nation = make_member("admin", make_office("nasional"))
    Membership.objects.create(user=nation, district=klaten, role="guru")

    for actor in (admin, superuser, nation):
        with pytest.raises(stand_ins.NotAllowed):
            appoint(klaten, actor, actor)
    assert issubclass(stand_ins.NotAllowed, PermissionDenied)
    assert StandIn.objects.count() == 0


@pytest.mark.parametrize("where", ["klaten", "jateng", "nasional"])
def test_admins_of_the_office_its_province_and_the_nation_appoint(klaten, teacher, where):
    actor = make_member("admin", klaten if where == "klaten" else make_office(where))

    assert appoint(klaten, actor, teacher).appointed_by == actor


@pytest.mark.parametrize("role", ["guru", "kader", "koordinator", "editor", "moderator", "monev"])
def test_other_roles_appoint_nobody(klaten, teacher, role):
    with pytest.raises(stand_ins.NotAllowed):
        appoint(klaten, make_member(role, klaten), teacher)


def test_strangers_and_ended_admins_appoint_and_end_nobody(klaten, admin, teacher):
    stand_in = appoint(klaten, admin, teacher)
    other = make_member("moderator", make_office("jateng"))
    gone = make_member("admin", klaten)
    Membership.objects.filter(user=gone).update(ended_at=NOW)

    for actor in (make_member("admin", make_office("lebak")), other, gone, AnonymousUser()):
        with pytest.raises(stand_ins.NotAllowed):
            appoint(klaten, actor, make_member("kader", klaten))
        with pytest.raises(stand_ins.NotAllowed):
            stand_ins.end(stand_in=stand_in, actor=actor, now=NOW)
    assert list(stand_ins.stand_ins_of(klaten, NOW)) == [stand_in]


@pytest.mark.parametrize("who", ["another office", "a keeper", "gone", "inactive"])
def test_only_who_belongs_here_and_keeps_no_numbers_is_appointed(klaten, admin, who):
    match who:
        case "another office":
            user = make_member("guru", make_office("lebak"))
        case "a keeper":
            user = make_member("guru", klaten)
            Membership.objects.create(user=user, district=klaten, role="editor")
        case "gone":
            user = make_member("guru", klaten)
            Membership.objects.filter(user=user).update(ended_at=NOW)
        case _:
            user = make_member("guru", klaten, is_active=False)

    with pytest.raises(ValidationError):
        appoint(klaten, admin, user)
    assert StandIn.objects.count() == 0


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (TODAY - DAY, TODAY, "starts_on"),
        (TODAY + 91 * DAY, TODAY + 92 * DAY, "starts_on"),
        (TODAY + DAY, TODAY, "ends_on"),
        (TODAY, TODAY + 90 * DAY, "ends_on"),
        (date(9999, 12, 31), date(9999, 12, 31), "starts_on"),
    ],
)
def test_impossible_days_are_told_beside_their_field(klaten, admin, teacher, first, last, field):
    with pytest.raises(ValidationError) as refused:
        appoint(klaten, admin, teacher, first, last)

    assert list(refused.value.message_dict) == [field]
    assert StandIn.objects.count() == 0


def test_ninety_days_are_the_most_and_today_is_the_offices_own(klaten, admin, teacher):
    belu = make_office("belu")
    eastern = make_member("guru", belu)
    late = datetime(2026, 11, 17, 16, 30, tzinfo=UTC)  # 00.30 of the next day in WITA
    with pytest.raises(ValidationError):
        appoint(belu, make_member("admin", belu), eastern, TODAY - DAY, TODAY, now=late)

    assert appoint(klaten, admin, teacher, TODAY - DAY, TODAY + 88 * DAY, now=late).pk


def test_sent_twice_is_one_and_days_never_overlap(klaten, admin, teacher):
    first = appoint(klaten, admin, teacher)
    assert appoint(klaten, admin, teacher) == first
    with pytest.raises(ValidationError):
        appoint(klaten, admin, teacher, TODAY + 13 * DAY, TODAY + 20 * DAY)
    after = appoint(klaten, admin, teacher, TODAY + 14 * DAY, TODAY + 20 * DAY)

    assert list(stand_ins.stand_ins_of(klaten, NOW)) == [first, after]
    assert AuditEntry.objects.filter(verb="stand_in.appointed").count() == 2


def test_an_end_holds_at_once_and_keeps_what_was(klaten, admin, teacher):
    stand_in, later = appoint(klaten, admin, teacher), NOW + 3 * DAY
    assert standing(teacher, klaten, later) == "stand_in"
    stand_ins.end(stand_in=stand_in, actor=admin, now=later)
    stand_in.refresh_from_db()

    assert standing(teacher, klaten, later) == ""
    assert (stand_in.starts_on, stand_in.ends_on) == (TODAY, TODAY + 2 * DAY)
    assert AuditEntry.objects.get(verb="stand_in.ended").details["user"] == teacher.pk


@pytest.mark.parametrize("first", [TODAY, TODAY + DAY])
def test_one_that_ends_before_its_first_day_is_over_is_gone(klaten, admin, teacher, first):
    stand_ins.end(stand_in=appoint(klaten, admin, teacher, first), actor=admin, now=NOW)

    assert StandIn.objects.count() == 0
    assert standing(teacher, klaten, NOW + DAY) == ""
    assert AuditEntry.objects.get(verb="stand_in.ended").details["starts_on"] == str(first)


def test_with_the_last_role_ends_what_one_stands_in_for(klaten, admin, teacher):
    Membership.objects.create(user=teacher, district=klaten, role="kader")
    appoint(klaten, admin, teacher)
    found = []
    for role in ("guru", "kader"):
        membership = Membership.objects.get(user=teacher, role=role)
        memberships.end(actor=admin, membership=membership, now=NOW)
        found.append(standing(teacher, klaten, NOW))

    assert found == ["stand_in", ""]
