from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from districts.models import Invitation, Membership, Organisation, Region, Role
from districts.services.invitations import (
    ANSWERED_JUST_NOW,
    VALID_FOR,
    InvitationGone,
    accept,
    accepted_just_now,
    find,
    invite,
    renew,
    revoke,
)
from districts.services.memberships import NotAllowed, end
from districts.services.same_name import SameNameWaits
from safeguards.models import AuditEntry
from safeguards.services.persons import erase_person, erase_resurrected
from safeguards.tokens import digest
from tests.factories.places import make_district, make_user, national

pytestmark = pytest.mark.django_db


@pytest.fixture
def lebak():
    national()
    return make_district("lebak")


@pytest.fixture
def admin(lebak):
    return make_user("admin", lebak)


def stranger(lebak):
    """A user without any membership."""
    user = make_user("guru", lebak)
    user.memberships.all().delete()
    return user


def test_only_the_digest_of_a_token_is_kept(lebak, admin):
    invitation, token = invite(actor=admin, district=lebak, role=Role.KADER, name="Siti")
    assert len(token) >= 22
    stored = Invitation.objects.values().get(pk=invitation.pk)
    assert stored["token_digest"] == digest(token)
    assert token not in str(stored)
    assert token not in str(list(AuditEntry.objects.values()))
    assert "Siti" not in str(list(AuditEntry.objects.values()))


def test_an_invitation_grants_no_more_than_its_maker_may(lebak, admin):
    klaten = make_district("klaten")
    for district, role in ((lebak, Role.ADMIN), (klaten, Role.GURU)):
        with pytest.raises(NotAllowed):
            invite(actor=admin, district=district, role=role, name="Siti")
    with pytest.raises(NotAllowed):
        invite(actor=make_user("guru", lebak), district=lebak, role=Role.GURU, name="Siti")
    assert not Invitation.objects.exists()


def test_an_identity_number_is_refused_as_a_name(lebak, admin):
    with pytest.raises(ValidationError):
        invite(actor=admin, district=lebak, role=Role.KADER, name="Siti 3602014507900001")
    assert not Invitation.objects.exists()


def test_accepting_makes_a_member_once_and_forgets_the_name(lebak, admin):
    invitation, token = invite(
        actor=admin, district=lebak, role=Role.KADER, name="Siti", email="Siti@Contoh.Invalid"
    )
    assert invitation.email == "siti@contoh.invalid"
    user = stranger(lebak)
    membership = accept(token=token, person=user)
    assert (membership.user, membership.role, membership.district) == (user, "kader", lebak)
    invitation.refresh_from_db()
    assert (invitation.name, invitation.email, invitation.accepted_by) == ("", "", user)
    with pytest.raises(InvitationGone):
        accept(token=token, person=admin)
    assert Membership.objects.filter(role="kader").count() == 1
    assert list(
        AuditEntry.objects.filter(object_type="districts.Invitation")
        .order_by("pk")
        .values_list("verb", "actor_id")
    ) == [("invitation.made", admin.pk), ("invitation.accepted", user.pk)]


def test_a_link_ends_after_fourteen_days(lebak, admin):
    now = timezone.now()
    _invitation, token = invite(actor=admin, district=lebak, role=Role.KADER, name="Siti", now=now)
    assert find(token=token, now=now + VALID_FOR - timedelta(seconds=1)).role == "kader"
    with pytest.raises(InvitationGone):
        find(token=token, now=now + VALID_FOR)
    with pytest.raises(InvitationGone):
        accept(token=token, person=admin, now=now + VALID_FOR)


@pytest.mark.parametrize("token", ["", "salah", "x" * 10_000, "\0", "ü" * 20])
def test_an_unknown_token_is_gone(lebak, token):
    with pytest.raises(InvitationGone):
        find(token=token)


def test_a_link_works_in_its_own_district_only(lebak, admin):
    _invitation, token = invite(actor=admin, district=lebak, role=Role.KADER, name="Siti")
    with pytest.raises(InvitationGone):
        find(token=token, district=make_district("klaten"))
    assert find(token=token, district=lebak).district == lebak


