"""Commitments as services keep them: an honest history, no silent move, no lost update."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from districts.models import Commitment, CommitmentStep
from districts.models.commitment import HistoryRewritten
from districts.services import commitments as services
from districts.services.vocabularies import load_vocabulary
from safeguards.models import AuditEntry
from tests.factories.channels import make_office
from tests.factories.commitments import BEGAN, make_commitment, make_owner
from tests.factories.people import make_member, make_person

pytestmark = pytest.mark.django_db
# 15 June 2026 in Lebak, the evening before in London.
NOW = datetime(2026, 6, 14, 20, 0, tzinfo=UTC)
TODAY = date(2026, 6, 15)


@pytest.fixture
def lebak():
    load_vocabulary(
        code="issue_area", version="1", name="Isu", terms=[{"code": "KtA", "label_id": "Anak"}]
    )
    return make_office("lebak")


@pytest.fixture
def editor(lebak):
    return make_member("editor", lebak)


def values(district, **fields) -> dict:
    return {
        "number": "2.1",
        "measure": "Kartu bantuan di setiap desa",
        "description": "Dipasang di balai desa.",
        "owner": make_owner(district),
        "indicator": "345 desa",
        "issue_codes": ["KtA"],
        "due": date(2027, 6, 30),
    } | fields


def create(district, actor, **fields) -> Commitment:
    return services.create_commitment(
        district=district, actor=actor, fields=values(district, **fields), now=NOW
    )


def step(commitment, actor, **given):
    given = {"status": "selesai", "day": TODAY, "version": commitment.version, "now": NOW} | given
    return services.take_step(commitment=commitment, actor=actor, **given)


def test_a_new_commitment_is_hidden_and_begins_its_history(lebak, editor):
    made = create(lebak, editor)
    assert (made.is_published, made.status, made.status_since) == (False, "direncanakan", TODAY)
    assert [(s.status, s.day, s.author) for s in made.steps.all()] == [
        ("direncanakan", TODAY, editor)
    ]
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor_id, entry.object_id) == (
        "commitment.created",
        editor.pk,
        str(made.pk),
    )


def test_a_step_says_since_when(lebak, editor):
    commitment = make_commitment(lebak)
    step(commitment, editor, status="berjalan", day=date(2026, 3, 1), note="Separuh jalan")
    commitment.refresh_from_db()
    assert (commitment.status, commitment.status_since) == ("berjalan", BEGAN)
    step(commitment, editor, status="tertunda", day=date(2026, 5, 2))
    commitment.refresh_from_db()
    assert (commitment.status, commitment.status_since) == ("tertunda", date(2026, 5, 2))
    assert [s.status for s in commitment.steps.all()] == ["tertunda", "berjalan", "berjalan"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"day": date(2026, 6, 16)}, "day"),
        ({"day": date(2026, 1, 4)}, "day"),
        ({"day": date(1, 1, 1)}, "day"),
        ({"day": None}, "day"),
        ({"status": "beres"}, "status"),
        ({"status": "berjalan", "note": "  "}, "note"),
        ({"note": "x" * 501}, "note"),
        ({"note": "NIK 3602011203980001"}, "note"),
        ({"note": "nol \x00"}, "note"),
    ],
)
def test_a_step_that_cannot_be_is_refused(lebak, editor, given, field):
    commitment = make_commitment(lebak)
    with pytest.raises(ValidationError) as refused:
        step(commitment, editor, **given)
    assert list(refused.value.message_dict) == [field]
    assert commitment.steps.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": " "}, "number"),
        ({"number": "1" * 21}, "number"),
        ({"measure": ""}, "measure"),
        ({"measure": "x" * 301}, "measure"),
        ({"description": "x" * 5_001}, "description"),
        ({"description": "NIK 3602011203980001"}, "description"),
        ({"indicator": "\x00"}, "indicator"),
        ({"owner": None}, "owner"),
        ({"due": date(9999, 12, 31)}, "due"),
        ({"due": "besok"}, "due"),
        ({"issue_codes": ["tidak-ada"]}, "issue_codes"),
    ],
)
def test_fields_that_cannot_be_are_refused_by_name(lebak, editor, change, field):
    with pytest.raises(ValidationError) as refused:
        create(lebak, editor, **change)
    assert list(refused.value.message_dict) == [field]
    assert Commitment.objects.count() == 0


def test_another_offices_organisation_owes_nothing_here(lebak, editor):
    with pytest.raises(ValidationError) as refused:
        create(lebak, editor, owner=make_owner(make_office("klaten")))
    assert list(refused.value.message_dict) == ["owner"]


def test_a_number_stands_once_in_a_plan(lebak, editor):
    make_commitment(lebak, "2.1")
    with pytest.raises(ValidationError) as refused:
        create(lebak, editor)
    assert list(refused.value.message_dict) == ["number"]
    make_commitment(make_office("klaten"), "2.2")
    assert create(lebak, editor, number="2.2").number == "2.2"


def test_a_form_sent_twice_is_one(lebak, editor):
    key = uuid4()
    given = {"district": lebak, "actor": editor, "fields": values(lebak), "key": key, "now": NOW}
    assert services.create_commitment(**given) == services.create_commitment(**given)
    commitment, key = make_commitment(lebak, "9"), uuid4()
    first = step(commitment, editor, key=key)
    assert step(commitment, editor, key=key) == first
    assert commitment.steps.count() == 2


def test_a_key_of_another_commitment_is_refused_in_words(lebak, editor):
    one, other, key = make_commitment(lebak, "1"), make_commitment(lebak, "2"), uuid4()
    step(one, editor, key=key)
    with pytest.raises(ValidationError):
        step(other, editor, key=key)
    other.refresh_from_db()
    assert (other.status, other.version) == ("berjalan", 1)


def test_a_due_date_never_moves_silently(lebak, editor):
    commitment = make_commitment(lebak)
    services.change_commitment(
        commitment=commitment, actor=editor, fields=values(lebak, number="1.1"), version=1, now=NOW
    )
    newest = commitment.steps.first()
    assert (newest.due_before, newest.due_after) == (date(2027, 12, 31), date(2027, 6, 30))
    assert (newest.day, newest.status, newest.author) == (TODAY, "berjalan", editor)


def test_nothing_changed_is_nothing_written(lebak, editor):
    commitment = create(lebak, editor)
    services.change_commitment(
        commitment=commitment, actor=editor, fields=values(lebak), version=1, now=NOW
    )
    commitment.refresh_from_db()
    assert (commitment.version, commitment.steps.count()) == (1, 1)


def test_a_stale_form_changes_nothing(lebak, editor):
    commitment = make_commitment(lebak)
    step(commitment, editor)
    for act in (
        lambda: step(commitment, editor, status="dihentikan"),
        lambda: services.change_commitment(
            commitment=commitment, actor=editor, fields=values(lebak), version=1, now=NOW
        ),
    ):
        with pytest.raises(services.StaleCommitment) as stale:
            act()
        assert stale.value.current.status == "selesai"
    commitment.refresh_from_db()
    assert (commitment.measure, commitment.status) == ("Kegiatan 1.1", "selesai")


@pytest.mark.parametrize("role", ["guru", "kader", "monev"])
def test_others_keep_no_commitments(lebak, role):
    commitment = make_commitment(lebak)
    for actor in (
        make_member(role, lebak),
        make_person(),
        make_member("admin", make_office("ppu")),
    ):
        for act in (
            lambda actor=actor: create(lebak, actor),
            lambda actor=actor: step(commitment, actor),
            lambda actor=actor: services.show_commitment(
                commitment=commitment, actor=actor, shown=False
            ),
            lambda actor=actor: services.change_commitment(
                commitment=commitment, actor=actor, fields=values(lebak), version=1
            ),
        ):
            with pytest.raises(services.NotAllowed):
                act()
    commitment.refresh_from_db()
    assert (commitment.version, commitment.is_published) == (1, True)


def test_history_is_only_added_to(lebak):
    first = make_commitment(lebak).steps.get()
    first.note = "Lain"
    rows = CommitmentStep.objects.all()
    for act in (
        first.save,
        first.delete,
        rows.delete,
        lambda: rows.update(note="Lain"),
        lambda: rows.bulk_update([first], ["note"]),
    ):
        with pytest.raises(HistoryRewritten):
            act()
    assert CommitmentStep.objects.get().note == ""


def test_the_database_knows_the_statuses_too(lebak):
    commitment = make_commitment(lebak)
    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.filter(pk=commitment.pk).update(status="beres")
    with pytest.raises(IntegrityError), transaction.atomic():
        CommitmentStep.objects.create(
            district=lebak, commitment=commitment, status="beres", day=TODAY
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        CommitmentStep.objects.create(
            district=lebak, commitment=commitment, status="selesai", day=TODAY, due_after=TODAY
        )
