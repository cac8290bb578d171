"""Past its day a module rests: no new session; one planned before may be held for 30 days."""

from datetime import date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from modules.models import ClassRun, ModulePage
from modules.review import DUE, PAST, UNREVIEWED, WITHDRAWN, in_state, state_of
from modules.services import runs
from tests.factories.modules import CELLS, make_module, make_run
from tests.factories.people import make_member
from tests.factories.places import make_district, national

pytestmark = pytest.mark.django_db
WIB = ZoneInfo("Asia/Jakarta")
LAST = date(2026, 8, 31)


def wib(*when: int) -> datetime:
    return datetime(*when, tzinfo=WIB)


@pytest.fixture
def lebak():
    return make_district("lebak")


@pytest.fixture(params=["review_due", "retire_on"])
def module(request):
    national()
    return make_module(**{request.param: LAST})


def plan(lebak, module, now):
    return runs.plan_run(
        district=lebak,
        facilitator=make_member("guru", lebak),
        key=uuid4(),
        module=module,
        mode=ClassRun.Mode.PHONES,
        cells=CELLS,
        now=now,
    )


def test_new_sessions_begin_until_the_day_ends_in_wib(lebak, module):
    assert plan(lebak, module, wib(2026, 8, 31, 23, 59)).http == 201
    refused = plan(lebak, module, wib(2026, 9, 1, 0, 0))
    assert (refused.http, ClassRun.objects.count()) == (410, 1)
    assert refused.reason != ""


def test_a_session_planned_before_is_held_for_thirty_days_more(lebak, module):
    planned = wib(2026, 8, 20, 9, 0)
    one = make_run(lebak, module=module, now=planned, opened=False)
    other = make_run(lebak, module=module, now=planned, opened=False)
    assert runs.open_run(run=one, now=wib(2026, 9, 30, 23, 59)).state == ClassRun.State.OPEN
    with pytest.raises(runs.NotNow):
        runs.open_run(run=other, now=wib(2026, 10, 1, 0, 0))
    other.refresh_from_db()
    assert (other.state, other.code) == (ClassRun.State.PLANNED, "")


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"review_due": date(2026, 8, 30)}, PAST),
        ({"retire_on": date(2026, 8, 30), "review_due": date(2027, 8, 30)}, PAST),
        ({"review_due": LAST}, DUE),
        ({"review_due": date(2026, 11, 29)}, DUE),
        ({"review_due": date(2026, 11, 30)}, UNREVIEWED),
        ({"retire_on": date(2026, 9, 1)}, DUE),
        ({}, UNREVIEWED),
        ({"review_due": date(2026, 8, 30), "withdrawn_at": wib(2026, 8, 1)}, WITHDRAWN),
    ],
)
def test_the_list_and_the_page_agree_on_its_state(fields, state):
    page = make_module(lessons=0, **fields)
    everything = ModulePage.objects.all()
    assert state_of(page, LAST, is_reviewed=False) == state
    found = {
        name
        for name in (WITHDRAWN, PAST, DUE, UNREVIEWED)
        if page in in_state(everything, name, LAST)
    }
    assert found == {state}


def test_a_reviewed_module_whose_day_is_far_has_no_state_to_tell():
    page = make_module(lessons=0)
    assert state_of(page, LAST, is_reviewed=True) == ""
    assert list(in_state(ModulePage.objects.all(), UNREVIEWED, LAST, reviewed=[page.pk])) == []


@pytest.mark.parametrize(
    ("fields", "reviewed"),
    [
        ({}, False),
        ({"reviewer": "Ahli, UPTD PPA"}, False),
        ({"reviewer": "Ahli, UPTD PPA", "reviewed_on": date(2026, 1, 1)}, True),
    ],
)
def test_it_counts_as_reviewed_when_somebody_did_so_on_a_day(fields, reviewed):
    assert ModulePage(**fields).is_reviewed is reviewed