def test_a_revoked_link_is_gone_and_its_name_with_it(lebak, admin):
    invitation, token = invite(actor=admin, district=lebak, role=Role.KADER, name="Siti")
    assert revoke(actor=admin, invitation=invitation) is True
    assert revoke(actor=admin, invitation=invitation) is False
    invitation.refresh_from_db()
    assert invitation.name == ""
    for act in (
        lambda: find(token=token),
        lambda: renew(actor=admin, invitation=invitation),
    ):
        with pytest.raises(InvitationGone):
            act()


def test_a_new_link_replaces_the_old_one(lebak, admin):
    invitation, old = invite(actor=admin, district=lebak, role=Role.KADER, name="Siti")
    new = renew(actor=admin, invitation=invitation)
    with pytest.raises(InvitationGone):
        find(token=old)
    assert find(token=new) == invitation


def test_a_form_sent_twice_makes_one_invitation_and_says_the_same_link(lebak, admin):
    told = {"actor": admin, "district": lebak, "role": Role.KADER, "name": "Siti", "key": uuid4()}
    first, token = invite(**told)
    assert invite(**told) == (first, token)
    assert find(token=token) == first
    other, _token = invite(**told | {"role": Role.GURU})
    assert other.pk != first.pk
    assert AuditEntry.objects.filter(verb="invitation.made").count() == 2
    colleague = make_user("admin", lebak)
    _theirs, another = invite(**told | {"actor": colleague, "another": True})
    assert another != token


def test_the_repeat_of_a_form_revives_no_invitation(lebak, admin):
    told = {"actor": admin, "district": lebak, "role": Role.KADER, "name": "Siti", "key": uuid4()}
    invitation, _token = invite(**told)
    revoke(actor=admin, invitation=invitation)
    with pytest.raises(InvitationGone):
        invite(**told)
    assert Invitation.objects.count() == 1


def test_a_second_person_of_a_name_is_asked_about_and_nobodys_link_dies(lebak, admin):
    told = {"actor": admin, "district": lebak, "role": Role.KADER}
    first, token = invite(name="Siti", **told)
    with pytest.raises(SameNameWaits) as asked:
        invite(name="SITI", **told)
    assert asked.value.waiting == [first]
    second, _other = invite(name="SITI", another=True, **told)
    assert second.pk != first.pk
    assert find(token=token) == first


@pytest.mark.parametrize("apart", ["organisation", "region", "email", "role", "time", "office"])
def test_who_is_told_apart_is_not_asked_about(lebak, admin, apart):
    schools = [
        Organisation.objects.create(district=lebak, name=f"SDN {number}", kind="sekolah")
        for number in (1, 2)
    ]
    now = timezone.now()
    one = {"actor": admin, "district": lebak, "role": Role.GURU, "name": "Siti", "now": now}
    klaten = make_district("klaten")
    differ = {
        "organisation": [{"organisation": school} for school in schools],
        "region": [{"region": Region.objects.get(code=f"36.02.{place}")} for place in ("01", "05")],
        "email": [{"email": f"siti{number}@contoh.invalid"} for number in (1, 2)],
        "role": [{"role": role} for role in (Role.GURU, Role.KADER)],
        "time": [{}, {"now": now + VALID_FOR}],
        "office": [{}, {"district": klaten, "actor": make_user("admin", klaten)}],
    }[apart]
    made = {invite(**one | more)[0].pk for more in differ}
    assert len(made) == 2
    with pytest.raises(SameNameWaits):
        invite(**one | differ[0] | {"now": now})


def test_a_coordinator_learns_of_nobody_beyond_the_own_school(lebak, admin):
    own = Organisation.objects.create(district=lebak, name="SDN 1", kind="sekolah")
    invite(actor=admin, district=lebak, role=Role.GURU, name="Siti")
    mine, _token = invite(
        actor=make_user("koordinator", lebak, organisation=own),
        district=lebak,
        role=Role.GURU,
        organisation=own,
        name="Siti",
    )
    assert mine.organisation == own


