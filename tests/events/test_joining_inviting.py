"""Inviting: texts to paste, numbered letters, posters, and organisations that answer."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from events.letter_numbers import asks_for, reference
from events.models import Event, InvitedOrganisation, Letter
from events.services import deciding, inviting
from events.services.bookkeeping import NotPossible
from safeguards.models import AuditEntry
from tests.factories.events import NOW, START, make_event, make_terms
from tests.factories.joining import NIK, date_of, make_open_event, token_in
from tests.factories.people import make_member
from tests.factories.places import make_district, make_user, national
from tests.papers import info_of, text_of

pytestmark = pytest.mark.django_db
HOST = {"host": "klaten.localhost"}
FORMAT = "{klasifikasi}/{nomor}/{kode_unit}/{tahun}"
SOON = timedelta(days=20)
LINK = re.compile(r"/kalender/undangan/([\w-]{32})/")


@pytest.fixture
def klaten():
    national()
    make_terms()
    office = make_district("klaten")
    office.number_format, office.signatory = FORMAT, "Kepala Dinas"
    office.letterhead = "PEMERINTAH KABUPATEN KLATEN\nDINAS CONTOH"
    office.save()
    return office


@pytest.fixture
def event(klaten):
    return planned(klaten)


def planned(district, **changed):
    now = timezone.now()
    start = (now + SOON).replace(hour=2, minute=0, second=0, microsecond=0)
    return make_open_event(district, **{"starts_at": start, "now": now} | changed)


@pytest.fixture
def office(klaten):
    client = Client()
    client.force_login(make_user("admin", klaten))
    return client


def path(event) -> str:
    return f"/ruang/kalender/{event.pk}/undangan/"


def post(client, event, **data):
    return client.post(path(event), data, headers=HOST)


def invited(event, label: str = "SMP Contoh") -> InvitedOrganisation:
    actor = event.proposed_by
    return inviting.invite(event=event, actor=actor, label=label, now=timezone.now())


def link_of(row: InvitedOrganisation) -> str:
    token = inviting.renew_link(invited=row, actor=row.event.proposed_by, now=timezone.now())
    return f"/kalender/undangan/{token}/"


def answer(client, link: str, **changed):
    data = {"answer": "hadir", "people": "2", "role": "Guru BK"} | changed
    return client.post(link, data, headers=HOST)


def letter_form(**changed) -> dict:
    return {
        "do": "letter",
        "seen": "",
        "day": timezone.localdate().isoformat(),
        "classification": "400.2",
        "unit": "DP3A",
    } | changed


def test_a_number_follows_the_format_of_the_office():
    day = date(2026, 3, 2)
    known = {"number": 7, "day": day, "classification": "400.2", "unit": "DP3A"}
    assert reference(FORMAT, **known) == "400.2/007/DP3A/2026"
    assert reference("{nomor}/LINDUNGI/{bulan_romawi}/{tahun}", **known) == "007/LINDUNGI/III/2026"
    assert reference("", **known) == "007/III/2026"
    assert reference("UND/{tahun}/{lain}", **known) == "007/UND/2026/…"
    assert (asks_for(FORMAT), asks_for("")) == ({"classification", "unit"}, set())


def test_numbers_run_by_year_and_office_and_never_repeat(klaten):
    event = make_event(klaten)
    actor = event.proposed_by

    def write(day, *, number=None, on=event):
        return inviting.write_letter(
            occurrence=date_of(on),
            actor=actor if on is event else on.proposed_by,
            day=day,
            classification="",
            unit="",
            agenda="",
            number=number,
            now=NOW,
        ).number

    this, other = date(2026, 3, 2), date(2027, 1, 2)
    assert [write(this), write(this), write(other)] == [1, 2, 1]
    assert [write(this, number=40), write(this), write(this, number=12)] == [40, 41, 12]
    with pytest.raises(NotPossible):
        write(this, number=41)
    assert write(this) == 42
    assert write(this, on=make_event(make_district("lebak"))) == 1
    # A letter outlives its session: its number stays used.
    event.delete()
    assert Letter.objects.filter(district=klaten).count() == 7


def test_the_letter_reads_as_an_office_writes_it(event, office):
    for name in ("Polres Contoh", "SMP Contoh"):
        invited(event, name)
    response = post(office, event, **letter_form(agenda="Alur lapor\nTanya jawab"))
    assert response.status_code == 303
    letter = Letter.objects.get()
    page = office.get(response["Location"].partition("#")[0], headers=HOST).content.decode()
    assert letter.reference == f"400.2/001/DP3A/{timezone.localdate().year}"
    assert letter.reference in page
    pdf = office.get(f"{path(event)}{letter.pk}.pdf", headers=HOST)
    assert (pdf["Content-Type"], pdf["Cache-Control"]) == ("application/pdf", "private, no-store")
    text = text_of(pdf.content)
    for words in (
        "PEMERINTAH KABUPATEN KLATEN",
        "DINAS CONTOH",
        f"400.2/001/DP3A/{timezone.localdate().year}",
        "Polres Contoh",
        "SMP Contoh",
        "Mengasuh tanpa kekerasan",
        "09.00–10.30 WIB",
        "Balai Desa",
        "Alur lapor",
        "Kepala Dinas",
    ):
        assert words in text
    assert (info_of(pdf.content)["Pages"], info_of(pdf.content)["Tagged"]) == ("1", "yes")


def test_many_addressees_stand_on_a_page_of_their_own(event, office):
    for number in range(6):
        invited(event, f"Organisasi {number}")
    post(office, event, **letter_form())
    pdf = office.get(f"{path(event)}{Letter.objects.get().pk}.pdf", headers=HOST).content
    assert info_of(pdf)["Pages"] == "2"
    assert [f"Organisasi {number}" in text_of(pdf) for number in range(6)] == [True] * 6


def test_a_letter_that_is_sent_twice_has_one_number(event, office):
    for _n in range(2):
        assert post(office, event, **letter_form()).status_code == 303
    assert Letter.objects.count() == 1
    # Other words are not the same letter: a colleague was faster, and nothing typed is lost.
    other = post(office, event, **letter_form(agenda="Membahas alur lapor"))
    assert (other.status_code, Letter.objects.count()) == (409, 1)
    assert "Membahas alur lapor" in other.content.decode()
    assert Letter.objects.get().reference in other.content.decode()
    seen = Letter.objects.get().pk
    post(office, event, **letter_form(seen=seen))
    assert sorted(Letter.objects.values_list("number", flat=True)) == [1, 2]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"day": "besok"}, "day"),
        ({"day": "99999-01-01"}, "day"),
        ({"day": "2020-01-01"}, "day"),
        ({"classification": ""}, "classification"),
        ({"unit": "x" * 10_000}, "unit"),
        ({"number": "nol"}, "number"),
        ({"number": "0"}, "number"),
        ({"agenda": "x" * 10_000}, "agenda"),
        ({"agenda": f"NIK {NIK}"}, "agenda"),
    ],
)
def test_a_fault_of_a_letter_takes_no_number(event, office, changed, field):
    response = post(office, event, **letter_form(**{"agenda": "Alur lapor"} | changed))
    text = response.content.decode()
    assert (response.status_code, f'id="id_{field}_error"' in text) == (422, True)
    if "agenda" not in changed:
        assert "Alur lapor" in text
    assert Letter.objects.count() == 0


def test_odd_words_break_neither_letter_nor_poster(klaten, office):
    event = planned(klaten, title='😀 #panic("x") *tebal* $x$ \u2028 lanjut', venue="[x] \\ @y")
    invited(event, "<b>Org</b> 😀 #let")
    post(office, event, **letter_form())
    letter = office.get(f"{path(event)}{Letter.objects.get().pk}.pdf", headers=HOST)
    poster = office.get(f"/ruang/kalender/{event.pk}/poster/{date_of(event).pk}.pdf", headers=HOST)
    for pdf in (letter, poster):
        assert '#panic("x")*tebal*$x$lanjut' in "".join(text_of(pdf.content).split())
    assert "<b>Org</b>" in text_of(letter.content)


def test_a_poster_has_the_public_address(event, office):
    row = date_of(event)
    pdf = office.get(f"/ruang/kalender/{event.pk}/poster/{row.pk}.pdf", headers=HOST)
    # Broken over lines after a slash alone.
    text = "".join(text_of(pdf.content).replace("\u200b", "").split())
    assert f"klaten.localhost/kalender/{event.slug}/{row.day:%Y-%m-%d}/" in text
    assert ("Mengasuhtanpakekerasan" in text, pdf["Cache-Control"]) == (
        True,
        "private, no-store",
    )


def test_a_guarded_session_has_texts_for_its_own_group_and_no_poster(klaten, office):
    event = make_event(
        klaten,
        kind="pertemuan-pkk",
        title="Dasawisma Melati",
        venue="Balai RW",
        starts_at=timezone.now() + SOON,
        now=timezone.now(),
    )
    text = office.get(path(event), headers=HOST).content.decode()
    assert ("Dasawisma Melati" in text, "Balai RW" in text) == (True, True)
    assert ("/kalender/pertemuan" in text, "poster/" in text) == (False, False)
    poster = f"/ruang/kalender/{event.pk}/poster/{date_of(event).pk}.pdf"
    assert office.get(poster, headers=HOST).status_code == 404


def test_the_text_to_paste_leads_to_the_date_and_its_form(event, office):
    text = office.get(path(event), headers=HOST).content.decode()
    row = date_of(event)
    link = f"klaten.localhost/kalender/{event.slug}/{row.day:%Y-%m-%d}/"
    assert (f"{link}daftar/" in text, "*Mengasuh tanpa kekerasan*" in text) == (True, True)
    assert "09.00–10.30 WIB" in text


def test_an_organisation_answers_and_changes_its_mind(event):
    row, client = invited(event), Client()
    link = link_of(row)
    assert token_in(link) not in str(InvitedOrganisation.objects.values())
    page = client.get(link, headers=HOST)
    assert (page.status_code, page["Cache-Control"]) == (200, "private, no-store")
    text = page.content.decode()
    assert ("SMP Contoh" in text, "Balai Desa" in text, "noindex" in text) == (True, True, True)
    first = answer(client, link)
    assert (first.status_code, first["Location"]) == (303, link)
    row.refresh_from_db()
    assert (row.answer, row.people, row.role) == ("hadir", 2, "Guru BK")
    answer(client, link, answer="berhalangan", people="")
    row.refresh_from_db()
    assert (row.answer, row.people, row.role) == ("berhalangan", None, "")
    assert AuditEntry.objects.filter(verb="invitation.answered").count() == 2


def test_an_answer_is_taken_back_with_all_that_it_said(event):
    row, client = invited(event), Client()
    link = link_of(row)
    answer(client, link)
    assert 'value="tarik"' in client.get(link, headers=HOST).content.decode()
    assert client.post(link, {"do": "tarik"}, headers=HOST).status_code == 303
    row.refresh_from_db()
    assert (row.answer, row.people, row.role, row.answered_at) == ("", None, "", None)
    assert AuditEntry.objects.filter(verb="invitation.withdrawn").count() == 1
    assert 'value="tarik"' not in client.get(link, headers=HOST).content.decode()
    # Once the session is off, what was answered stays.
    answer(client, link)
    Event.objects.filter(pk=event.pk).update(state="dibatalkan", cancelled_at=timezone.now())
    assert client.post(link, {"do": "tarik"}, headers=HOST).status_code == 409
    row.refresh_from_db()
    assert row.answer == "hadir"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"answer": ""}, "answer"),
        ({"answer": "mungkin"}, "answer"),
        ({"people": ""}, "people"),
        ({"people": "0"}, "people"),
        ({"people": "201"}, "people"),
        ({"people": "٣"}, "people"),
        ({"people": "x" * 10_000}, "people"),
        ({"role": "x" * 10_000}, "role"),
        ({"role": f"NIK {NIK}"}, "role"),
        ({"role": "www.contoh.invalid"}, "role"),
    ],
)
def test_a_faulty_answer_is_told_and_changes_nothing(event, changed, field):
    row = invited(event)
    response = answer(Client(), link_of(row), **changed)
    text = response.content.decode()
    assert (response.status_code, f'id="id_{field}_error"' in text) == (422, True)
    if field != "role":
        assert 'value="Guru BK"' in text
    row.refresh_from_db()
    assert (row.answer, row.people) == ("", None)


def test_an_odd_role_stays_words(event):
    row = invited(event)
    link = link_of(row)
    answer(Client(), link, role="Kasi 😀 <b>\u2028 PPA")
    row.refresh_from_db()
    assert row.role == "Kasi 😀 <b> PPA"
    assert "<b>" not in Client().get(link, headers=HOST).content.decode()


def test_too_much_and_too_often_are_told(event, monkeypatch):
    row = invited(event)
    link = link_of(row)
    large = answer(Client(), link, role="x" * 70_000)
    assert (large.status_code, "x" * 2_001 in large.content.decode()) == (413, False)
    monkeypatch.setattr("districts.private_pages.PER_PAGE", 1)
    assert answer(Client(), link).status_code == 303
    paused = answer(Client(), link, people="9")
    assert (paused.status_code, int(paused["Retry-After"]) > 0) == (429, True)
    row.refresh_from_db()
    assert row.people == 2


def test_a_link_is_renewed_revoked_and_never_shown_twice(event, office):
    row = invited(event)
    shown = post(office, event, do="link", who=row.pk)
    first = LINK.search(shown.content.decode())[0]
    assert LINK.search(office.get(path(event), headers=HOST).content.decode()) is None
    second = LINK.search(post(office, event, do="link", who=row.pk).content.decode())[0]
    missing = Client().get("/kalender/tidak-ada-sama-sekali/", headers=HOST)
    dead = Client().get(first, headers=HOST)
    assert (dead.status_code, dead.content) == (404, missing.content)
    assert Client().get(second, headers=HOST).status_code == 200
    make_district("lebak")
    assert Client().get(second, headers={"host": "lebak.localhost"}).status_code == 404
    answer(Client(), second)
    assert post(office, event, do="revoke", who=row.pk).status_code == 303
    assert Client().get(second, headers=HOST).status_code == 404
    assert answer(Client(), second).status_code == 404
    row.refresh_from_db()
    assert (row.answer, row.token_digest) == ("hadir", "")


def test_after_the_day_and_after_a_cancellation_nothing_is_answered(klaten):
    event = make_event(klaten)
    row = invited(event)
    inviting.renew_link(invited=row, actor=event.proposed_by, now=NOW)
    values = {"answer": "hadir", "people": 2, "role": ""}
    with pytest.raises(NotPossible):
        inviting.answer(invited=row, now=START + timedelta(days=1), **values)
    deciding.cancel(
        event=event,
        actor=event.proposed_by,
        version=event.version,
        note="Banjir",
        now=NOW,
    )
    with pytest.raises(NotPossible):
        inviting.answer(invited=row, now=NOW, **values)


def test_the_page_of_a_cancelled_session_says_so(event):
    row = invited(event)
    link = link_of(row)
    deciding.cancel(
        event=event,
        actor=event.proposed_by,
        version=event.version,
        note="Banjir",
        now=timezone.now(),
    )
    page = Client().get(link, headers=HOST)
    assert (page.status_code, "<form" in page.content.decode().split("<main")[1]) == (200, False)
    assert answer(Client(), link).status_code == 409


def test_links_wait_for_the_approval(klaten):
    event = make_event(klaten, published=False)
    row = invited(event)
    with pytest.raises(NotPossible):
        inviting.renew_link(invited=row, actor=event.proposed_by, now=NOW)


def test_the_list_of_the_invited_is_kept_by_who_invites(event, office):
    assert post(office, event, do="invite", label="Polsek  Contoh\u2028").status_code == 303
    assert post(office, event, do="invite", label="Polsek Contoh").status_code == 303
    row = event.invited.get()
    assert row.label == "Polsek Contoh"
    for label in ("", "x" * 10_000, f"NIK {NIK}"):
        assert post(office, event, do="invite", label=label).status_code == 422
    assert post(office, event, do="apa").status_code == 400
    assert post(office, event, do="take_back", who=row.pk).status_code == 303
    assert event.invited.count() == 0
    stranger = make_member("kader", event.district)
    with pytest.raises(PermissionDenied):
        inviting.invite(event=event, actor=stranger, label="Lain", now=NOW)


def test_counts_add_up_at_constant_cost(
    event, office, django_assert_max_num_queries, django_assert_num_queries
):
    invited(event, "Satu")
    office.get(path(event), headers=HOST)
    with django_assert_max_num_queries(22) as one:
        office.get(path(event), headers=HOST)
    # Before another request begins its own count.
    cost = len(one)
    for label in ("Dua", "Tiga"):
        answer(Client(), link_of(invited(event, label)))
    with django_assert_num_queries(cost):
        text = office.get(path(event), headers=HOST).content.decode()
    sums = re.search(r'class="j-sums".*?</dl>', text, re.DOTALL)[0]
    assert re.findall(r"<dd>(\d+)", sums) == ["2", "0", "0", "1"]


def test_only_who_hosts_opens_it(klaten, event, office):
    kader = Client()
    kader.force_login(make_user("kader", klaten))
    row = date_of(event)
    letter = inviting.write_letter(
        occurrence=row,
        actor=event.proposed_by,
        day=row.day,
        classification="",
        unit="",
        agenda="",
        number=None,
        now=timezone.now(),
    )
    poster = f"/ruang/kalender/{event.pk}/poster/{row.pk}.pdf"
    for address in (path(event), f"{path(event)}{letter.pk}.pdf", poster):
        assert kader.get(address, headers=HOST).status_code == 403
    foreign = planned(make_district("lebak"))
    missing = office.get("/ruang/kalender/999999/undangan/", headers=HOST)
    for address in (
        path(foreign),
        f"{path(foreign)}{letter.pk}.pdf",
        f"{path(planned(klaten))}{letter.pk}.pdf",
        f"/ruang/kalender/{event.pk}/poster/{date_of(foreign).pk}.pdf",
    ):
        response = office.get(address, headers=HOST)
        assert (response.status_code, response.content) == (404, missing.content)
