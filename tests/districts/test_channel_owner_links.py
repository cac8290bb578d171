"""Who owns a number decides by a one-time link that the proposer never holds."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import AnonymousUser

from districts.models import (
    ChannelChange,
    Membership,
    Role,
    StandIn,
)
from districts.owner_link import new_owner_link
from districts.services import channels
from districts.services.second_person import KEEPERS
from safeguards.models import AuditEntry
from tests.factories.channels import make_channel, make_office, make_placeholder
from tests.factories.people import make_member, make_person

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)


@pytest.fixture
def klaten():
    return make_office("klaten")


@pytest.fixture
def editor(klaten):
    return make_member("editor", klaten)


@pytest.fixture
def colleague(klaten):
    return make_member("moderator", klaten)


@pytest.fixture
def channel(klaten):
    return make_channel(klaten, label="UPTD", value="+622719990011", display="0271 9990011")


def propose(district, actor, channel=None, **fields):
    return channels.propose_change(
        district=district,
        actor=actor,
        channel=channel,
        fields=fields or {"value": "0271 555 0199"},
        now=NOW,
    )


def test_owner_approves_by_the_link_once(klaten, editor, colleague, channel):
    change = propose(klaten, editor, channel)
    token = channels.issue_owner_link(change=change, actor=colleague, now=NOW)
    change.refresh_from_db()
    assert len(token) >= 32
    assert token not in change.owner_token_digest
    channels.approve_as_owner(token=token, now=NOW)
    change.refresh_from_db()
    channel.refresh_from_db()

    assert (change.status, change.decided_via, change.decided_by) == ("approved", "owner", None)
    assert channel.value == "+622715550199"
    with pytest.raises(channels.LinkSpent):
        channels.approve_as_owner(token=token, now=NOW)


def test_owner_refuses_by_the_link(klaten, editor, colleague, channel):
    change = propose(klaten, editor, channel)
    token = channels.issue_owner_link(change=change, actor=colleague, now=NOW)
    channels.refuse_as_owner(token=token, now=NOW)
    channel.refresh_from_db()

    assert channel.value == "+622719990011"
    assert ChannelChange.objects.get().status == "rejected"


def test_link_ends_after_seven_days_and_with_a_newer_one(klaten, editor, colleague, channel):
    change = propose(klaten, editor, channel)
    first = channels.issue_owner_link(change=change, actor=colleague, now=NOW)
    second = channels.issue_owner_link(change=change, actor=colleague, now=NOW)

    with pytest.raises(channels.LinkUnknown):
        channels.approve_as_owner(token=first, now=NOW)
    with pytest.raises(channels.LinkSpent):
        channels.approve_as_owner(token=second, now=NOW + channels.LINK_LASTS)
    with pytest.raises(channels.LinkUnknown):
        channels.approve_as_owner(token="x" * 32, now=NOW)


def test_link_is_not_for_the_proposer_nor_for_who_made_it(klaten, editor, colleague, channel):
    change = propose(klaten, editor, channel)
    token = channels.issue_owner_link(change=change, actor=colleague, now=NOW)

    for reader in (editor, colleague):
        with pytest.raises(channels.SamePerson):
            channels.approve_as_owner(token=token, reader=reader, now=NOW)
        with pytest.raises(channels.SamePerson):
            channels.refuse_as_owner(token=token, reader=reader, now=NOW)
    assert ChannelChange.objects.get().status == "waiting"


def test_proposer_gets_no_link_whatever_else_they_are(klaten, editor, channel):
    for role in ("guru", "admin"):
        Membership.objects.create(user=editor, district=klaten, role=role)
    change = propose(klaten, editor, channel)
    superuser = make_person(is_superuser=True)
    theirs = propose(klaten, superuser, make_channel(klaten, label="Lain"))

    for one, actor in ((change, editor), (theirs, superuser)):
        with pytest.raises(channels.SamePerson):
            channels.issue_owner_link(change=one, actor=actor, now=NOW)
        one.refresh_from_db()
        assert (one.owner_token_digest, one.status) == ("", "waiting")


@pytest.mark.parametrize("issuer", ["editor", "moderator", "admin", "stand-in", "nation", "super"])
def test_whoever_could_decide_passes_the_question_on(klaten, editor, channel, issuer):
    change = propose(klaten, editor, channel)
    if issuer == "stand-in":
        actor = make_person()
        StandIn.objects.create(
            district=klaten, user=actor, starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 30)
        )
    elif issuer == "nation":
        actor = make_member("admin", make_office("nasional"))
    elif issuer == "super":
        actor = make_person(is_superuser=True)
    else:
        actor = make_member(issuer, klaten)
    token = channels.issue_owner_link(change=change, actor=actor, now=NOW)
    channels.approve_as_owner(token=token, now=NOW)
    change.refresh_from_db()

    assert (change.status, change.decided_via) == ("approved", "owner")
    assert AuditEntry.objects.get(verb="channel.link").actor_id == actor.pk


@pytest.mark.parametrize("role", sorted(set(Role) - set(KEEPERS)))
def test_other_roles_pass_no_question_on(klaten, editor, channel, role):
    actor = make_member(role, klaten)
    for one in (channel, make_placeholder(klaten)):
        change = propose(klaten, editor, one)
        with pytest.raises(channels.NotAllowed):
            channels.issue_owner_link(change=change, actor=actor, now=NOW)
        change.refresh_from_db()
        assert (change.owner_token_digest, change.status) == ("", "waiting")


def test_whose_role_has_ended_passes_nothing_on(klaten, editor, channel):
    gone = make_member("editor", klaten)
    Membership.objects.filter(user=gone).update(ended_at=NOW)
    change = propose(klaten, editor, channel)

    for actor in (gone, make_member("editor", make_office("lebak")), AnonymousUser()):
        with pytest.raises(channels.NotAllowed):
            channels.issue_owner_link(change=change, actor=actor, now=NOW)


def test_link_the_proposer_once_made_is_spent_signed_out_too(klaten, editor, colleague, channel):
    change = propose(klaten, editor, channel)
    token = channels.issue_owner_link(change=change, actor=colleague, now=NOW)
    ChannelChange.objects.update(owner_token_issuer_id=editor.pk)

    for act in (channels.approve_as_owner, channels.refuse_as_owner):
        with pytest.raises(channels.LinkSpent):
            act(token=token, reader=AnonymousUser(), now=NOW)
    channel.refresh_from_db()
    assert channel.value == "+622719990011"


@pytest.mark.parametrize(("verified", "asked"), [(True, "628111129129"), (False, "6281200001111")])
def test_the_question_goes_to_the_number_that_readers_have(
    rf, klaten, editor, colleague, verified, asked
):
    """A new number may be the proposer's own."""
    known = {"value": "+628111129129"} if verified else {"value": "", "last_verified": None}
    channel = make_channel(klaten, label="WA", kind="whatsapp", **known)
    change = propose(klaten, editor, channel, value="0812 0000 1111")
    request = rf.get("/", headers={"host": "klaten.localhost"})
    request.user = colleague

    assert f"wa.me/{asked}?" in new_owner_link(request, change)["share_link"]
