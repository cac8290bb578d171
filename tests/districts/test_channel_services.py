from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from districts.models import (
    Channel,
    ChannelChange,
    ChannelEvent,
    Membership,
    Organisation,
    StandIn,
)
from districts.services import channels
from districts.services.second_person import districts_kept_by, second_persons, standing
from safeguards.models import AuditEntry, Generation
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


def verbs(channel) -> list[str]:
    return list(channel.events.order_by("pk").values_list("verb", flat=True))


def test_proposal_changes_nothing_that_readers_see(klaten, editor, channel):
    change = propose(klaten, editor, channel)
    channel.refresh_from_db()

    assert (channel.value, channel.display) == ("+622719990011", "0271 9990011")
    assert change.fields == {"value": "+622715550199", "display": "0271 555 0199"}
    assert verbs(channel) == ["proposed"]


def test_second_person_makes_it_true(klaten, editor, colleague, channel):
    change = propose(klaten, editor, channel)
    channels.approve(change=change, actor=colleague, now=NOW)
    channel.refresh_from_db()

    assert (channel.value, channel.display) == ("+622715550199", "0271 555 0199")
    assert (channel.last_verified, channel.verified_by) == (date(2026, 11, 18), colleague)
    assert channel.review_due == date(2026, 11, 18) + channels.REVIEW_AFTER
    assert (change.status, change.decided_via) == ("approved", "colleague")
    event = channel.events.get(verb="approved")
    assert event.before["value"] == "+622719990011"
    assert event.after["value"] == "+622715550199"


def test_editor_alone_is_refused_and_nothing_changes(klaten, editor, channel):
    change = propose(klaten, editor, channel)
    with pytest.raises(channels.SamePerson):
        channels.approve(change=change, actor=editor, now=NOW)
    with pytest.raises(channels.SamePerson):
        channels.reject(change=change, actor=editor, note="keliru", now=NOW)
    channel.refresh_from_db()
    change.refresh_from_db()

    assert issubclass(channels.SamePerson, PermissionDenied)
    assert (channel.value, change.status) == ("+622719990011", "waiting")


def test_other_roles_of_the_same_person_do_not_help(klaten, editor, channel):
    national = make_office("nasional")
    for district, role in ((klaten, "admin"), (klaten, "moderator"), (national, "admin")):
        Membership.objects.create(user=editor, district=district, role=role)
    StandIn.objects.create(
        district=klaten, user=editor, starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 30)
    )
    change = propose(klaten, editor, channel)

    with pytest.raises(channels.SamePerson):
        channels.approve(change=change, actor=editor, now=NOW)


def test_superuser_is_bound_as_well(klaten, channel):
    superuser = make_person(is_superuser=True)
    change = propose(klaten, superuser, channel)

    with pytest.raises(channels.SamePerson):
        channels.approve(change=change, actor=superuser, now=NOW)


