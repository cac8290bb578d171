import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import RequestFactory
from django.utils import translation

from districts import directory
from districts.models import Channel, Organisation, Region, Term, Vocabulary
from safeguards import generation
from tests.factories.channels import (
    ALWAYS,
    OFFICE_HOURS,
    make_channel,
    make_emergency,
    make_office,
    make_placeholder,
)

pytestmark = pytest.mark.django_db

# Wednesday, ten in the morning in Klaten.
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=ZoneInfo("Asia/Jakarta"))


@pytest.fixture
def issues():
    vocabulary = Vocabulary.objects.create(code="issue_area", name="Bidang isu")
    for position, (code, label, english) in enumerate(
        [("KtA", "Kekerasan terhadap anak", "Violence against children"), ("KDRT", "KDRT", "")]
    ):
        Term.objects.create(
            vocabulary=vocabulary,
            code=code,
            label_id=label,
            label_en=english,
            position=position,
        )


@pytest.fixture
def nation(issues):
    office = make_office("nasional")
    make_emergency(office, issues=["KtA", "KDRT"], position=10)
    make_channel(
        office,
        label="Nasional lewat WhatsApp",
        kind="whatsapp",
        value="+628111129129",
        display="08111-129-129",
        hours=ALWAYS,
        issues=["KtA"],
        position=30,
    )
    return office


@pytest.fixture
def klaten(nation):
    return make_office("klaten")


def asked(district, query: str = ""):
    """A request that comes in another moment: nothing is remembered but the generation."""
    generation.forget()
    generation.current()
    request = RequestFactory().get(f"/bantuan/{query}")
    request.district = district
    return request


def find(district, query: str = "", now: datetime = NOW) -> dict:
    with translation.override("id"):
        return directory.finder_context(asked(district, query), now=now)


def read(district, now: datetime = NOW) -> list:
    generation.forget()
    with translation.override("id"):
        return directory.directory(district, now)


def labels(views) -> list[str]:
    return [view.label for view in views]


def test_emergency_lines_come_first_and_can_be_tapped(klaten):
    make_channel(klaten, label="UPTD siang malam", hours=ALWAYS, value="+622719990099")
    found = find(klaten)

    assert labels(found["emergency"]) == ["Polisi 110", "UPTD siang malam"]
    assert [view.href for view in found["emergency"]] == ["tel:110", "tel:+622719990099"]


def test_silent_help_is_whatsapp_with_a_neutral_text(klaten):
    (view,) = find(klaten)["silent"]

    assert view.href == "https://wa.me/628111129129?text=Halo%2C%20boleh%20saya%20bertanya%3F"
    assert not re.search(r"kekerasan|anak|bantuan|lapor", view.href, re.IGNORECASE)


def test_unverified_channel_has_no_link_no_digit_and_no_state(klaten):
    make_placeholder(klaten, label="UPTD PPA", hours=OFFICE_HOURS)
    make_placeholder(klaten, label="WhatsApp dinas", kind="whatsapp", display="0812-3456-7890")
    views = [v for v in read(klaten) if not v.verified]

    assert sorted(labels(views)) == ["UPTD PPA", "WhatsApp dinas"]
    for view in views:
        assert view.href == ""
        assert not re.search(r"\d", view.display + view.hours_text + view.verified_text)
        assert (view.state, view.state_text) == ("unknown", "")


def test_value_without_verification_is_still_not_tapped(klaten):
    channel = make_channel(klaten, label="Belum")
    Channel.objects.filter(pk=channel.pk).update(last_verified=None)
    (view,) = [v for v in read(klaten) if v.label == "Belum"]

    assert (view.href, view.verified) == ("", False)
    assert not re.search(r"\d", view.display)


def test_hidden_inactive_and_ended_channels_are_never_read(klaten):
    make_channel(klaten, label="Sembunyi", hidden_at=NOW)
    make_channel(klaten, label="Mati", active=False)
    ended = Organisation.objects.create(
        district=klaten, kind="p2tp2a", name="P2TP2A", active_until=date(2026, 11, 17)
    )
    make_channel(klaten, label="Pendahulu", organisation=ended)

    assert labels(read(klaten)) == ["Polisi 110", "Nasional lewat WhatsApp"]


def test_another_district_is_never_read(klaten):
    lebak = make_office("lebak")
    make_channel(lebak, label="Hanya Lebak")

    assert "Hanya Lebak" not in labels(read(klaten))
    assert "Hanya Lebak" in labels(read(lebak))


def test_province_stands_between_district_and_nation(klaten):
    province = make_office("jateng")
    make_channel(province, label="UPTD provinsi", issues=["KDRT"])
    found = find(klaten)

    assert "UPTD provinsi" in labels(found["sections"][1].channels)
    assert "UPTD provinsi" not in labels(read(make_office("lebak"), NOW))


