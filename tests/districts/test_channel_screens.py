import re
from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from districts.models import Channel, ChannelChange, Organisation, Region
from districts.services import channels as services
from tests.factories.channels import make_channel, make_office, make_placeholder
from tests.factories.places import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_2026")]


def signed_in(user, host: str) -> Client:
    client = Client(headers={"host": f"{host}.localhost" if host != "localhost" else host})
    client.force_login(user)
    return client


@pytest.fixture
def klaten():
    return make_office("klaten", groups=True)


@pytest.fixture
def editor(klaten):
    return make_user("editor", klaten, name="Editor Klaten")


@pytest.fixture
def colleague(klaten):
    return make_user("moderator", klaten, name="Moderator Klaten")


@pytest.fixture
def channel(klaten):
    return make_channel(
        klaten, label="UPTD Klaten", value="+622719990011", display="0271 9990011", source="Surat"
    )


@pytest.fixture
def as_editor(editor):
    return signed_in(editor, "klaten")


@pytest.fixture
def as_colleague(colleague):
    return signed_in(colleague, "klaten")


def typed(channel, **fields) -> dict:
    return {
        "key": str(uuid4()),
        "organisation": channel.organisation_id,
        "kind": channel.kind,
        "label": channel.label,
        "value": channel.display,
        "display": channel.display,
        "timezone": channel.timezone,
        "hours_kind": "unknown",
        "source": channel.source,
        "position": channel.position,
        "active": "on",
    } | fields


def propose(client, channel, **fields) -> ChannelChange:
    fields = fields or {"value": "0271 555 0199"}
    answer = client.post(reverse("channels:edit", args=[channel.pk]), typed(channel, **fields))
    assert answer.status_code == 302
    return ChannelChange.objects.get(status="waiting")


def test_list_shows_the_offices_channels_with_their_state(as_editor, klaten, channel):
    make_placeholder(klaten, label="Puspaga")
    make_channel(klaten, label="Lama", review_due=date(2020, 1, 1))
    make_channel(make_office("lebak", groups=True), label="Rahasia Lebak")
    body = as_editor.get(reverse("channels:index")).content.decode()

    for words in ("UPTD Klaten", "0271 9990011", "Puspaga", "Lama"):
        assert words in body
    assert "Rahasia Lebak" not in body


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?status=verified", {"Baik"}),
        ("?status=overdue", {"Lama"}),
        ("?status=unverified", {"Kosong"}),
        ("?status=hidden", {"Sembunyi"}),
        ("?status=waiting", {"Baik"}),
        ("?kind=whatsapp", {"Sembunyi"}),
        ("?region=33.10.05", {"Lama"}),
        ("?status=ngawur&kind=x&region=' OR 1=1", {"Baik", "Lama", "Kosong", "Sembunyi"}),
    ],
)
def test_list_is_narrowed(as_editor, klaten, editor, query, expected):
    good = make_channel(klaten, label="Baik")
    make_channel(
        klaten,
        label="Lama",
        review_due=date(2020, 1, 1),
        region=Region.objects.get(pk="33.10.05"),
    )
    make_placeholder(klaten, label="Kosong")
    hidden = make_channel(klaten, label="Sembunyi", kind="whatsapp", value="+6281200000000")
    services.hide(channel=hidden, actor=editor, reason="cek dulu")
    services.propose_change(district=klaten, actor=editor, channel=good, fields={"cost": "Gratis"})
    page = as_editor.get(reverse("channels:index") + query).context["page_obj"]

    assert {channel.label for channel in page} == expected


def test_list_pages_and_ends(as_editor, klaten):
    for number in range(21):
        make_channel(klaten, label=f"Nomor {number:02d}")
    address = reverse("channels:index")

    assert len(as_editor.get(address).context["page_obj"]) == 20
    assert len(as_editor.get(f"{address}?p=2").context["page_obj"]) == 1
    for page in ("3", "1000000000", "0", "-1", "x"):
        assert as_editor.get(f"{address}?p={page}").status_code == 404


def test_empty_office_is_told_what_to_do(as_editor):
    assert "?status=" not in as_editor.get(reverse("channels:waiting")).content.decode()
    answer = as_editor.get(reverse("channels:index"))

    assert list(answer.context["page_obj"]) == []
    assert reverse("channels:add") in answer.content.decode()


