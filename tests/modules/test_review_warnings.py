"""Editors are told 90, 30 and 7 days before a review, once each, whatever the mail server does."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import get_user_model
from django.test import RequestFactory
from django.utils import timezone

from districts.models import Membership
from districts.panels import tasks_of
from modules.models import ModulePage, ReviewWarning
from modules.review_mail import warn_editors
from modules.services.reviewing import withdraw
from safeguards.ticks import registered
from tests.factories.mails import backend_of, use_backend
from tests.factories.modules import make_module
from tests.factories.people import make_member
from tests.factories.places import make_district, national

pytestmark = [
    pytest.mark.django_db,
    # Django 6.1 deprecates how mail finds its server.
    pytest.mark.filterwarnings(r"ignore:get_connection\(\) is deprecated"),
]
WIB = ZoneInfo("Asia/Jakarta")
DUE = date(2026, 12, 31)


def wib(*when: int) -> datetime:
    return datetime(*when, tzinfo=WIB)


def before(days: int) -> datetime:
    return wib(2026, 12, 31, 9, 0) - timedelta(days=days)


@pytest.fixture
def pusat():
    return national()


@pytest.fixture
def editor(pusat):
    return make_member("editor", pusat, email="editor@kantor.invalid")


@pytest.fixture
def module(pusat):
    return make_module(lessons=0, title="Ajakan yang Menjebak", version="2.1", review_due=DUE)


def told() -> list[int]:
    return list(ReviewWarning.objects.order_by("-days").values_list("days", flat=True))


@pytest.mark.parametrize("days", [90, 30, 7])
def test_each_threshold_is_told_once_on_its_day(module, editor, mailoutbox, days):
    eve = before(days) - timedelta(hours=9, seconds=1)
    ReviewWarning.objects.bulk_create(
        ReviewWarning(page=module, due=DUE, days=earlier, sent_at=eve)
        for earlier in (90, 30)
        if earlier > days
    )
    known = told()
    # A second before midnight in Jakarta it is a day too early.
    assert warn_editors(eve) == 0
    assert warn_editors(eve + timedelta(seconds=1)) == 1
    assert warn_editors(before(days) + timedelta(hours=5)) == 0
    assert told() == [*known, days]
    [mail] = mailoutbox
    assert mail.bcc == ["editor@kantor.invalid"]
    assert (mail.to, mail.cc) == ([], [])


def test_the_mail_says_what_until_when_and_where(module, editor, mailoutbox):
    warn_editors(before(30))
    [mail] = mailoutbox
    assert mail.subject == "1 modul perlu ditinjau"
    for words in (
        "Ajakan yang Menjebak (versi 2.1): 31 Desember 2026, 30 hari lagi",
        "/admin/modul/tinjauan/",
    ):
        assert words in mail.body


def test_a_clock_that_stood_still_tells_the_nearest_threshold_alone(module, editor, mailoutbox):
    assert warn_editors(before(20)) == 1
    assert told() == [30]
    assert warn_editors(before(1)) == 1
    assert (told(), len(mailoutbox)) == ([30, 7], 2)


def test_on_its_last_day_it_is_told_and_later_not(module, editor, mailoutbox):
    assert warn_editors(wib(2027, 1, 1, 0, 0)) == 0
    assert warn_editors(wib(2026, 12, 31, 23, 59)) == 1
    assert told() == [7]


def test_a_new_review_day_is_told_again(module, editor):
    warn_editors(before(7))
    ModulePage.objects.filter(pk=module.pk).update(review_due=date(2027, 3, 31))
    assert warn_editors(wib(2027, 3, 1, 9, 0)) == 1
    assert ReviewWarning.objects.count() == 2


def test_a_dead_mail_server_loses_nothing(module, editor, settings, mailoutbox):
    working = backend_of(settings)
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    use_backend(settings, smtp, host="127.0.0.1", port=1, timeout=2)
    assert warn_editors(before(30)) == 0
    assert (told(), mailoutbox) == ([], [])
    use_backend(settings, working)
    assert warn_editors(before(30) + timedelta(hours=1)) == 1
    assert (told(), len(mailoutbox)) == ([30], 1)


def test_editors_and_moderators_of_its_office_are_told_and_nobody_else(module, pusat, mailoutbox):
    klaten = make_district("klaten")
    people = [make_member(role, pusat) for role in ("editor", "moderator", "guru", "monev")]
    make_member("editor", klaten)
    gone = make_member("editor", pusat)
    Membership.objects.filter(user=gone).update(ended_at=timezone.now())
    make_member("moderator", pusat, is_active=False)
    warn_editors(before(7))
    [mail] = mailoutbox
    assert mail.bcc == [people[0].email, people[1].email]


def test_nobody_to_tell_is_told_once_somebody_is_there(module, pusat, mailoutbox):
    assert (warn_editors(before(30)), told()) == (0, [])
    make_member("moderator", pusat)
    assert (warn_editors(before(29)), told()) == (1, [30])


def test_an_office_gets_one_mail_for_all_and_each_office_its_own(module, editor, mailoutbox):
    make_module(lessons=0, title="Rumah Tanpa Bentakan", review_due=DUE)
    klaten = make_district("klaten")
    colleague = make_member("moderator", klaten)
    make_module(klaten, lessons=0, title="Modul Klaten", review_due=DUE)
    assert warn_editors(before(7)) == 3
    bodies = {mail.bcc[0]: mail.body for mail in mailoutbox}
    assert set(bodies) == {editor.email, colleague.email}
    assert "Rumah Tanpa Bentakan" in bodies[editor.email]
    assert "Modul Klaten" not in bodies[editor.email]
    assert "Ajakan yang Menjebak" not in bodies[colleague.email]


@pytest.mark.parametrize("fields", [{"live": False}, {"retire_on": date(2026, 12, 1)}])
def test_what_readers_do_not_find_any_more_is_not_told(module, editor, mailoutbox, fields):
    ModulePage.objects.filter(pk=module.pk).update(**fields)
    assert warn_editors(before(7)) == 0
    assert mailoutbox == []


def test_a_withdrawn_module_is_not_told(module, editor, mailoutbox):
    withdraw(page=module, actor=editor, reason="Isinya salah.", now=before(10))
    assert (warn_editors(before(7)), mailoutbox) == (0, [])


def test_an_alias_is_the_nations_to_review(module, editor, mailoutbox):
    klaten = make_district("klaten")
    assert ModulePage.objects.filter(alias_of=module).count() == 1
    make_member("editor", klaten)
    assert warn_editors(before(7)) == 1
    assert [mail.bcc for mail in mailoutbox] == [[editor.email]]


def test_asking_is_as_many_queries_for_three_modules(
    module, editor, django_assert_max_num_queries, mailoutbox
):
    with django_assert_max_num_queries(9) as one:
        warn_editors(before(7))
    ReviewWarning.objects.all().delete()
    for _number in range(2):
        make_module(lessons=0, review_due=DUE)
    with django_assert_max_num_queries(len(one)):
        assert warn_editors(before(7)) == 3


def test_the_clock_knows_it():
    assert "modules.warn_editors" in {tick.name for tick in registered()}


def panel(office, user) -> list[tuple[str, bool]]:
    request = RequestFactory().get("/admin/")
    request.user, request.district = get_user_model().objects.get(pk=user.pk), office
    return [
        (task.url.partition("?")[2], task.is_urgent)
        for task in tasks_of(request, office)
        if "/modul/tinjauan/" in task.url
    ]


def test_the_panel_of_the_admin_says_so_too(pusat, editor):
    today = timezone.now().astimezone(WIB).date()
    for days in (-1, 0, 7, 8, 30, 31, 90, 91):
        make_module(lessons=0, review_due=today + timedelta(days=days))
    withdrawn = make_module(lessons=0, review_due=today)
    withdraw(page=withdrawn, actor=editor, reason="Isinya salah.", now=timezone.now())
    assert panel(pusat, editor) == [
        ("status=ditarik", True),
        ("status=lewat", True),
        ("status=segera", True),
        ("status=segera", False),
        ("status=segera", False),
    ]
    request = RequestFactory().get("/admin/")
    request.user, request.district = editor, pusat
    texts = [task.text for task in tasks_of(request, pusat) if "tinjauan" in task.url]
    assert [text[0] for text in texts] == ["1", "1", "2", "2", "2"]


def test_a_districts_panel_is_silent_about_the_nations(module):
    klaten = make_district("klaten")
    colleague = make_member("editor", klaten)
    make_module(klaten, lessons=0, review_due=timezone.now().date() + timedelta(days=3))
    assert panel(klaten, colleague) == [("status=segera", True)]
    ModulePage.objects.filter(alias_of=None).descendant_of(klaten.site.root_page).delete()
    assert panel(klaten, colleague) == []