@pytest.mark.parametrize("status", ["approved"])
def test_database_refuses_one_person_for_both_parts(klaten, editor, channel, status):
    change = propose(klaten, editor, channel)
    wanted = {"status": status, "decided_by": editor, "decided_at": NOW, "decided_via": "colleague"}
    with pytest.raises(IntegrityError), transaction.atomic():
        ChannelChange.objects.filter(pk=change.pk).update(**wanted)
    with pytest.raises(IntegrityError), transaction.atomic():
        ChannelChange.objects.filter(pk=change.pk).update(status=status, decided_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        ChannelChange.objects.filter(pk=change.pk).update(status="rejected")

    change.refresh_from_db()
    assert change.status == "waiting"


@pytest.mark.parametrize("role", ["guru", "kader", "mitra", "koordinator", "monev"])
def test_other_roles_keep_no_channels(klaten, channel, role):
    actor = make_member(role, klaten)

    with pytest.raises(channels.NotAllowed):
        propose(klaten, actor, channel)
    with pytest.raises(channels.NotAllowed):
        channels.hide(channel=channel, actor=actor, reason="salah nomor", now=NOW)


def test_people_of_another_district_keep_no_channels_here(klaten, editor, channel):
    stranger = make_member("admin", make_office("lebak"))
    change = propose(klaten, editor, channel)

    for act in (
        lambda: propose(klaten, stranger, channel),
        lambda: channels.approve(change=change, actor=stranger, now=NOW),
        lambda: channels.reject(change=change, actor=stranger, note="salah", now=NOW),
        lambda: channels.issue_owner_link(change=change, actor=stranger, now=NOW),
        lambda: channels.verify(channel=channel, actor=stranger, now=NOW),
        lambda: channels.hide(channel=channel, actor=stranger, reason="salah", now=NOW),
        lambda: channels.approve(change=change, actor=AnonymousUser(), now=NOW),
    ):
        with pytest.raises(channels.NotAllowed):
            act()


def test_ended_membership_and_inactive_account_keep_nothing(klaten, editor, colleague, channel):
    change = propose(klaten, editor, channel)
    Membership.objects.filter(user=colleague).update(ended_at=NOW)
    with pytest.raises(channels.NotAllowed):
        channels.approve(change=change, actor=colleague, now=NOW)
    Membership.objects.filter(user=colleague).update(ended_at=None)
    colleague.is_active = False

    with pytest.raises(channels.NotAllowed):
        channels.approve(change=change, actor=colleague, now=NOW)


def test_stand_in_counts_on_its_days_only_in_the_offices_zone():
    belu = make_office("belu")
    stand_in = make_person()
    StandIn.objects.create(
        district=belu, user=stand_in, starts_on=date(2026, 11, 18), ends_on=date(2026, 11, 18)
    )
    begins = datetime(2026, 11, 17, 16, 0, tzinfo=UTC)

    assert standing(stand_in, belu, begins - timedelta(seconds=1)) == ""
    assert standing(stand_in, belu, begins) == "stand_in"
    assert standing(stand_in, belu, begins + timedelta(days=1)) == ""
    assert list(districts_kept_by(stand_in, begins)) == [belu]
    assert list(districts_kept_by(stand_in, begins + timedelta(days=1))) == []


def test_province_and_nation_may_be_the_second_person(klaten, editor, channel):
    province = make_member("moderator", make_office("jateng"))
    change = propose(klaten, editor, channel)
    channels.approve(change=change, actor=province, now=NOW)

    assert change.decided_via == "province"
    assert standing(province, make_office("lebak"), NOW) == ""
    assert standing(make_member("editor", make_office("nasional")), klaten, NOW) == "province"


def test_districts_kept_follow_roles(klaten, editor):
    lebak, province = make_office("lebak"), make_office("jateng")

    assert set(districts_kept_by(editor, NOW)) == {klaten}
    assert set(districts_kept_by(make_member("admin", province), NOW)) == {klaten, province}
    assert lebak in districts_kept_by(make_person(is_superuser=True), NOW)
    assert list(districts_kept_by(make_member("monev", klaten), NOW)) == []


def test_second_persons_are_named_without_oneself(klaten, editor):
    assert list(second_persons(klaten, editor, NOW)) == []
    colleague = make_member("admin", klaten)
    make_member("guru", klaten)

    assert list(second_persons(klaten, editor, NOW)) == [colleague]


def test_new_channel_exists_only_after_approval(klaten, editor, colleague):
    organisation = Organisation.objects.create(district=klaten, kind="uptd_ppa", name="UPTD PPA")
    change = propose(
        klaten,
        editor,
        organisation=organisation,
        kind="whatsapp",
        label="WhatsApp UPTD",
        value="0812 3456 7890",
    )
    assert Channel.objects.count() == 0
    channel = channels.approve(change=change, actor=colleague, now=NOW)

    assert (channel.value, channel.display) == ("+6281234567890", "0812 3456 7890")
    assert verbs(channel) == ["proposed", "approved"]
    assert channel.events.get(verb="proposed").actor_id == editor.pk


def test_placeholder_is_filled_by_two(klaten, editor, colleague):
    channel = make_placeholder(klaten)
    change = propose(klaten, editor, channel, value="0271 555 0199")
    channels.approve(change=change, actor=colleague, now=NOW)
    channel.refresh_from_db()

    assert (channel.display, channel.is_verified) == ("0271 555 0199", True)


def test_faults_are_said_by_field_and_nothing_is_written(klaten, editor, channel):
    other = make_channel(make_office("lebak"))
    with pytest.raises(ValidationError) as caught:
        propose(
            klaten,
            editor,
            channel,
            value="bukan nomor",
            label="",
            organisation=other.organisation,
            region="36.02.14",
            note="NIK 3310051212900001",
            hours={"days": {"1": [["8", "9"]]}},
            issues=["tidak-ada"],
            kind="phone",
        )

    assert set(caught.value.message_dict) == {
        *("value", "label", "organisation", "region", "note", "hours", "issues")
    }
    assert ChannelChange.objects.count() == 0


def test_fields_that_nobody_may_propose_are_refused(klaten, editor, channel):
    with pytest.raises(ValidationError):
        propose(klaten, editor, channel, last_verified="2026-11-18")


def test_form_sent_twice_is_one_change(klaten, editor, channel):
    key = uuid4()
    sent = [
        channels.propose_change(
            district=klaten,
            actor=editor,
            channel=channel,
            fields={"value": "0271 555 0199"},
            key=key,
            now=NOW,
        )
        for _again in range(2)
    ]

    assert sent[0] == sent[1]
    assert verbs(channel) == ["proposed"]


def test_second_proposal_waits_for_the_first(klaten, editor, colleague, channel):
    propose(klaten, editor, channel)

    with pytest.raises(channels.AlreadyWaiting):
        propose(klaten, colleague, channel, label="Lain")


def test_rejection_says_why_and_changes_nothing(klaten, editor, colleague, channel):
    change = propose(klaten, editor, channel)
    with pytest.raises(ValidationError):
        channels.reject(change=change, actor=colleague, note=" ", now=NOW)
    channels.reject(change=change, actor=colleague, note="Nomor lama masih benar", now=NOW)
    channel.refresh_from_db()

    assert (channel.value, change.status, change.note) == (
        "+622719990011",
        "rejected",
        "Nomor lama masih benar",
    )


def test_only_the_proposer_withdraws(klaten, editor, colleague, channel):
    change = propose(klaten, editor, channel)
    with pytest.raises(channels.NotAllowed):
        channels.withdraw(change=change, actor=colleague, now=NOW)
    channels.withdraw(change=change, actor=editor, now=NOW)

    assert change.status == "withdrawn"
    with pytest.raises(channels.AlreadyDecided):
        channels.approve(change=change, actor=colleague, now=NOW)


def test_decided_change_is_not_decided_again(klaten, editor, colleague, channel):
    change = propose(klaten, editor, channel)
    channels.approve(change=change, actor=colleague, now=NOW)
    third = make_member("admin", klaten)

    with pytest.raises(channels.AlreadyDecided):
        channels.approve(change=change, actor=third, now=NOW)
    with pytest.raises(channels.AlreadyDecided):
        channels.reject(change=change, actor=third, note="terlambat", now=NOW)
    assert verbs(channel) == ["proposed", "approved"]


def test_one_person_hides_at_once_with_a_reason(klaten, editor, channel):
    with pytest.raises(ValidationError):
        channels.hide(channel=channel, actor=editor, reason="", now=NOW)
    channels.hide(channel=channel, actor=editor, reason="Nomor milik orang lain", now=NOW)
    channels.hide(channel=channel, actor=editor, reason="Sekali lagi", now=NOW)

    assert (channel.hidden_by, channel.hidden_reason) == (editor, "Nomor milik orang lain")
    assert not Channel.objects.shown().filter(pk=channel.pk).exists()
    assert verbs(channel) == ["hidden"]


def test_showing_again_needs_a_second_person(klaten, editor, colleague, channel):
    channels.hide(channel=channel, actor=editor, reason="Perlu dicek", now=NOW)
    change = channels.show_again(channel=channel, actor=editor, now=NOW)
    with pytest.raises(channels.SamePerson):
        channels.approve(change=change, actor=editor, now=NOW)
    assert not Channel.objects.shown().exists()
    channels.approve(change=change, actor=colleague, now=NOW)

    assert Channel.objects.shown().get() == channel
    assert verbs(channel) == ["hidden", "proposed", "shown"]


def test_approved_edit_does_not_show_a_hidden_channel(klaten, editor, colleague, channel):
    change = propose(klaten, editor, channel)
    channels.hide(channel=channel, actor=editor, reason="Perlu dicek", now=NOW)
    change = ChannelChange.objects.get(pk=change.pk)
    channels.approve(change=change, actor=colleague, now=NOW)

    assert not Channel.objects.shown().exists()


def test_recheck_needs_another_than_the_proposer(klaten, editor, colleague, channel):
    channels.approve(change=propose(klaten, editor, channel), actor=colleague, now=NOW)
    later = NOW + timedelta(days=200)
    with pytest.raises(channels.SamePerson):
        channels.verify(channel=channel, actor=editor, now=later)
    verified = channels.verify(channel=channel, actor=colleague, now=later)

    assert verified.last_verified == date(2027, 6, 6)
    assert verified.review_due == date(2027, 6, 6) + channels.REVIEW_AFTER


def test_first_verification_is_never_one_persons(klaten, editor):
    channel = make_channel(klaten, last_verified=None)

    with pytest.raises(ValidationError):
        channels.verify(channel=channel, actor=editor, now=NOW)
    channel.refresh_from_db()
    assert channel.last_verified is None


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_every_step_is_written_down_and_makes_pages_stale():
    klaten = make_office("klaten")
    editor, colleague = make_member("editor", klaten), make_member("moderator", klaten)
    channel = make_channel(klaten)

    def number() -> int:
        return Generation.objects.filter(pk=1).values_list("number", flat=True).first() or 1

    steps = [
        lambda: propose(klaten, editor, channel),
        lambda: channels.approve(change=ChannelChange.objects.get(), actor=colleague),
        lambda: channels.hide(channel=channel, actor=editor, reason="salah"),
        lambda: channels.show_again(channel=channel, actor=editor),
        lambda: channels.approve(
            change=ChannelChange.objects.get(status="waiting"), actor=colleague
        ),
        lambda: channels.verify(channel=channel, actor=colleague),
    ]
    for step in steps:
        before = number()
        step()
        assert number() > before

    expected = ["proposed", "approved", "hidden", "proposed", "shown", "verified"]
    assert verbs(channel) == expected
    trail = AuditEntry.objects.filter(verb__startswith="channel.").order_by("pk")
    assert [entry.verb.removeprefix("channel.") for entry in trail] == expected
    assert all("+62" not in str(entry.details) for entry in trail)
    assert ChannelEvent.objects.filter(at__gt=timezone.now()).count() == 0


def test_who_hides_while_another_approves_is_not_overtaken(
    klaten, editor, colleague, channel, monkeypatch
):
    """The approval has read the channel already when somebody hides it."""
    change = propose(klaten, editor, channel)
    read = channels.clean_fields

    def hide_meanwhile(*args):
        values = read(*args)
        channels.hide(
            channel=Channel.objects.get(pk=channel.pk), actor=editor, reason="Salah orang"
        )
        return values

    monkeypatch.setattr(channels, "clean_fields", hide_meanwhile)
    channels.approve(change=change, actor=colleague, now=NOW)
    channel.refresh_from_db()

    assert (channel.value, channel.hidden_reason) == ("+622715550199", "Salah orang")
    assert channel.hidden_at is not None
