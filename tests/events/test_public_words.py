"""Rules of RFC 5545 in words."""

import pytest
from django.utils import translation

from events.recurrence import normalised
from events.repeating import rule_in_words


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("", ""),
        ("FREQ=DAILY;COUNT=1", "Every day, once"),
        ("FREQ=DAILY;INTERVAL=2;COUNT=5", "Every 2 days, 5 times"),
        ("FREQ=WEEKLY;BYDAY=TH;COUNT=12", "Every week on Thursday, 12 times"),
        (
            "FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=9",
            "Every week on Monday, Wednesday and Friday, 9 times",
        ),
        ("FREQ=WEEKLY;COUNT=4", "Every week, 4 times"),
        ("FREQ=MONTHLY;BYDAY=2TH;COUNT=6", "Every month on the second Thursday, 6 times"),
        (
            "FREQ=MONTHLY;BYDAY=-1FR;INTERVAL=3;COUNT=4",
            "Every 3 months on the last Friday, 4 times",
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=26;COUNT=6", "Every month on day 26, 6 times"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=6", "Every month on the last day of the month, 6 times"),
        ("FREQ=YEARLY;COUNT=3", "Every year, 3 times"),
        (
            "FREQ=WEEKLY;BYDAY=TH;UNTIL=20261126",
            "Every week on Thursday, until Thursday, 26 November 2026",
        ),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=2;COUNT=3", "It repeats on the dates below, 3 times"),
        ("FREQ=YEARLY;BYMONTH=3,9;COUNT=4", "It repeats on the dates below, 4 times"),
    ],
)
def test_a_rule_reads_like_a_sentence(rule, said):
    with translation.override("en"):
        written = normalised(rule, tz="Asia/Makassar") if rule else ""
        assert rule_in_words(written, tz="Asia/Makassar") == said