def test_overdue_emergency_line_stays_with_its_date(klaten, nation):
    Channel.objects.filter(label="Polisi 110").update(
        last_verified=date(2025, 1, 1), review_due=date(2026, 1, 1)
    )
    line = find(klaten)["emergency"][0]

    assert (line.label, line.href, line.overdue) == ("Polisi 110", "tel:110", True)
    assert line.verified_text.startswith("terakhir diperiksa 1 Januari 2025")


def test_overdue_office_is_shown_with_its_date_but_not_among_the_first_lines(klaten):
    make_channel(klaten, label="Lama", hours=ALWAYS, review_due=date(2026, 11, 17), issues=["KtA"])
    found = find(klaten)

    assert "Lama" not in labels(found["emergency"])
    (view,) = [v for v in found["sections"][0].channels if v.label == "Lama"]
    assert view.overdue
    assert "terakhir diperiksa 1 November 2026" in view.verified_text


def test_review_falls_due_after_its_day_in_the_channels_own_zone(nation):
    belu = make_office("belu")
    make_channel(belu, label="Belu", review_due=date(2026, 11, 18))
    last_minute = datetime(2026, 11, 18, 15, 59, tzinfo=UTC)

    def overdue(now):
        return next(v.overdue for v in read(belu, now) if v.label == "Belu")

    assert overdue(last_minute) is False
    assert overdue(datetime(2026, 11, 18, 16, 0, tzinfo=UTC)) is True


def test_open_offices_come_before_closed_ones(klaten):
    night = {"days": {"3": [["20:00", "23:00"]]}}
    make_channel(klaten, label="A tutup", issues=["KtA"], hours=night, position=1)
    make_channel(klaten, label="B buka", issues=["KtA"], hours=OFFICE_HOURS, position=50)
    make_channel(klaten, label="C tak tahu", issues=["KtA"], position=2)
    section = find(klaten)["sections"][0]

    assert labels(section.channels) == ["B buka", "C tak tahu", "A tutup"]
    assert section.channels[0].state_text == "Buka sekarang, sampai 16.00 WIB"
    assert section.channels[2].state_text == "Tutup sekarang, buka Rabu 20.00 WIB"


def test_kecamatan_is_served_by_its_own_its_villages_and_the_district(klaten):
    kecamatan = Region.objects.get(pk="33.10.05")
    make_channel(klaten, label="Kecamatan", region=kecamatan, issues=["KtA"], position=80)
    make_channel(
        klaten, label="Desa", region=Region.objects.get(pk="33.10.05.2001"), issues=["KtA"]
    )
    make_channel(klaten, label="Kabupaten", issues=["KtA"], position=1)
    make_channel(klaten, label="Tetangga", region=Region.objects.get(pk="33.10.01"))
    found = find(klaten, "?kec=33.10.05")

    assert found["kecamatan"] == directory.Kecamatan("33.10.05", "Kecamatan 05")
    assert labels(found["sections"][0].channels) == ["Kecamatan", "Desa", "Kabupaten"]
    assert (found["fallback"], found["unknown_kecamatan"]) == ("", False)


def test_kecamatan_without_channels_gets_the_districts_with_a_notice(klaten):
    make_channel(klaten, label="Kabupaten", issues=["KtA"])
    found = find(klaten, "?kec=33.10.05")

    assert labels(found["sections"][0].channels) == ["Kabupaten"]
    assert "Kecamatan 05" in found["fallback"]


def test_district_without_verified_channels_gets_the_nations(klaten):
    make_placeholder(klaten, label="UPTD PPA", issues=["KtA"])
    found = find(klaten, "?kec=33.10.05")

    assert "Klaten" in found["fallback"]
    for section in found["sections"]:
        assert any(view.href for view in section.channels), section.issue
    assert labels(found["sections"][0].channels)[-1] == "UPTD PPA"


def test_every_issue_has_somebody_even_one_that_nobody_names(klaten):
    Term.objects.create(
        vocabulary=Vocabulary.objects.get(), code="TPPO", label_id="TPPO", position=9
    )
    section = find(klaten)["sections"][2]

    assert section.issue.label == "TPPO"
    assert labels(section.channels) == ["Polisi 110"]


def test_channel_for_all_issues_serves_each(klaten):
    make_channel(klaten, label="Untuk semua", issues=[])

    for section in find(klaten)["sections"]:
        assert "Untuk semua" in labels(section.channels)


def test_anchors_name_no_topic(klaten):
    slugs = [section.issue.slug for section in find(klaten)["sections"]]

    assert slugs == ["bagian-1", "bagian-2"]


