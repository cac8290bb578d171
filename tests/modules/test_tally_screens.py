"""`/ruang/kelas/<pk>/hitung/…`: hands counted on one device, totals of sheets typed at once."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from modules.agenda import agenda
from modules.countable import countable_of
from modules.models import Tally
from modules.services import runs
from modules.services.tallying import current_tallies
from tests.factories.modules import ITEM, SURVEY_ITEM, block_id, make_module, make_run
from tests.factories.people import make_member
from tests.factories.places import make_district

pytestmark = pytest.mark.django_db
HOST = {"host": "lebak.localhost"}
# The words of each question's key, which nobody may read before the count.
KEY = {"single": "Penjelasan single", "true_false": "Penjelasan true_false"}
COUNTS = {"n-0": "20", "n-1": "8", "n-2": "4"}


@pytest.fixture
def lebak(db):
    return make_district("lebak")


@pytest.fixture
def teacher(lebak):
    return make_member("guru", lebak)


@pytest.fixture
def client(teacher):
    client = Client()
    client.force_login(teacher)
    return client


@pytest.fixture
def run(lebak, teacher):
    """32 people and one device."""
    return make_run(lebak, facilitator=teacher, mode="satu", now=timezone.now())


@pytest.fixture
def paper(lebak, teacher):
    run = make_run(lebak, facilitator=teacher, mode="kertas", now=timezone.now())
    return runs.close_run(run=run, now=timezone.now())


def address(run, kind="", phase="kuis"):
    if not kind:
        return f"/ruang/kelas/{run.pk}/hitung/"
    return f"/ruang/kelas/{run.pk}/hitung/{phase}/{(ITEM | SURVEY_ITEM)[kind]}/"


def send(client, where, counts, *, key=None, sequence="1", **more):
    typed = {"key": str(uuid4()) if key is None else key, "sequence": sequence} | counts | more
    return client.post(where, typed, headers=HOST)


def show(run, kind):
    """Take the class to the point that asks this."""
    asks = next(one.point for one in countable_of(run) if one.item.id == (ITEM | SURVEY_ITEM)[kind])
    runs.go_to(run=run, step=asks, now=timezone.now())


def text(response):
    return response.content.decode()


def value(response, name):
    found = re.search(rf'<input[^>]* name="{name}"[^>]* value="([^"]*)"', text(response))
    return found.group(1)


def true(run, kind="single", phase="kuis"):
    row = current_tallies(run).get((phase, (ITEM | SURVEY_ITEM)[kind]))
    return row and row.counts


def test_what_hands_can_answer_stands_in_the_order_of_the_session(run):
    found = [(one.phase, one.item.kind, one.number) for one in countable_of(run)]
    survey = [("single", 1), ("likert", 2), ("likert", 3)]
    assert found == [
        *[("sebelum", *one) for one in survey],
        ("kuis", "single", 1),
        ("kuis", "true_false", 2),
        ("kuis", "multiple", 3),
        ("kuis", "likert", 6),
        *[("sesudah", *one) for one in survey],
    ]


def test_the_form_holds_no_key(client, run):
    response = client.get(address(run, "single"), headers=HOST)
    assert response.status_code == 200
    assert "Soal single?" in text(response)
    for word in (KEY["single"], "Umpan balik", "tally-fits"):
        assert word not in text(response)
    assert (value(response, "sequence"), value(response, "n-0")) == ("1", "")


def test_the_answer_is_told_once_the_count_is_kept(client, run):
    done = send(client, address(run, "single"), COUNTS)
    assert (done.status_code, done["Location"]) == (303, address(run, "single"))
    row = Tally.objects.get()
    assert (row.counts, row.source, row.sequence) == ({"0": 20, "1": 8, "2": 4}, "tangan", 1)
    told = client.get(done["Location"], headers=HOST)
    assert (KEY["single"] in text(told), text(told).count("tally-fits")) == (True, 1)


def test_one_question_leads_to_the_next_of_the_same_step(client, run):
    show(run, "single")
    send(client, address(run, "single"), COUNTS)
    told = client.get(address(run, "single"), headers=HOST)
    assert f'href="{address(run, "true_false")}"' in text(told)
    # The last of the step leads back to the session: the others are not taught yet.
    send(client, address(run, "multiple"), {"n-0": "3"})
    told = client.get(address(run, "multiple"), headers=HOST)
    assert address(run, "likert") not in text(told)
    assert f'href="/ruang/kelas/{run.pk}/"' in text(told)


def test_a_question_of_the_survey_leads_on_at_once(client, run):
    show(run, "tahu")
    done = send(client, address(run, "tahu", "sebelum"), {"n-0": "12", "n-1": "20"})
    assert (done.status_code, done["Location"]) == (303, address(run, "sikap", "sebelum"))
    told = client.get(address(run, "tahu", "sebelum"), headers=HOST)
    # What is asked again afterwards is not given away.
    assert ("tally-fits" in text(told), "Penjelasan" in text(told)) == (False, False)


@pytest.mark.parametrize(
    ("counts", "wrong"),
    [
        ({"n-0": "20", "n-1": "8", "n-2": "5"}, []),
        ({"n-0": "dua", "n-1": "8", "n-2": "4"}, ["n-0"]),
        ({"n-0": "-1", "n-1": "8", "n-2": "4"}, ["n-0"]),
        ({"n-0": "2,5", "n-1": "8", "n-2": "10000"}, ["n-0", "n-2"]),
        ({"n-0": "²", "n-1": "8", "n-2": "4"}, ["n-0"]),
        ({"n-0": "", "n-1": "", "n-2": ""}, []),
    ],
)
def test_counts_that_do_not_add_up_stay_in_the_form(client, run, counts, wrong):
    response = send(client, address(run, "single"), counts)
    assert response.status_code == 422
    assert 'id="fault"' in text(response)
    assert [value(response, name) for name in counts] == list(counts.values())
    marked = re.findall(r'name="(n-\d)"[^>]*aria-invalid="true"', text(response))
    assert marked == wrong
    assert Tally.objects.count() == 0


def test_fewer_hands_than_people_are_fine(client, run):
    assert send(client, address(run, "single"), {"n-0": "3"}).status_code == 303
    assert true(run) == {"0": 3, "1": 0, "2": 0}


def test_several_answers_may_be_more_than_people(client, run):
    counts = {"n-0": "32", "n-1": "32", "n-2": "30"}
    assert send(client, address(run, "multiple"), counts).status_code == 303
    assert send(client, address(run, "multiple"), {"n-0": "33"}, sequence="2").status_code == 422
    assert true(run, "multiple") == {"0": 32, "1": 32, "2": 30}


def test_a_repeat_is_harmless(client, run):
    key = str(uuid4())
    codes = [send(client, address(run, "single"), COUNTS, key=key).status_code for _ in range(3)]
    assert (codes, Tally.objects.count()) == ([303] * 3, 1)


def test_a_repeat_after_a_correction_changes_nothing(client, run):
    key = str(uuid4())
    send(client, address(run, "single"), COUNTS, key=key)
    send(client, address(run, "single"), {"n-0": "32"}, sequence="2")
    assert send(client, address(run, "single"), COUNTS, key=key).status_code == 303
    assert true(run) == {"0": 32, "1": 0, "2": 0}


def test_a_correction_is_a_new_count(client, run):
    send(client, address(run, "single"), COUNTS)
    again = client.get(address(run, "single") + "?koreksi=1", headers=HOST)
    assert [value(again, name) for name in COUNTS] == list(COUNTS.values())
    assert value(again, "sequence") == "2"
    done = send(
        client, address(run, "single"), {"n-0": "30"}, key=value(again, "key"), sequence="2"
    )
    assert done.status_code == 303
    assert (Tally.objects.count(), true(run)) == (2, {"0": 30, "1": 0, "2": 0})


def test_the_back_button_of_a_browser_asks_before_it_corrects(client, run):
    key = str(uuid4())
    send(client, address(run, "single"), COUNTS, key=key)
    changed = send(client, address(run, "single"), {"n-0": "30"}, key=key)
    assert (changed.status_code, value(changed, "n-0")) == (422, "30")
    assert (value(changed, "key") != key, value(changed, "sequence")) == (True, "2")
    assert true(run) == {"0": 20, "1": 8, "2": 4}


def test_a_stale_form_shows_both_versions_and_wins_only_when_sent_again(client, run):
    old = client.get(address(run, "single"), headers=HOST)
    send(client, address(run, "single"), COUNTS)
    stale = send(client, address(run, "single"), {"n-0": "31"}, key=value(old, "key"))
    assert stale.status_code == 409
    assert ("A 20 · B 8 · C 4" in text(stale), value(stale, "n-0")) == (True, "31")
    assert true(run) == {"0": 20, "1": 8, "2": 4}
    again = {"key": value(stale, "key"), "sequence": value(stale, "sequence")}
    assert send(client, address(run, "single"), {"n-0": "31"}, **again).status_code == 303
    assert true(run) == {"0": 31, "1": 0, "2": 0}


@pytest.mark.parametrize(
    ("button", "told"),
    [
        ({"ubah": "1:1"}, ["20", "9", "1"]),
        ({"ubah": "1:-1"}, ["20", "7", "1"]),
        ({"sisa": "2"}, ["20", "8", "4"]),
    ],
)
def test_the_buttons_work_without_script_and_keep_nothing(client, run, button, told):
    counts = {"n-0": "20", "n-1": "8", "n-2": "1"}
    response = send(client, address(run, "single"), counts, **button)
    assert (response.status_code, [value(response, name) for name in counts]) == (200, told)
    assert Tally.objects.count() == 0


def test_the_rest_can_be_given_and_kept_at_once(client, run):
    counts = {"n-0": "20", "n-1": "8", "n-2": ""}
    done = send(client, address(run, "single"), counts, **{"sisa-simpan": "2"})
    assert (done.status_code, true(run)) == (303, {"0": 20, "1": 8, "2": 4})


@pytest.mark.parametrize(
    "hidden",
    [
        {"key": "x"},
        {"key": ""},
        {"sequence": "x"},
        {"sequence": "-1"},
        {"sequence": "9" * 12},
        {"sequence": ""},
    ],
)
def test_hidden_fields_that_are_not_ours_keep_what_was_typed(client, run, hidden):
    response = send(client, address(run, "single"), COUNTS, **hidden)
    assert (response.status_code, value(response, "n-0")) == (400, "20")
    assert Tally.objects.count() == 0


def test_a_megabyte_is_refused(client, run):
    response = send(client, address(run, "single"), {"n-0": "1" * 1_000_000})
    assert (response.status_code, Tally.objects.count()) == (413, 0)
    where = address(run)
    assert send(client, where, {"n-0": "1" * 1_000_000}).status_code == 413


@pytest.mark.parametrize(
    ("phase", "item"),
    [
        ("kuis", ITEM["order"]),
        ("kuis", ITEM["short_text"]),
        ("kuis", SURVEY_ITEM["tahu"]),
        ("sebelum", ITEM["single"]),
        ("nanti", ITEM["single"]),
        ("kuis", block_id("lanjutan 7")),
    ],
)
def test_what_hands_cannot_answer_is_no_page(client, run, phase, item):
    where = f"/ruang/kelas/{run.pk}/hitung/{phase}/{item}/"
    assert client.get(where, headers=HOST).status_code == 404
    assert send(client, where, {"n-0": "3"}).status_code == 404
    assert Tally.objects.count() == 0


def fields(kind, phase="kuis", *, key=None, sequence="1", **counts):
    """The fields of a row of the sheet."""
    prefix = f"{phase}-{(ITEM | SURVEY_ITEM)[kind].hex}-"
    numbers = {f"{prefix}{name.replace('_', '-')}": number for name, number in counts.items()}
    return {f"{prefix}key": key or str(uuid4()), f"{prefix}sequence": sequence} | numbers


def test_sheets_are_entered_on_one_page(client, paper):
    page = client.get(address(paper), headers=HOST)
    assert page.status_code == 200
    assert text(page).count("data-line") == 10
    sent = {
        **fields("tahu", "sebelum", n_0="12", n_1="20"),
        **fields("single", n_0="20", n_1="8", n_2="4"),
        **fields("tahu", "sesudah", n_0="30", n_1="2"),
        # Left for later.
        **fields("true_false", n_0="", n_1=""),
    }
    done = client.post(address(paper), sent, headers=HOST)
    assert (done.status_code, done["Location"]) == (303, f"/ruang/kelas/{paper.pk}/hasil/")
    assert set(Tally.objects.values_list("source", "phase")) == {
        ("kertas", "sebelum"),
        ("kertas", "kuis"),
        ("kertas", "sesudah"),
    }
    assert true(paper, "tahu", "sesudah") == {"0": 30, "1": 2}
    again = client.get(address(paper), headers=HOST)
    prefix = f"kuis-{ITEM['single'].hex}-"
    assert (value(again, f"{prefix}n-0"), value(again, f"{prefix}sequence")) == ("20", "2")


def test_each_question_of_the_sheet_is_judged_by_itself(client, paper):
    sent = {
        **fields("single", n_0="20", n_1="8", n_2="4"),
        **fields("true_false", n_0="30", n_1="30"),
        **fields("multiple", n_0="tiga", n_1="1", n_2="2"),
    }
    response = client.post(address(paper), sent, headers=HOST)
    assert response.status_code == 422
    assert true(paper) == {"0": 20, "1": 8, "2": 4}
    assert Tally.objects.count() == 1
    for name in ("true_false", "multiple"):
        prefix = f"{'kuis'}-{ITEM[name].hex}-"
        assert f'href="#{prefix}soal"' in text(response)
        assert value(response, f"{prefix}n-0") == sent[f"{prefix}n-0"]
    assert text(response).count('aria-invalid="true"') == 1
    # What is kept may be sent along again with the corrected ones.
    kept = f"kuis-{ITEM['single'].hex}-"
    again = {
        **fields("single", key=value(response, f"{kept}key"), sequence="2", n_0="20", n_1="8")
    } | {f"{kept}n-2": "4"}
    again |= fields("true_false", n_0="30", n_1="2")
    assert client.post(address(paper), again, headers=HOST).status_code == 303
    assert (Tally.objects.count(), true(paper, "true_false")) == (2, {"0": 30, "1": 2})


def test_a_sheet_sent_twice_is_kept_once(client, paper):
    sent = fields("single", n_0="20", n_1="8", n_2="4")
    codes = [client.post(address(paper), sent, headers=HOST).status_code for _ in range(2)]
    assert (codes[0], Tally.objects.count()) == (303, 1)
    assert codes[1] == 200


def test_an_empty_sheet_says_so(client, paper):
    response = client.post(address(paper), fields("single", n_0="", n_1=""), headers=HOST)
    assert (response.status_code, Tally.objects.count()) == (422, 0)
    # Nor can a count be taken back by emptying it.
    client.post(address(paper), fields("single", n_0="20"), headers=HOST)
    emptied = fields("single", sequence="2", n_0="", n_1="", n_2="")
    response = client.post(address(paper), emptied, headers=HOST)
    assert (response.status_code, true(paper)) == (422, {"0": 20, "1": 0, "2": 0})


def test_a_stale_sheet_overwrites_nothing(client, paper):
    client.post(address(paper), fields("single", n_0="20", n_1="12"), headers=HOST)
    stale = {**fields("single", n_0="5"), **fields("true_false", n_0="1", n_1="2")}
    response = client.post(address(paper), stale, headers=HOST)
    assert (response.status_code, "A 20 · B 12 · C 0" in text(response)) == (409, True)
    assert true(paper) == {"0": 20, "1": 12, "2": 0}
    assert true(paper, "true_false") == {"0": 1, "1": 2}


def test_a_hidden_field_of_the_sheet_that_is_not_ours(client, paper):
    sent = fields("single", key="x", n_0="20")
    response = client.post(address(paper), sent, headers=HOST)
    prefix = f"kuis-{ITEM['single'].hex}-"
    assert (response.status_code, value(response, f"{prefix}n-0")) == (400, "20")
    assert Tally.objects.count() == 0


@pytest.mark.parametrize(("days", "codes"), [(29, (200, 303)), (31, (200, 409))])
def test_sheets_may_wait_a_month(client, lebak, teacher, days, codes):
    held = timezone.now() - timedelta(days=days)
    run = make_run(lebak, facilitator=teacher, mode="kertas", now=held)
    runs.close_run(run=run, now=held)
    page = client.get(address(run), headers=HOST)
    sent = client.post(address(run), fields("single", n_0="20"), headers=HOST)
    assert (page.status_code, sent.status_code) == codes
    assert ("data-line" in text(page), Tally.objects.count()) == (days < 30, int(days < 30))
    one = send(client, address(run, "true_false"), {"n-0": "3"})
    assert one.status_code == codes[1]


def test_a_plan_may_be_tallied_before_it_was_ever_opened(client, lebak, teacher):
    run = make_run(lebak, facilitator=teacher, mode="kertas", opened=False)
    sent = client.post(address(run), fields("single", n_0="20"), headers=HOST)
    assert (sent.status_code, Tally.objects.count()) == (303, 1)


def test_as_many_queries_for_three_lessons_as_for_one(client, lebak, teacher):
    found = []
    for lessons in (1, 3):
        module = make_module(lessons=lessons)
        run = make_run(lebak, facilitator=teacher, module=module, mode="kertas", now=timezone.now())
        assert len(agenda(run)) == 4 + 3 + lessons - 1
        client.get(address(run), headers=HOST)
        with CaptureQueriesContext(connection) as seen:
            client.get(address(run), headers=HOST)
        found.append(len(seen))
    assert found[0] == found[1]