def test_a_form_for_a_new_link_sent_twice_makes_one(lebak, admin):
    invitation, old = invite(actor=admin, district=lebak, role=Role.KADER, name="Siti")
    key = uuid4()
    new = renew(actor=admin, invitation=invitation, key=key)
    assert renew(actor=admin, invitation=invitation, key=key) == new
    assert find(token=new) == invitation
    assert AuditEntry.objects.filter(verb="invitation.renewed").count() == 1
    accept(token=new, person=stranger(lebak))
    with pytest.raises(InvitationGone):
        renew(actor=admin, invitation=invitation, key=key)


def test_an_accepted_invitation_is_known_for_ten_minutes(lebak, admin):
    invitation, token = invite(actor=admin, district=lebak, role=Role.KADER, name="Siti")
    now, key = timezone.now(), uuid4()
    asked = {"token": token, "district": lebak}
    with pytest.raises(InvitationGone):
        accepted_just_now(**asked, now=now)
    accept(**asked, person=stranger(lebak), key=key, now=now)
    soon = now + ANSWERED_JUST_NOW - timedelta(seconds=1)
    assert accepted_just_now(**asked, now=soon) == invitation
    invitation.refresh_from_db()
    assert invitation.form_digest == digest(key.hex)
    for more in ({"now": now + ANSWERED_JUST_NOW}, {"district": make_district("klaten")}):
        with pytest.raises(InvitationGone):
            accepted_just_now(**asked | more)


def test_a_link_outlives_neither_the_role_nor_the_account_of_who_made_it(lebak, admin):
    _invitation, token = invite(actor=admin, district=lebak, role=Role.KADER, name="Siti")
    end(actor=make_user("superuser"), membership=admin.memberships.get())
    with pytest.raises(InvitationGone):
        accept(token=token, person=stranger(lebak))
    other = make_user("admin", lebak)
    _invitation, token = invite(actor=other, district=lebak, role=Role.KADER, name="Ani")
    other.memberships.all().delete()
    other.delete()
    with pytest.raises(InvitationGone):
        find(token=token)


def test_a_failing_account_leaves_the_link_open(lebak, admin):
    _invitation, token = invite(actor=admin, district=lebak, role=Role.KADER, name="Siti")

    def fails():
        raise RuntimeError("no account")

    with pytest.raises(RuntimeError):
        accept(token=token, person=fails)
    assert find(token=token).name == "Siti"


def test_a_coordinator_revokes_only_in_their_own_school(lebak, admin):
    own = Organisation.objects.create(district=lebak, name="SDN 1", kind="sekolah")
    other = Organisation.objects.create(district=lebak, name="SDN 2", kind="sekolah")
    actor = make_user("koordinator", lebak, organisation=own)
    invitation, token = invite(
        actor=admin, district=lebak, role=Role.GURU, organisation=other, name="Siti"
    )
    for act in (revoke, renew):
        with pytest.raises(NotAllowed):
            act(actor=actor, invitation=invitation)
    assert find(token=token) == invitation


def test_a_restored_invitation_of_an_erased_address_goes_again(lebak, admin):
    asked = {"actor": admin, "district": lebak, "role": Role.KADER}
    restored, _token = invite(email="siti@contoh.invalid", **asked)
    other, _token = invite(email="budi@contoh.invalid", **asked)
    erase_person("siti@contoh.invalid")
    assert list(Invitation.objects.all()) == [other]
    asked_at = restored.created_at
    restored.save(force_insert=True)
    # The database says the moment anew; a backup keeps it.
    Invitation.objects.filter(pk=restored.pk).update(created_at=asked_at)
    assert erase_resurrected() == 0
    assert list(Invitation.objects.all()) == [other]


def test_who_is_invited_anew_after_an_erasure_stays_invited(lebak, admin):
    asked = {"actor": admin, "district": lebak, "role": Role.KADER}
    erase_person("siti@contoh.invalid", now=timezone.now() - timedelta(days=1))
    anew, _token = invite(email="siti@contoh.invalid", **asked)
    erase_resurrected()
    assert list(Invitation.objects.all()) == [anew]