@pytest.mark.parametrize(
    "query",
    [
        "?kec=33.10.99",
        "?kec=36.02.14",
        "?kec=33.10",
        "?kec=abc",
        "?kec=33.10.05%00",
        "?kec=33.10.05%0d%0aSet-Cookie:x",
        "?kec=" + "9" * 5000,
        "?kec=%F0%9F%98%80",
        "?kec=33.10.05' OR 1=1--",
    ],
)
def test_unknown_kecamatan_is_said_and_the_lines_stay(klaten, query):
    make_office("lebak")
    found = find(klaten, query)

    assert (found["unknown_kecamatan"], found["kecamatan"]) == (True, None)
    assert labels(found["emergency"]) == ["Polisi 110"]


def test_empty_choice_is_the_whole_district(klaten):
    found = find(klaten, "?kec=&topik=kdrt")

    assert (found["unknown_kecamatan"], found["kecamatan"]) == (False, None)


def test_choices_are_the_districts_kecamatan_by_name(klaten):
    assert [choice.code for choice in find(klaten)["kecamatan_choices"]] == [
        "33.10.01",
        "33.10.05",
    ]


def test_issues_are_said_in_english_where_they_are_translated(klaten):
    with translation.override("en"):
        sections = directory.finder_context(asked(klaten), now=NOW)["sections"]

    assert [s.issue.label for s in sections] == ["Violence against children", "KDRT"]


def test_answer_is_fresh_until_the_next_opening_closing_or_review(klaten):
    jakarta = ZoneInfo("Asia/Jakarta")
    channel = make_channel(klaten, hours=OFFICE_HOURS, review_due=date(2026, 11, 18))
    request = asked(klaten)
    found = directory.finder_context(request, now=NOW)

    closing = datetime(2026, 11, 18, 16, 0, tzinfo=jakarta)
    assert found["fresh_until"] == request.fresh_until == closing
    after = find(klaten, now=datetime(2026, 11, 18, 17, 0, tzinfo=jakarta))
    assert after["fresh_until"] == datetime(2026, 11, 19, 0, 0, tzinfo=jakarta)
    channel.delete()
    assert find(klaten)["fresh_until"] == datetime(2027, 5, 2, tzinfo=jakarta)


def test_help_in_a_text_keeps_an_earlier_end_of_freshness(klaten):
    make_channel(klaten, hours=OFFICE_HOURS)
    request = asked(klaten)
    request.fresh_until = datetime(2026, 11, 18, 3, 30, tzinfo=UTC)
    directory.help_for_request(request, now=NOW)

    assert request.fresh_until == datetime(2026, 11, 18, 3, 30, tzinfo=UTC)


def test_help_in_a_text_is_short_verified_and_about_the_issue(klaten):
    make_placeholder(klaten, label="Belum", issues=["KDRT"])
    make_channel(klaten, label="Rumah", issues=["KDRT"])
    make_channel(klaten, label="Anak", issues=["KtA"])
    views = directory.help_for_request(asked(klaten), issue="KDRT", now=NOW)

    assert labels(views) == ["Polisi 110", "Rumah"]


@pytest.mark.parametrize("count", [1, 3])
def test_finder_asks_twice_however_many_channels(klaten, count, django_assert_num_queries):
    for code in ("33.10.01", "33.10.05"):
        for number in range(count):
            make_channel(klaten, region=Region.objects.get(pk=code), label=f"{code} {number}")
    request = asked(klaten, "?kec=33.10.05")

    with django_assert_num_queries(2):
        found = directory.finder_context(request, now=NOW)
    assert len([v for v in found["sections"][0].channels if v.distance == 0]) == count


def test_directory_is_read_once_a_request(klaten, django_assert_num_queries):
    request = asked(klaten)
    with django_assert_num_queries(1):
        directory.help_for_request(request, issue="KtA", now=NOW)
        directory.help_for_request(request, issue="KDRT", now=NOW)
        directory.urgent_context(request, now=NOW)


def test_paper_bears_the_first_number(klaten):
    assert find(klaten)["print_channel"] == "Polisi 110"


def test_site_without_an_office_reads_the_nations_lines(nation):
    found = find(None)

    assert labels(found["emergency"]) == ["Polisi 110"]
    assert found["kecamatan_choices"] == []


def test_broken_hours_are_unknown_and_break_nothing(klaten):
    make_channel(klaten, label="Rusak", hours={"days": {"9": [["x", "y"]]}})
    (view,) = [v for v in read(klaten) if v.label == "Rusak"]

    assert (view.state, view.hours_text) == ("unknown", "")
