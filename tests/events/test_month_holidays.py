"""A month names its national holidays; the table marks their days."""

from datetime import date

from django.template.loader import render_to_string
from django.utils import translation

from events.month_grid import Shown, month_of


def december():
    return month_of(
        Shown(date(2026, 12, 1), ((date(2026, 12, 25), 2),), date(2026, 12, 3)), base="/kalender/"
    )


def test_the_holidays_of_a_month_have_names_in_the_language_being_read():
    with translation.override("id"):
        names = {cell.day: cell.holiday for cell in december().holidays}
    with translation.override("en"):
        english = {cell.day: cell.holiday for cell in december().holidays}
    assert names[date(2026, 12, 25)] == "Hari Raya Natal"
    assert english[date(2026, 12, 25)] == "Christmas Day"
    assert date(2026, 12, 3) not in names


def test_a_holiday_is_marked_with_and_without_sessions_and_told_below():
    with translation.override("id"):
        html = render_to_string(
            "events/partials/month_table.html", {"month": december(), "base": "/kalender/"}
        )
    assert '<b class="c-off">25</b><span class="unseen">' in html
    assert "<li>25 Desember: Hari Raya Natal</li>" in html
    assert "<b>3</b>" in html


def test_a_month_without_holidays_has_no_list():
    assert month_of(Shown(date(2026, 11, 1), (), date(2026, 11, 1)), base="/").holidays == []
