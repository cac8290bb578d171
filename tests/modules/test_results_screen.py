"""`/ruang/kelas/<pk>/hasil/` and `…/hapus/`: for whoever held the session, and about nobody."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from modules.models import ClassRun, ModulePage, Participant, Submission, SurveyAnswer, Tally
from modules.models.answers import Phase
from modules.results import results_of
from modules.services import runs
from modules.services.tallying import tally
from safeguards.models import AuditEntry
from tests.factories.modules import ITEM, SURVEY_ITEM, make_module, make_run
from tests.factories.people import make_member
from tests.factories.places import make_district, make_user

pytestmark = pytest.mark.django_db
HOST = {"host": "lebak.localhost"}


@pytest.fixture
def lebak(db):
    return make_district("lebak")


@pytest.fixture
def teacher(lebak):
    return make_member("guru", lebak)


@pytest.fixture
def client(teacher):
    return signed_in(teacher)


@pytest.fixture
def run(lebak, teacher):
    return make_run(lebak, facilitator=teacher, now=timezone.now() - timedelta(hours=1))


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def address(run, more="hasil/"):
    return f"/ruang/kelas/{run.pk}/{more}"


def close(run):
    return runs.close_run(run=run, now=timezone.now())


def phones(run, number):
    Participant.objects.bulk_create(
        Participant(run=run, key=uuid4(), nickname=f"Panda {n}", joined_at=timezone.now())
        for n in range(number)
    )
    return list(run.participants.order_by("pk"))


def answers(run, kind, *given, people=None):
    """Each phone in turn gives one of these: (answer, is right)."""
    people = people or list(run.participants.order_by("pk"))
    Submission.objects.bulk_create(
        Submission(
            run=run,
            participant=person,
            key=uuid4(),
            item=ITEM[kind],
            answer=answer,
            is_right=right,
            points=float(bool(right)),
            at=timezone.now(),
        )
        for person, (answer, right) in zip(people, given, strict=False)
    )


def single(right=0, second=0, third=0, skipped=0):
    return [
        *[({"choice": 0}, True)] * right,
        *[({"choice": 1}, False)] * second,
        *[({"choice": 2}, False)] * third,
        *[({"skipped": True}, None)] * skipped,
    ]


def sheets(run, phase, *values, pairs=True, name="tahu"):
    """Sheets of the survey; the n-th before and the n-th after picked the same pictures."""
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(
            run=run,
            series=run.series,
            key=uuid4(),
            phase=phase,
            pair_code=f"gajah-{n}" if pairs else "",
            answers={} if value is None else {str(SURVEY_ITEM[name]): value},
            day=run.created_at.date(),
        )
        for n, value in enumerate(values)
    )


def hands(run, phase, item, counts, *, sequence=1):
    outcome = tally(
        run=run,
        key=uuid4(),
        phase=phase,
        item=item,
        source="tangan",
        counts=counts,
        sequence=sequence,
        now=timezone.now(),
    )
    assert outcome.http == 201


def text(response):
    return response.content.decode()


def words(response):
    """What stands on the page, without tags and with one space between words."""
    return " ".join(re.sub(r"<[^>]+>", " ", text(response).partition("<main")[2]).split())


def bars(run, kind="single"):
    one = next(q for q in results_of(run).questions if q.item.id == ITEM[kind])
    return [bar.cell.shown for bar in one.bars], one


@pytest.mark.parametrize(
    ("given", "told", "share", "skipped"),
    [
        (single(20, 10, 6), ["20", "10", "6"], "56%", "0"),
        (single(28, 6, 2), ["28", "5–7", "<5"], "78%", "0"),
        (single(34, 0, 2), ["32–35", "0", "<5"], "89–97%", "0"),
        # One who skipped is hidden by a neighbour, and counts among those who took part.
        (single(20, 15, 0, 1), ["20", "12–15", "0"], "56%", "<5"),
        (single(20, 0, 0, 16), ["20", "0", "0"], "56%", "16"),
        (single(5, 1), ["–", "–", "–"], None, "–"),
        (single(3, 1), [], None, "–"),
    ],
)
def test_a_question_tells_counts_and_hides_small_ones(run, given, told, share, skipped):
    phones(run, len(given))
    answers(run, "single", *given)
    shown, one = bars(run)
    assert shown == told
    assert (one.right.shown if one.right else None, one.skipped.shown) == (share, skipped)


def test_several_answers_each_hide_whoever_chose_and_whoever_did_not(run):
    phones(run, 36)
    chosen = [[0, 2]] * 30 + [[0, 1]] * 4 + [[2]] * 2
    answers(run, "multiple", *[({"choices": c}, c == [0, 2]) for c in chosen])
    shown, one = bars(run, "multiple")
    assert shown == ["32–35", "<5", "32–35"]
    # Six were wrong: an exact share would say that nobody of them was counted twice.
    assert one.right.shown == "≥ 75%"
    assert [bar.share for bar in one.bars] == [None, None, None]


def test_kinds_without_single_answers_tell_the_share_alone(run):
    phones(run, 20)
    given = [({"order": [0, 1, 2]}, True)] * 12 + [({"order": [1, 0, 2]}, False)] * 8
    answers(run, "order", *given)
    shown, one = bars(run, "order")
    assert (shown, one.right.shown, one.answered.shown) == ([], "60%", "20")


def test_only_the_first_attempt_counts_and_nobody_who_was_sent_out(run):
    first, second, *rest = phones(run, 12)
    answers(run, "true_false", *[({"choice": 1}, True)] * 12)
    Submission.objects.create(
        run=run,
        participant=second,
        key=uuid4(),
        item=ITEM["true_false"],
        attempt=2,
        answer={"choice": 0},
        is_right=False,
        at=timezone.now(),
    )
    runs.remove_participant(
        run=run, participant=first.pk, actor=run.facilitator, now=timezone.now()
    )
    assert bars(run, "true_false")[0] == ["0", "11"]
    assert results_of(run).participants.shown == str(1 + len(rest))


def test_change_is_told_of_pairs(run):
    sheets(run, Phase.BEFORE, *[0] * 10 + [1] * 10)
    sheets(run, Phase.AFTER, *[0] * 15 + [1] * 5)
    # Sheets that are no pair are left out: one without pictures, two with the same ones.
    sheets(run, Phase.AFTER, *[1] * 30, pairs=False)
    found = results_of(run)
    assert (found.paired, [c.item.id for c in found.changes]) == (True, list(SURVEY_ITEM.values()))
    known = found.changes[0]
    assert (known.before, known.after, known.points) == (50, 75, 25)
    assert (known.earlier.people.shown, known.later.cell.shown) == ("20", "15")


def test_two_who_picked_the_same_pictures_are_no_pair(run):
    sheets(run, Phase.BEFORE, *[0] * 6)
    sheets(run, Phase.AFTER, *[0] * 6)
    sheets(run, Phase.AFTER, *[1] * 2)
    # Four pairs are left, which is too few: totals are told instead.
    found = results_of(run)
    assert found.paired is False
    assert (found.changes[0].earlier.people.shown, found.changes[0].later.people.shown) == (
        "6",
        "8",
    )


def test_whoever_skipped_an_item_of_the_survey_cannot_be_counted(run):
    sheets(run, Phase.BEFORE, *[0] * 10 + [1] * 10)
    sheets(run, Phase.AFTER, *[0] * 10 + [1] * 8 + [None] * 2)
    known = results_of(run).changes[0]
    assert (known.later.people.shown, known.later.cell.shown, known.after) == ("20", "10", 50)


def test_attitude_is_agreement_where_the_module_leads(run):
    sheets(run, Phase.BEFORE, *[1, 2, 3, 4, 5] * 4, name="sikap")
    sheets(run, Phase.AFTER, *[1] * 20, name="niat")
    found = {change.item.id: change for change in results_of(run).changes}
    # Sikap leads to disagreement, niat to agreement.
    assert found[SURVEY_ITEM["sikap"]].before == 40
    assert found[SURVEY_ITEM["niat"]].after == 0


def has_a_lesson_left(run) -> None:
    run.asks_after = False
    run.save()


def test_a_course_of_two_sessions_has_one_survey(run):
    has_a_lesson_left(run)
    module = run.edition.page
    later = make_run(
        run.district,
        module=module,
        facilitator=run.facilitator,
        continues=run,
        mode="satu",
        now=timezone.now(),
    )
    hands(run, "sebelum", SURVEY_ITEM["tahu"], {"0": 16, "1": 16})
    hands(later, "sesudah", SURVEY_ITEM["tahu"], {"0": 24, "1": 8})
    for one in (run, later):
        found = results_of(one)
        assert (found.changes[0].before, found.changes[0].after) == (50, 75)
        assert found.paired is False


def test_another_open_session_of_the_course_keeps_its_sheets_to_itself(run):
    has_a_lesson_left(run)
    close(run)
    later = make_run(
        run.district,
        module=run.edition.page,
        facilitator=run.facilitator,
        continues=run,
        now=timezone.now(),
    )
    sheets(run, Phase.BEFORE, *[0] * 6 + [1] * 6, pairs=False)
    sheets(later, Phase.AFTER, *[0] * 12, pairs=False)
    now = timezone.now()
    assert results_of(run, now=now).changes[0].later is None
    close(later)
    assert results_of(run, now=now).changes[0].after == 100


def test_hands_are_totals_and_the_newest_count_is_true(run):
    hands(run, "kuis", ITEM["single"], {"0": 10, "1": 10, "2": 10})
    hands(run, "kuis", ITEM["single"], {"0": 20, "1": 5, "2": 5}, sequence=2)
    hands(run, "kuis", ITEM["multiple"], {"0": 30, "1": 3, "2": 20})
    assert bars(run)[0] == ["20", "5", "5"]
    shown, several = bars(run, "multiple")
    assert (shown, several.answered, several.right) == (["30", "<5", "20"], None, None)


def test_the_page_says_it_in_one_sentence_first(client, run):
    phones(run, 20)
    answers(run, "single", *single(10, 10))
    sheets(run, Phase.BEFORE, *[0] * 10 + [1] * 10)
    sheets(run, Phase.AFTER, *[0] * 15 + [1] * 5)
    close(run)
    with translation.override("en"):
        response = client.get(address(run), headers=HOST)
    assert response.status_code == 200
    heading = re.search(r"<h1>(.*?)</h1>", text(response)).group(1)
    assert ("75%" in heading, "50%" in heading) == (True, True)
    assert [one.number for one in results_of(run).to_teach_again] == [1]
    assert 'href="#soal-1"' in text(response)
    assert response["Cache-Control"] == "private, no-store"
    # Drawn without a style attribute, and without a nickname.
    assert ("style=" in text(response), "Panda" in text(response)) == (False, False)


def test_the_page_holds_no_hidden_number(client, run):
    phones(run, 36)
    # Three and thirty-three of thirty-six; shares of them would be 8 % and 92 %.
    answers(run, "single", *single(33, 3))
    close(run)
    response = client.get(address(run), headers=HOST)
    found = words(response)
    assert ("&lt;5" in found, "32–35" in found, "89–97%" in found) == (True, True, True)
    assert re.findall(r"\b(?:33|92%|8%)", found) == []
    assert re.findall(r'<rect[^>]*width="(?:92|8|33)"', text(response)) == []


def test_phones_that_still_answer_show_nothing(client, run):
    phones(run, 20)
    answers(run, "single", *single(10, 10))
    response = client.get(address(run), headers=HOST)
    assert response.status_code == 200
    assert "50%" not in text(response)
    assert f'href="{address(run, "")}"' in text(response)


@pytest.mark.parametrize(("mode", "links"), [("kertas", True), ("satu", True), ("ponsel", False)])
def test_a_session_without_answers_says_what_to_do(client, lebak, teacher, mode, links):
    run = close(make_run(lebak, facilitator=teacher, mode=mode, now=timezone.now()))
    response = client.get(address(run), headers=HOST)
    assert response.status_code == 200
    assert "l-empty" in text(response)
    assert (f'href="{address(run, "hitung/")}"' in text(response)) is links


@pytest.mark.parametrize(
    ("method", "more"),
    [
        ("get", "hasil/"),
        *[
            (method, more)
            for method in ("get", "post")
            for more in ("hapus/", "hitung/", f"hitung/kuis/{ITEM['single']}/")
        ],
    ],
)
def test_nobody_else_may_open_it(run, lebak, method, more):
    for role in ("guru", "admin", "moderator"):
        client = signed_in(make_member(role, lebak))
        nowhere = getattr(client, method)(f"/ruang/kelas/987654/{more}", headers=HOST)
        response = getattr(client, method)(address(run, more), headers=HOST)
        assert (response.status_code, response.content) == (404, nowhere.content)
    monev = signed_in(make_user("monev", lebak))
    assert getattr(monev, method)(address(run, more), headers=HOST).status_code == 403
    outside = getattr(Client(), method)(address(run, more), headers=HOST)
    assert (outside.status_code, outside["Location"].split("?")[0]) == (302, "/masuk/")
    assert ClassRun.objects.filter(pk=run.pk).exists()


def test_the_session_of_another_district_is_none(client, run):
    away = make_district("klaten")
    other = make_run(away, facilitator=make_member("guru", away), now=timezone.now())
    there = client.get(address(other), headers=HOST)
    nowhere = client.get("/ruang/kelas/987654/hasil/", headers=HOST)
    assert (there.status_code, there.content) == (404, nowhere.content)


def test_deletion_says_what_goes_and_takes_it(client, run):
    phones(run, 6)
    answers(run, "single", *single(6))
    sheets(run, Phase.BEFORE, *[0] * 4)
    hands(run, "kuis", ITEM["true_false"], {"0": 3, "1": 3})
    asks = client.get(address(run, "hapus/"), headers=HOST)
    assert asks.status_code == 200
    assert [number in words(asks) for number in (" 6 ", " 4 ", " 1 ")] == [True] * 3
    assert ClassRun.objects.count() == 1
    done = client.post(address(run, "hapus/"), headers=HOST)
    assert (done.status_code, done["Location"]) == (303, "/ruang/kelas/")
    left = [rows.objects.count() for rows in (ClassRun, Submission, SurveyAnswer, Tally)]
    assert left == [0, 0, 0, 0]
    assert AuditEntry.objects.filter(verb="run.deleted").count() == 1
    assert client.post(address(run, "hapus/"), headers=HOST).status_code == 404


def test_as_many_queries_for_500_as_for_36(client, run):
    def queries():
        client.get(address(run), headers=HOST)
        with CaptureQueriesContext(connection) as seen:
            response = client.get(address(run), headers=HOST)
        assert response.status_code == 200
        return len(seen)

    phones(run, 36)
    answers(run, "single", *single(20, 16))
    sheets(run, Phase.BEFORE, *[0] * 36)
    close(run)
    few = queries()
    more = Participant.objects.bulk_create(
        Participant(run=run, key=uuid4(), joined_at=timezone.now()) for _ in range(464)
    )
    answers(run, "single", *single(300, 164), people=more)
    sheets(run, Phase.AFTER, *[0] * 500)
    assert queries() == few
    with CaptureQueriesContext(connection) as seen:
        results_of(run)
    assert len(seen) == 5


def test_a_module_may_have_no_survey(lebak, teacher, client):
    module = make_module(survey=[])
    run = make_run(lebak, module=ModulePage.objects.get(pk=module.pk), facilitator=teacher)
    phones(run, 20)
    answers(run, "single", *single(20))
    close(run)
    response = client.get(address(run), headers=HOST)
    assert (response.status_code, "result-side" in text(response)) == (200, False)
    assert results_of(run).changes == ()
