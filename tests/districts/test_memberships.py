import pytest
from django.contrib.auth import get_user_model

from districts.models import Membership, Organisation, Region, Role
from districts.services.memberships import (
    MAY_GRANT,
    InvalidGrant,
    NotAllowed,
    check_may_grant,
    end,
    grant,
    grantable_roles,
    reachable_organisations,
    second_persons,
    visible_members,
)
from safeguards.models import AuditEntry
from tests.factories.places import make_district, make_user, national

pytestmark = pytest.mark.django_db


@pytest.fixture
def lebak():
    national()
    return make_district("lebak")


def school(district, name="SDN 1", **fields):
    return Organisation.objects.create(district=district, name=name, kind="sekolah", **fields)


def newcomer(name="Siti Aminah"):
    users = get_user_model().objects
    return users.create_user(f"baru{users.count()}@contoh.invalid", "kata-sandi", name=name)


def test_nobody_may_grant_their_own_role_or_more():
    order = list(Role)
    for role, grantable in MAY_GRANT.items():
        assert role not in grantable
        assert Role.ADMIN not in grantable
        assert all(order.index(lower) < order.index(role) for lower in grantable)


@pytest.mark.parametrize("role", [Role.GURU, Role.KADER, Role.MITRA, Role.EDITOR, Role.MODERATOR])
def test_most_roles_grant_nothing(lebak, role):
    actor = make_user(role, lebak, organisation=school(lebak))
    assert grantable_roles(actor, lebak) == []
    for wanted in Role:
        with pytest.raises(NotAllowed):
            grant(actor=actor, user=newcomer(), district=lebak, role=wanted)
    assert Membership.objects.count() == 1


def test_admin_grants_every_lower_role_and_no_equal(lebak):
    admin, school_1 = make_user("admin", lebak), school(lebak)
    for role in set(Role) - {Role.ADMIN}:
        made = grant(actor=admin, user=newcomer(), district=lebak, role=role, organisation=school_1)
        assert (made.role, made.district) == (role, lebak)
    with pytest.raises(NotAllowed):
        grant(actor=admin, user=newcomer(), district=lebak, role=Role.ADMIN)


def test_superuser_grants_an_administrator(lebak):
    made = grant(actor=make_user("superuser"), user=newcomer(), district=lebak, role=Role.ADMIN)
    assert list(made.user.groups.values_list("name", flat=True)) == ["admin lebak"]


def test_an_admin_grants_nothing_in_another_district(lebak):
    klaten = make_district("klaten")
    with pytest.raises(NotAllowed):
        grant(actor=make_user("admin", lebak), user=newcomer(), district=klaten, role=Role.GURU)
    assert not Membership.objects.filter(district=klaten).exists()


def test_an_admin_whose_role_ended_grants_nothing(lebak):
    admin = make_user("admin", lebak)
    end(actor=make_user("superuser"), membership=admin.memberships.get())
    with pytest.raises(NotAllowed):
        grant(actor=admin, user=newcomer(), district=lebak, role=Role.GURU)


def test_a_coordinator_reaches_teachers_of_the_own_school_only(lebak):
    own, other = school(lebak, "SDN 1"), school(lebak, "SDN 2")
    actor = make_user("koordinator", lebak, organisation=own)
    assert grantable_roles(actor, lebak) == [Role.GURU, Role.KADER]
    assert list(reachable_organisations(actor, lebak)) == [own]
    grant(actor=actor, user=newcomer(), district=lebak, role=Role.GURU, organisation=own)
    for organisation in (other, None):
        with pytest.raises(NotAllowed):
            grant(
                actor=actor,
                user=newcomer(),
                district=lebak,
                role=Role.GURU,
                organisation=organisation,
            )
    with pytest.raises(NotAllowed):
        grant(actor=actor, user=newcomer(), district=lebak, role=Role.EDITOR, organisation=own)


def test_a_coordinator_of_a_pkk_kecamatan_reaches_its_villages(lebak):
    kecamatan = Region.objects.get(code="36.02.01")
    head = Organisation.objects.create(
        district=lebak, name="PKK Kec.", kind="pkk", pkk_level="kecamatan", region=kecamatan
    )
    village = Organisation.objects.create(
        district=lebak,
        name="PKK Desa",
        kind="pkk",
        pkk_level="desa",
        region=Region.objects.get(code="36.02.01.2001"),
    )
    below = Organisation.objects.create(
        district=lebak, name="Dasawisma Melati", kind="pkk", pkk_level="dasawisma", parent=village
    )
    elsewhere = Organisation.objects.create(
        district=lebak,
        name="PKK Desa 5",
        kind="pkk",
        pkk_level="desa",
        region=Region.objects.get(code="36.02.05.2001"),
    )
    school_there = school(lebak, region=kecamatan)
    actor = make_user("koordinator", lebak, organisation=head)
    reached = set(reachable_organisations(actor, lebak))
    assert reached == {head, village, below}
    for organisation in (elsewhere, school_there):
        with pytest.raises(NotAllowed):
            check_may_grant(actor, lebak, Role.KADER, organisation)