def test_change_waits_for_a_second_person_who_sees_old_and_new(as_editor, as_colleague, channel):
    change = propose(as_editor, channel)
    channel.refresh_from_db()
    assert channel.value == "+622719990011"
    page = as_colleague.get(reverse("channels:change", args=[change.pk])).content.decode()
    assert "+622719990011" in page
    assert "+622715550199" in page

    answer = as_colleague.post(reverse("channels:change", args=[change.pk]), {"act": "approve"})
    channel.refresh_from_db()
    assert answer["Location"] == reverse("channels:detail", args=[channel.pk])
    assert (channel.value, channel.display) == ("+622715550199", "0271 555 0199")
    history = as_colleague.get(answer["Location"]).content.decode()
    assert "Editor Klaten" in history
    assert "Moderator Klaten" in history


def test_editor_alone_gets_403_and_nothing_changes(as_editor, channel):
    change = propose(as_editor, channel)
    for act in ({"act": "approve"}, {"act": "reject", "reason": "salah"}):
        answer = as_editor.post(reverse("channels:change", args=[change.pk]), act)
        assert answer.status_code == 403
    channel.refresh_from_db()
    change.refresh_from_db()

    assert (channel.value, change.status) == ("+622719990011", "waiting")


def test_superuser_is_bound_as_well(klaten, channel):
    client = signed_in(make_user("superuser"), "klaten")
    change = propose(client, channel)
    answer = client.post(reverse("channels:change", args=[change.pk]), {"act": "approve"})
    channel.refresh_from_db()

    assert (answer.status_code, channel.value) == (403, "+622719990011")


def test_faults_stand_beside_what_was_typed(as_editor, channel):
    sent = typed(
        channel, value="nol dua tujuh", cost="Gratis sekali", hours_kind="days", day_1="8-4"
    )
    answer = as_editor.post(reverse("channels:edit", args=[channel.pk]), sent)
    body = answer.content.decode()

    assert answer.status_code == 422
    assert {"day_1"} <= set(answer.context["form"].errors)
    assert "nol dua tujuh" in body
    assert "Gratis sekali" in body
    assert ChannelChange.objects.count() == 0


def test_number_that_cannot_be_dialled_is_said_beside_its_field(as_editor, channel):
    sent = typed(channel, value="3310051212900001")
    answer = as_editor.post(reverse("channels:edit", args=[channel.pk]), sent)

    assert answer.status_code == 422
    assert "NIK" in str(answer.context["form"].errors["value"])


