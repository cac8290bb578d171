"""`/ruang/kelas/kelompok/…`: groups are counted, never named."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from districts.models import Membership, Organisation
from modules.forms.counts import Counts
from modules.models import Group, Sex
from modules.periods import period_of, raised
from modules.services.groups import Cell, cells_of
from tests.factories.forms import opened_of
from tests.factories.modules import make_group, make_run
from tests.factories.people import make_member
from tests.factories.places import make_district
from tests.factories.requests import make_terms

pytestmark = pytest.mark.django_db
HOST = {"host": "lebak.localhost"}
NEW = "/ruang/kelas/kelompok/baru/"
FORM = {"kind": "kelas", "label": "8B", "period": "2026/2027", "organisation": ""}
COUNTS = {"n-L-0-13-17": "16", "n-P-0-13-17": "15", "n-L-1-13-17": "1"}


@pytest.fixture
def lebak(db):
    from districts.models import Term, Vocabulary

    make_terms()
    ages, _made = Vocabulary.objects.get_or_create(code="age_group", defaults={"name": "Umur"})
    Term.objects.filter(vocabulary=ages).delete()
    for position, code in enumerate(("6-12", "13-17", "18-24", "25-59", "60+")):
        Term.objects.create(vocabulary=ages, code=code, label_id=f"{code} tahun", position=position)
    return make_district("lebak")


@pytest.fixture
def teacher(lebak):
    return make_member("guru", lebak)


@pytest.fixture
def client(teacher):
    client = Client()
    client.force_login(teacher)
    return client


def send(client, path=NEW, **fields):
    return client.post(path, FORM | COUNTS | fields, headers=HOST)


def text_of(response):
    return response.content.decode()


def of(group, more=""):
    return f"/ruang/kelas/kelompok/{group.pk}/{more}"


def test_a_group_is_saved_with_its_counts(client, teacher, lebak):
    response = send(client)
    group = Group.objects.get()
    assert (response.status_code, response["Location"]) == (302, "/ruang/kelas/")
    assert (group.label, group.facilitator, group.district) == ("8B", teacher, lebak)
    assert set(cells_of(group)) == {
        Cell("L", "13-17", False, 16),
        Cell("P", "13-17", False, 15),
        Cell("L", "13-17", True, 1),
    }


def test_the_form_begins_with_the_ages_of_the_kind(client):
    school = text_of(client.get(NEW, headers=HOST))
    assert school.index("13-17 tahun") < school.index('id="umur-lain"')
    assert school.index('id="umur-lain"') < school.index("25-59 tahun")
    pkk = text_of(client.get(f"{NEW}?jenis=pkk", headers=HOST))
    assert pkk.index("25-59 tahun") < pkk.index('id="umur-lain"')
    assert client.get(f"{NEW}?jenis=hantu", headers=HOST).status_code == 200


@pytest.mark.parametrize(
    ("changed", "kept"),
    [
        (dict.fromkeys(COUNTS, "0"), "8B"),
        (dict.fromkeys(COUNTS, ""), "8B"),
        ({"n-L-0-13-17": "2001"}, 'value="2001"'),
        ({"n-L-0-13-17": "1990", "n-P-0-60+": "11"}, 'value="1990"'),
        ({"n-L-0-13-17": "9" * 200}, 'value="999999999999"'),
        ({"n-L-0-13-17": "-3"}, 'value="-3"'),
        ({"n-L-0-13-17": "banyak"}, 'value="banyak"'),
        ({"n-L-0-13-17": "1,5"}, 'value="1,5"'),
        ({"n-L-0-13-17": "٣"}, 'value="٣"'),
    ],
)
def test_numbers_that_cannot_be_are_refused_and_kept(client, changed, kept):
    response = send(client, **changed)
    text = text_of(response)
    assert response.status_code == 422
    assert Group.objects.count() == 0
    assert 'id="jumlah_error"' in text
    assert kept in text
    assert 'value="8B"' in text


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("label", ""),
        ("label", "x" * 61),
        ("label", "NISN " + "00" + "5" * 8),
        ("label", "331001" + "410199" + "0001"),
        ("period", "2026/2028"),
        ("period", "tahun ini"),
        ("organisation", "999999"),
        ("organisation", "x"),
    ],
)
def test_words_that_cannot_be_are_refused(client, name, typed):
    response = send(client, **{name: typed})
    assert (response.status_code, Group.objects.count()) == (422, 0)
    assert f'id="id_{name}_error"' in text_of(response)
    assert 'value="16"' in text_of(response)


def test_a_place_of_another_district_is_none(client):
    school = Organisation.objects.create(
        district=make_district("klaten"), name="SMP Jauh", kind="sekolah"
    )
    response = send(client, organisation=str(school.pk))
    assert (response.status_code, Group.objects.count()) == (422, 0)
    assert "SMP Jauh" not in text_of(response)


def test_the_members_own_place_stands_first(client, teacher, lebak):
    other = Organisation.objects.create(district=lebak, name="SMP A", kind="sekolah")
    own = Organisation.objects.create(district=lebak, name="SMP Z", kind="sekolah")
    Membership.objects.filter(user=teacher).update(organisation=own)
    text = text_of(client.get(NEW, headers=HOST))
    assert text.index("SMP Z") < text.index("SMP A")
    assert f'<option value="{own.pk}" selected>' in text
    assert f'<option value="{other.pk}">' in text


def test_a_step_without_javascript_keeps_nothing_but_what_is_typed(client):
    response = send(client, label="8C", ubah="n-P-0-13-17:1")
    text = text_of(response)
    assert (response.status_code, Group.objects.count()) == (200, 0)
    assert 'name="n-P-0-13-17" value="16"' in text
    assert "<b data-total>33</b>" in text
    assert 'value="8C"' in text
    down = send(client, **{"n-L-1-13-17": "0", "ubah": "n-L-1-13-17:-1"})
    assert 'name="n-L-1-13-17" value="0"' in text_of(down)


def test_a_step_of_nothing_is_an_ordinary_save(client):
    assert send(client, ubah="label:1").status_code == 302
    assert Group.objects.count() == 1


def test_a_group_is_changed_in_place(client, lebak, teacher):
    group = make_group(lebak, teacher, cells=[Cell("P", "13-17", False, 3)])
    form = client.get(of(group), headers=HOST)
    assert 'value="3"' in text_of(form)
    assert send(client, of(group), label="8C", opened=opened_of(form)).status_code == 302
    group = Group.objects.get()
    assert (group.label, sum(cell.number for cell in cells_of(group))) == ("8C", 32)


def test_what_was_changed_in_another_window_is_not_overwritten(client, lebak, teacher):
    group = make_group(lebak, teacher, label="8B", period="2026/2027")
    Group.objects.filter(pk=group.pk).update(organisation=None)
    mine = {"label": "8C", "opened": opened_of(client.get(of(group), headers=HOST))}
    # A step of the table keeps what the form was opened with.
    stepped = send(client, of(group), **mine, ubah="n-P-0-13-17:1")
    assert opened_of(stepped) == mine["opened"]
    theirs = mine | {"label": "8 Bintang", "n-P-0-13-17": "20"}
    # Sent twice it is kept once.
    assert [send(client, of(group), **theirs).status_code for _time in (1, 2)] == [302, 302]
    stale = send(client, of(group), **mine)
    kept = Group.objects.get()
    assert (stale.status_code, kept.label) == (409, "8 Bintang")
    assert sum(cell.number for cell in cells_of(kept)) == 37
    both = {(one.theirs, one.mine) for one in stale.context["compared"]}
    assert both == {("8 Bintang", "8C"), ("20", "15")}
    page = text_of(stale)
    assert ("8 Bintang</td>" in page, 'value="8C"' in page) == (True, True)
    assert 'name="n-P-0-13-17" value="15"' in page
    again = mine | {"opened": opened_of(stale)}
    assert send(client, of(group), **again).status_code == 302
    kept.refresh_from_db()
    assert (kept.label, sum(cell.number for cell in cells_of(kept))) == ("8C", 32)


@pytest.mark.parametrize("opened", ["", "0" * 64])
def test_a_form_that_does_not_say_what_it_saw_overwrites_nothing(client, lebak, teacher, opened):
    group = make_group(lebak, teacher, label="8B")
    assert send(client, of(group), label="8C", opened=opened).status_code == 409
    assert Group.objects.get().label == "8B"


def test_a_group_put_away_meanwhile_stays_away_when_it_is_changed(client, lebak, teacher):
    group = make_group(lebak, teacher)
    opened = opened_of(client.get(of(group), headers=HOST))
    client.post(of(group), {"do": "archive"}, headers=HOST)
    assert send(client, of(group), label="8C", opened=opened).status_code == 302
    group.refresh_from_db()
    assert (group.label, group.archived_at is None) == ("8C", False)


def test_a_band_the_vocabulary_lost_is_still_shown(client, lebak, teacher):
    group = make_group(lebak, teacher, cells=[Cell("P", "13-15", False, 3)])
    text = text_of(client.get(of(group), headers=HOST))
    assert 'name="n-P-0-13-15" value="3"' in text


def test_a_copy_proposes_and_leaves_the_old_one(client, lebak, teacher):
    group = make_group(lebak, teacher, label="7B", period="2025/2026")
    text = text_of(client.get(of(group, "salin/"), headers=HOST))
    assert 'value="8B"' in text
    assert f'value="{period_of("kelas", timezone.localdate())}"' in text
    assert Group.objects.count() == 1
    assert send(client, of(group, "salin/"), label="8A").status_code == 302
    made = Group.objects.get(label="8A")
    group.refresh_from_db()
    assert (made.copied_from, group.label) == (group, "7B")


def test_a_group_is_put_away_and_taken_out(client, lebak, teacher):
    group = make_group(lebak, teacher)
    client.post(of(group), {"do": "archive"}, headers=HOST)
    group.refresh_from_db()
    assert group.archived_at is not None
    assert (group.label, len(cells_of(group))) == ("8B", 3)
    client.post(of(group), {"do": "restore"}, headers=HOST)
    group.refresh_from_db()
    assert group.archived_at is None


def test_deleting_asks_first_and_leaves_the_sessions(client, lebak, teacher):
    group = make_group(lebak, teacher)
    run = make_run(lebak, facilitator=teacher, group=group, now=timezone.now())
    assert client.get(of(group, "hapus/"), headers=HOST).status_code == 200
    assert Group.objects.count() == 1
    assert client.post(of(group, "hapus/"), headers=HOST).status_code == 302
    run.refresh_from_db()
    assert (Group.objects.count(), run.group_id, run.group_label) == (0, None, "8B")


@pytest.mark.parametrize("more", ["", "salin/", "hapus/"])
def test_anothers_group_is_a_missing_one(client, lebak, more):
    theirs = make_group(lebak, label="9Z")
    abroad = make_group(make_district("klaten"), label="9Y")
    missing = client.get(f"/ruang/kelas/kelompok/99999999/{more}", headers=HOST)
    for group in (theirs, abroad):
        found = client.get(of(group, more), headers=HOST)
        assert (found.status_code, found.content) == (404, missing.content)
        assert send(client, of(group, more)).status_code == 404
    assert set(Group.objects.values_list("label", flat=True)) == {"9Z", "9Y"}


def test_other_roles_are_refused_before_a_row_is_looked_for(lebak, teacher):
    group = make_group(lebak, teacher)
    client = Client()
    client.force_login(make_member("monev", lebak))
    answers = [
        client.get(path, headers=HOST) for path in (NEW, of(group), "/ruang/kelas/kelompok/9/")
    ]
    assert [answer.status_code for answer in answers] == [403] * 3
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize(
    ("label", "later"),
    [
        ("7B", "8B"),
        ("7 B", "8 B"),
        ("VII-B", "VIII-B"),
        ("X IPA 2", "XI IPA 2"),
        ("10.3", "11.3"),
        ("9A", "9A"),
        ("6", "6"),
        ("12 TKJ", "12 TKJ"),
        ("PKK RW 03", "PKK RW 03"),
        ("IIX A", "IIX A"),
        ("Xavier", "Xavier"),
        ("2026 A", "2026 A"),
        ("", ""),
    ],
)
def test_a_label_a_year_later(label, later):
    assert raised(label) == later


@pytest.mark.parametrize(
    ("kind", "day", "period"),
    [
        ("kelas", date(2026, 7, 1), "2026/2027"),
        ("kelas", date(2027, 6, 30), "2026/2027"),
        ("pkk", date(2026, 7, 1), "2026"),
    ],
)
def test_a_period_follows_the_kind_and_the_day(kind, day, period):
    assert period_of(kind, day) == period


def test_a_table_without_a_vocabulary_has_one_band():
    from districts.models import Term

    Term.objects.filter(vocabulary__code="age_group").delete()
    counts = Counts(years=(5, 18), typed={"n-P-0-": "4"})
    assert [cell for cell in counts.cells() if cell.sex == Sex.FEMALE] == [Cell("P", "", False, 4)]
    assert (counts.total, counts.others) == (4, [])