def test_a_coordinator_sees_only_their_own_people(lebak):
    own, other = school(lebak, "SDN 1"), school(lebak, "SDN 2")
    actor = make_user("koordinator", lebak, organisation=own)
    mine = make_user("guru", lebak, organisation=own)
    make_user("guru", lebak, organisation=other)
    make_user("editor", lebak)
    assert [m.user for m in visible_members(actor, lebak)] == [mine]


@pytest.mark.parametrize(
    ("role", "organisation", "code", "field"),
    [
        (Role.MITRA, "none", None, "organisation"),
        (Role.KOORDINATOR, "none", None, "organisation"),
        (Role.GURU, "foreign", None, "organisation"),
        (Role.KADER, "own", "33.10.05", "region"),
        (Role.KADER, "own", "36.02", "region"),
        (Role.EDITOR, "own", "36.02.01", "region"),
    ],
)
def test_a_role_is_refused_where_it_can_not_be_held(lebak, role, organisation, code, field):
    klaten = make_district("klaten")
    places = {"none": None, "own": school(lebak), "foreign": school(klaten, "SDN Klaten")}
    with pytest.raises(InvalidGrant) as refused:
        grant(
            actor=make_user("admin", lebak),
            user=newcomer(),
            district=lebak,
            role=role,
            organisation=places[organisation],
            region=Region.objects.get(code=code) if code else None,
        )
    assert refused.value.field == field


def test_a_partner_may_be_held_to_one_village(lebak):
    made = grant(
        actor=make_user("admin", lebak),
        user=newcomer(),
        district=lebak,
        role=Role.MITRA,
        organisation=school(lebak),
        region=Region.objects.get(code="36.02.01.2001"),
    )
    assert made.region_id == "36.02.01.2001"


def test_granting_twice_keeps_one_row_and_one_audit_entry(lebak):
    admin, user = make_user("admin", lebak), newcomer()
    first = grant(actor=admin, user=user, district=lebak, role=Role.EDITOR)
    second = grant(actor=admin, user=user, district=lebak, role=Role.EDITOR)
    assert first.pk == second.pk
    entry = AuditEntry.objects.get(verb="membership.granted")
    assert (entry.actor_id, entry.object_id, entry.site_id) == (
        admin.pk,
        str(first.pk),
        lebak.site_id,
    )
    assert entry.details == {"role": "editor", "user": user.pk}
    assert list(user.groups.values_list("name", flat=True)) == ["editor lebak"]


def test_ending_a_role_takes_groups_and_sessions(lebak, client):
    admin, editor = make_user("admin", lebak), make_user("editor", lebak)
    client.force_login(editor)
    host = {"host": "lebak.localhost"}
    assert client.get("/ruang/", headers=host).status_code == 200
    membership = editor.memberships.get()
    assert end(actor=admin, membership=membership) is True
    assert end(actor=admin, membership=membership) is False
    assert list(editor.groups.all()) == []
    answer = client.get("/ruang/", headers=host)
    assert (answer.status_code, answer["Location"]) == (302, "/masuk/?next=/ruang/")
    assert AuditEntry.objects.filter(verb="membership.ended").count() == 1


def test_an_admin_ends_no_other_admin(lebak):
    admin, other = make_user("admin", lebak), make_user("admin", lebak)
    with pytest.raises(NotAllowed):
        end(actor=admin, membership=other.memberships.get())
    assert other.memberships.get().ended_at is None


def test_second_persons_are_active_colleagues_without_those_named(lebak):
    klaten = make_district("klaten")
    one, two = make_user("moderator", lebak), make_user("admin", lebak)
    make_user("editor", lebak)
    make_user("moderator", klaten)
    gone = make_user("moderator", lebak)
    end(actor=two, membership=gone.memberships.get())
    sleeping = make_user("moderator", lebak)
    get_user_model().objects.filter(pk=sleeping.pk).update(is_active=False)
    assert set(second_persons(lebak)) == {one, two}
    assert list(second_persons(lebak, one)) == [two]
    assert list(second_persons(lebak, [one.pk, two])) == []