def test_form_sent_twice_is_one_proposal(as_editor, channel):
    sent = typed(channel, value="0271 555 0199")
    address = reverse("channels:edit", args=[channel.pk])
    answers = [as_editor.post(address, sent) for _again in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert ChannelChange.objects.count() == 1


def test_second_proposal_keeps_what_was_typed(as_editor, as_colleague, channel):
    propose(as_editor, channel)
    sent = typed(channel, cost="Pulsa sendiri")
    answer = as_colleague.post(reverse("channels:edit", args=[channel.pk]), sent)

    assert answer.status_code == 409
    assert "Pulsa sendiri" in answer.content.decode()


def test_new_channel_with_hours_and_issues(as_editor, as_colleague, klaten):
    organisation = Organisation.objects.create(district=klaten, kind="dinas", name="Dinas")
    sent = {
        "key": str(uuid4()),
        "organisation": organisation.pk,
        "kind": "whatsapp",
        "label": "WhatsApp dinas",
        "value": "0812 3456 7890",
        "region": "33.10.05",
        "timezone": "Asia/Jakarta",
        "hours_kind": "days",
        "day_1": "08.00–12.00, 13.00–16.00",
        "day_5": "08:00-11:30",
        "source": "Surat dinas",
        "position": "10",
        "active": "on",
    }
    assert as_editor.post(reverse("channels:add"), sent).status_code == 302
    change = ChannelChange.objects.get()
    as_colleague.post(reverse("channels:change", args=[change.pk]), {"act": "approve"})
    channel = Channel.objects.get(label="WhatsApp dinas")

    assert channel.hours == {
        "days": {"1": [["08:00", "12:00"], ["13:00", "16:00"]], "5": [["08:00", "11:30"]]}
    }
    assert (channel.value, channel.region_id) == ("+6281234567890", "33.10.05")


def test_hiding_needs_a_reason_and_showing_a_second_person(as_editor, as_colleague, channel):
    hide = reverse("channels:hide", args=[channel.pk])
    assert as_editor.post(hide, {"reason": " "}).status_code == 422
    assert as_editor.get(hide).status_code == 200
    as_editor.post(hide, {"reason": "Nomor milik orang lain"})
    assert not Channel.objects.shown().exists()
    show = reverse("channels:show", args=[channel.pk])
    assert as_editor.post(show).status_code == 302
    # Sent twice: it waits already.
    assert as_editor.post(show).status_code == 409
    change = ChannelChange.objects.get()
    assert not Channel.objects.shown().exists()
    as_colleague.post(reverse("channels:change", args=[change.pk]), {"act": "approve"})

    assert Channel.objects.shown().get() == channel


@pytest.mark.parametrize("name", ["show", "verify"])
def test_a_get_changes_nothing(as_editor, channel, name):
    assert as_editor.get(reverse(f"channels:{name}", args=[channel.pk])).status_code == 405


def test_recheck_by_the_proposer_is_refused(as_editor, as_colleague, channel):
    change = propose(as_editor, channel)
    as_colleague.post(reverse("channels:change", args=[change.pk]), {"act": "approve"})
    verify = reverse("channels:verify", args=[channel.pk])

    assert as_editor.post(verify).status_code == 403
    assert as_colleague.post(verify).status_code == 302
    assert channel.events.filter(verb="verified").count() == 1


def test_rejection_keeps_its_reason(as_editor, as_colleague, channel):
    change = propose(as_editor, channel)
    address = reverse("channels:change", args=[change.pk])
    assert as_colleague.post(address, {"act": "reject", "reason": ""}).status_code == 422
    as_colleague.post(address, {"act": "reject", "reason": "Nomor lama benar"})
    change.refresh_from_db()

    assert (change.status, change.note) == ("rejected", "Nomor lama benar")
    assert as_colleague.post(address, {"act": "approve"}).status_code == 409


def test_another_districts_channels_and_changes_are_404_like_missing_ones(klaten, as_editor):
    lebak = make_office("lebak", groups=True)
    foreign = make_channel(lebak)
    change = services.propose_change(
        district=lebak, actor=make_user("editor", lebak), channel=foreign, fields={"cost": "Gratis"}
    )
    for name, key in [
        *((n, foreign.pk) for n in ("detail", "edit", "hide", "show", "verify")),
        ("change", change.pk),
    ]:
        for method in (as_editor.get, as_editor.post):
            theirs = method(reverse(f"channels:{name}", args=[key]))
            missing = method(reverse(f"channels:{name}", args=[999_999]))
            assert theirs.status_code == missing.status_code == 404, name
            assert theirs.content == missing.content
    foreign.refresh_from_db()
    assert (foreign.hidden_at, foreign.cost) == (None, "")


@pytest.mark.parametrize("role", ["guru", "kader", "mitra", "koordinator", "monev"])
def test_other_roles_see_nothing(klaten, channel, role):
    client = signed_in(make_user(role, klaten), "klaten")
    for name, args in (("index", []), ("waiting", []), ("add", []), ("detail", [channel.pk])):
        assert client.get(reverse(f"channels:{name}", args=args)).status_code in {302, 404}


def test_nation_sees_and_decides_what_waits_in_districts(klaten, as_editor, channel):
    change = propose(as_editor, channel)
    client = signed_in(make_user("moderator", make_office("nasional", groups=True)), "localhost")
    assert "UPTD Klaten" in client.get(reverse("channels:waiting")).content.decode()
    client.post(reverse("channels:change", args=[change.pk]), {"act": "approve"})
    change.refresh_from_db()

    assert (change.status, change.decided_via) == ("approved", "province")


def test_menu_leads_there_and_home_says_what_needs_attention(as_editor, klaten, channel):
    make_placeholder(klaten, label="Puspaga")
    make_channel(klaten, label="Lama", review_due=date(2020, 1, 1))
    home = as_editor.get(reverse("wagtailadmin_home"))
    body = home.content.decode()

    assert reverse("channels:index") in body
    assert "?status=overdue" in body
    assert "?status=unverified" in body
    assert "pengganti" in body
    assert "last_upgrade_check" not in body


def test_home_is_calm_when_nothing_waits(as_editor, as_colleague, klaten, channel):
    make_channel(klaten, label="Darurat", is_emergency=True)
    Channel.objects.update(review_due=date(2099, 1, 1))
    body = as_editor.get(reverse("wagtailadmin_home")).content.decode()

    assert "?status=" not in body
    assert "pengganti" not in body


LINK = re.compile(r'value="http://klaten\.localhost(/saluran/[\w-]{32,}/)"')


def test_owner_link_is_shown_once_and_answers_once(as_editor, as_colleague, channel):
    change = propose(as_editor, channel)
    address = reverse("channels:change", args=[change.pk])
    page = as_colleague.post(address, {"act": "link"})
    link = LINK.search(page.content.decode())
    assert link, page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert link[1] not in as_colleague.get(address).content.decode()
    # Who proposed it is no second person, whatever link they hold; nor is who passed it on.
    for client in (as_editor, as_colleague):
        assert client.post(link[1], {"answer": "yes"}).status_code == 403

    owner = Client(headers={"host": "klaten.localhost"})
    question = owner.get(link[1])
    assert "0271 555 0199" in question.content.decode()
    assert question["Cache-Control"] == "private, no-store"
    channel.refresh_from_db()
    assert channel.value == "+622719990011"
    assert owner.post(link[1], {"answer": "yes"}).status_code == 200
    channel.refresh_from_db()
    assert channel.value == "+622715550199"
    assert owner.get(link[1]).status_code == 410
    assert owner.post(link[1], {"answer": "no"}).status_code == 410


def test_proposer_is_shown_no_link_and_told_who_makes_one(as_editor, channel):
    change = propose(as_editor, channel)
    address = reverse("channels:change", args=[change.pk])
    page = as_editor.get(address).content.decode()
    refused = as_editor.post(address, {"act": "link"})
    change.refresh_from_db()

    assert 'value="link"' not in page
    assert "http://klaten.localhost/ruang/saluran/" in page
    assert (refused.status_code, change.owner_token_digest) == (403, "")
    assert LINK.search(refused.content.decode()) is None


def test_owner_refuses_and_wrong_links_are_unknown(as_editor, colleague, channel):
    change = propose(as_editor, channel)
    token = services.issue_owner_link(change=change, actor=colleague)
    owner = Client(headers={"host": "klaten.localhost"})
    for wrong in ("x" * 32, "x", "y" * 300):
        assert owner.get(reverse("channel_owner", args=[wrong])).status_code == 404
    address = reverse("channel_owner", args=[token])
    assert owner.post(address, {"answer": "mungkin"}).status_code == 400
    owner.post(address, {"answer": "no"})
    channel.refresh_from_db()
    change.refresh_from_db()

    assert (channel.value, change.status, change.decided_via) == (
        "+622719990011",
        "rejected",
        "owner",
    )


def test_guessing_links_is_slowed_down(klaten):
    owner = Client(headers={"host": "klaten.localhost"})
    address = reverse("channel_owner", args=["x" * 32])
    answers = [owner.get(address) for _again in range(31)]

    assert [answer.status_code for answer in answers] == [404] * 30 + [429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 600


def test_owner_form_needs_its_token(as_editor, colleague, channel):
    change = propose(as_editor, channel)
    token = services.issue_owner_link(change=change, actor=colleague)
    strict = Client(enforce_csrf_checks=True, headers={"host": "klaten.localhost"})
    answer = strict.post(reverse("channel_owner", args=[token]), {"answer": "yes"})
    change.refresh_from_db()

    assert (answer.status_code, change.status) == (403, "waiting")


def test_what_people_typed_is_escaped(as_editor, as_colleague, channel):
    change = propose(as_editor, channel, label="<script>alert(1)</script>")
    for name, args in (("change", [change.pk]), ("waiting", [])):
        body = as_colleague.get(reverse(f"channels:{name}", args=args)).content.decode()
        assert "<script>alert(1)" not in body


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_number_of_times(
    as_editor, klaten, count, django_assert_max_num_queries
):
    for number in range(count):
        make_channel(klaten, label=f"N {number}", region=Region.objects.get(pk="33.10.05"))
    as_editor.get(reverse("channels:index"))
    with django_assert_max_num_queries(100) as captured:
        as_editor.get(reverse("channels:index"))
    asked = [q for q in captured.captured_queries if "districts_channel" in q["sql"]]

    assert len(asked) == 4
