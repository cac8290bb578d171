"""Admin screens of organisations and of the data that all districts share."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from districts.channel_reach import in_state, state_of
from districts.models import (
    Channel,
    District,
    Membership,
    Organisation,
    Region,
    Regulation,
    Succession,
    Term,
    Vocabulary,
)
from districts.services.permissions import sync_groups
from districts.services.vocabularies import load_regulations, load_vocabulary
from safeguards.models import AuditEntry
from tests.factories.channels import make_channel
from tests.factories.places import make_district, make_user, national

pytestmark = pytest.mark.django_db
SCHOOL = {"name": "SMP Contoh", "kind": "sekolah", "npsn": "20309872", "region": "36.02.01"}


@pytest.fixture
def lebak() -> District:
    national()
    return make_district("lebak")


@pytest.fixture
def editor(client, lebak):
    client.force_login(make_user("editor", lebak))
    client.defaults["HTTP_HOST"] = "lebak.localhost"
    return client


def organisation(district: District, name: str = "Puskesmas Contoh", **fields) -> Organisation:
    return Organisation.objects.create(
        **{"district": district, "name": name, "kind": "kesehatan"} | fields
    )


def test_an_editor_adds_an_organisation_to_the_own_district(editor, lebak):
    response = editor.post(reverse("organisasi:add"), SCHOOL)
    assert response.status_code == 302
    school = Organisation.objects.get(npsn="20309872")
    assert (school.district, school.region_id) == (lebak, "36.02.01")


def test_nobody_chooses_the_district(editor, lebak):
    klaten = make_district("klaten")
    editor.post(reverse("organisasi:add"), {**SCHOOL, "district": klaten.pk})
    assert Organisation.objects.get(npsn="20309872").district == lebak


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Siswa 3310051203980001"}, "name"),
        ({"npsn": "123"}, "npsn"),
        ({"kind": "lain"}, "kind"),
        ({"region": "33.10.01"}, "region"),
        ({"active_from": "2026-01-02", "active_until": "2026-01-01"}, "active_until"),
    ],
)
def test_an_error_stands_beside_its_field(editor, change, field):
    make_district("klaten")
    response = editor.post(reverse("organisasi:add"), SCHOOL | change)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert Organisation.objects.filter(kind="sekolah").count() == 0


def test_the_same_organisation_twice_is_told_not_a_crash(editor, lebak):
    editor.post(reverse("organisasi:add"), SCHOOL | {"npsn": ""})
    again = editor.post(reverse("organisasi:add"), SCHOOL | {"npsn": ""})
    assert again.status_code == 422
    assert again.context["form"].errors
    assert Organisation.objects.filter(kind="sekolah").count() == 1


def test_another_districts_organisation_is_not_found(editor, lebak):
    foreign = organisation(make_district("klaten"), "Rahasia Klaten")
    own = organisation(lebak)
    assert editor.get(reverse("organisasi:edit", args=[own.pk])).status_code == 200
    for method in (editor.get, editor.post):
        there = method(reverse("organisasi:edit", args=[foreign.pk]))
        nowhere = method(reverse("organisasi:edit", args=[987654]))
        assert (there.status_code, nowhere.status_code) == (404, 404)
        assert there.content == nowhere.content
    for address in ("index", "index_results"):
        listing = editor.get(reverse(f"organisasi:{address}") + "?q=Rahasia").content.decode()
        assert "Rahasia Klaten" not in listing


def test_no_choice_shows_another_district(editor, lebak):
    foreign = organisation(make_district("klaten"), "Rahasia Klaten")
    own = organisation(lebak)
    page = editor.get(reverse("organisasi:edit", args=[own.pk])).content.decode()
    assert "Rahasia Klaten" not in page
    assert "33.10" not in page
    for field in ("parent", "successor"):
        sent = {"name": own.name, "kind": own.kind, field: foreign.pk, "since": "2026-01-01"}
        response = editor.post(reverse("organisasi:edit", args=[own.pk]), sent)
        assert list(response.context["form"].errors) == [field]


def test_a_teachers_role_elsewhere_opens_nothing_there(client, lebak):
    """Editor of Klaten, teacher in Lebak: the groups of one district never serve another."""
    klaten = make_district("klaten")
    user = make_user("editor", klaten)
    Membership.objects.create(user=user, district=lebak, role="guru")
    sync_groups(user)
    client.force_login(user)
    foreign = organisation(lebak, "Rahasia Lebak")
    response = client.get(
        reverse("organisasi:edit", args=[foreign.pk]), headers={"host": "klaten.localhost"}
    )
    assert response.status_code == 404


def test_a_succession_is_recorded_on_the_form(editor, lebak):
    old = organisation(lebak, "P2TP2A Contoh", kind="p2tp2a")
    new = organisation(lebak, "UPTD PPA Contoh", kind="uptd_ppa")
    sent = {"name": old.name, "kind": old.kind, "successor": new.pk, "since": "2025-04-30"}
    assert editor.post(reverse("organisasi:edit", args=[old.pk]), sent).status_code == 302
    succession = Succession.objects.get()
    assert (succession.predecessor, succession.successor) == (old, new)
    # And back again is refused beside the field, with nothing changed.
    sent = {"name": new.name, "kind": new.kind, "successor": old.pk, "since": "2026-01-01"}
    response = editor.post(reverse("organisasi:edit", args=[new.pk]), sent | {"name": "Berubah"})
    assert list(response.context["form"].errors) == ["successor"]
    new.refresh_from_db()
    assert (Succession.objects.count(), new.name) == (1, "UPTD PPA Contoh")


@pytest.mark.parametrize("screen", ["delete", "copy", "usage", "history"])
def test_there_is_no_address_that_deletes_copies_or_counts(editor, lebak, screen):
    own = organisation(lebak)
    response = editor.post(f"/admin/organisasi/{screen}/{own.pk}/")
    assert response.status_code == 404
    assert Organisation.objects.filter(pk=own.pk).exists()


def test_the_list_costs_the_same_at_one_and_three(editor, lebak):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert editor.get(reverse("organisasi:index")).status_code == 200
        return len(captured)

    organisation(lebak, "Satu", region_id="36.02.01")
    queries()
    at_one = queries()
    organisation(lebak, "Dua", region_id="36.02.05")
    organisation(lebak, "Tiga")
    assert queries() == at_one


@pytest.fixture
def reference():
    load_vocabulary(
        code="ampk", version="1", name="AMPK", terms=[{"code": "a", "label_id": "Darurat"}]
    )
    load_regulations(
        [{"code": "pp", "number": "PP 78/2021", "year": 2021, "title": "X", "status": "berlaku"}]
    )
    return {
        "kosakata": Term.objects.get().vocabulary,
        "istilah": Term.objects.get(),
        "peraturan": Regulation.objects.get(),
        "wilayah": Region.objects.get(pk="36.02"),
    }


@pytest.mark.parametrize("name", ["kosakata", "istilah", "peraturan", "wilayah"])
def test_a_district_reads_reference_data_and_writes_none(editor, reference, name):
    record = reference[name]
    assert editor.get(reverse(f"{name}:index")).status_code == 200
    shown = editor.get(reverse(f"{name}:inspect", args=[record.pk]))
    assert shown.status_code == 200
    assert str(record) in shown.content.decode()
    before = {field: getattr(record, field) for field in ("pk",)}
    for method in (editor.get, editor.post):
        refused = method(reverse(f"{name}:edit", args=[record.pk]), {"name": "Diubah"})
        assert refused.status_code in {302, 403, 404}
    record.refresh_from_db()
    assert "Diubah" not in str(record)
    assert before == {"pk": record.pk}


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("kosakata", "name", "Nama baru"),
        ("istilah", "label_id", "Label baru"),
        ("peraturan", "title", "Judul baru"),
        ("wilayah", "name", "Nama baru"),
    ],
)
def test_the_national_office_corrects_reference_data(client, lebak, reference, name, field, value):
    client.force_login(make_user("superuser"))
    client.defaults["HTTP_HOST"] = "localhost"
    address = reverse(f"{name}:edit", args=[reference[name].pk])
    form = client.get(address).context["form"]
    assert "code" not in form.fields
    given = {key: "" if v is None else v for key, v in form.initial.items()}
    assert client.post(address, {**given, field: value}).status_code == 302
    reference[name].refresh_from_db()
    assert getattr(reference[name], field) == value


@pytest.fixture
def versions(reference):
    load_vocabulary(
        code="ampk", version="2", name="AMPK", terms=[{"code": "a", "label_id": "Gawat"}]
    )
    load_vocabulary(code="ampk", version="3", name="AMPK", terms=[], current=False)
    return {one.version: one for one in Vocabulary.objects.filter(code="ampk")}


def in_use() -> list[str]:
    return list(Vocabulary.objects.filter(is_current=True).values_list("version", flat=True))


@pytest.fixture
def nation(client, lebak):
    client.force_login(make_user("superuser"))
    client.defaults["HTTP_HOST"] = "localhost"
    return client


def test_the_national_office_puts_a_version_in_use(nation, versions):
    address = reverse("kosakata:use", args=[versions["1"].pk])
    for version, shown in (("1", True), ("2", False)):
        page = nation.get(reverse("kosakata:inspect", args=[versions[version].pk]))
        link = reverse("kosakata:use", args=[versions[version].pk])
        assert (f'href="{link}"' in page.content.decode()) is shown
    asked = nation.get(address)
    assert "AMPK (2)" in asked.content.decode()
    assert in_use() == ["2"]
    answer = nation.post(address)
    assert (answer.status_code, answer["Location"]) == (302, reverse("kosakata:index"))
    assert in_use() == ["1"]
    assert list(Term.objects.of("ampk").values_list("label_id", flat=True)) == ["Darurat"]
    told = AuditEntry.objects.get(verb="vocabulary.used")
    assert told.details == {"code": "ampk", "version": "1"}
    assert told.actor_id is not None
    # Sent twice it stays as it is.
    assert nation.post(address).status_code == 302
    assert in_use() == ["1"]


def test_a_version_without_terms_is_not_put_in_use(nation, versions):
    answer = nation.post(reverse("kosakata:use", args=[versions["3"].pk]))

    assert (answer.status_code, in_use()) == (422, ["2"])
    assert nation.post(reverse("kosakata:use", args=[987654])).status_code == 404


@pytest.mark.parametrize("role", ["editor", "moderator", "admin"])
@pytest.mark.parametrize("where", ["lebak", "nation"])
def test_nobody_else_puts_a_version_in_use(client, lebak, versions, role, where):
    user = make_user(role, lebak if where == "lebak" else national())
    client.force_login(user)
    client.defaults["HTTP_HOST"] = "lebak.localhost" if where == "lebak" else "localhost"
    for method in (client.get, client.post):
        assert method(reverse("kosakata:use", args=[versions["1"].pk])).status_code == 404
    assert in_use() == ["2"]
    inspected = client.get(reverse("kosakata:inspect", args=[versions["1"].pk]))
    assert "/pakai/" not in inspected.content.decode()


def test_what_ends_takes_its_numbers_away_with_a_line_and_gives_none_back_alone(editor, lebak):
    own = organisation(lebak)
    channel = make_channel(lebak, organisation=own)
    where, form = reverse("organisasi:edit", args=[own.pk]), {"name": own.name, "kind": own.kind}
    assert editor.post(where, form | {"active_until": "2020-01-01"}).status_code == 302
    channel.refresh_from_db()
    assert (channel.hidden_at is None, channel.hidden_reason) == (
        False,
        "Lembaga ini sudah berakhir.",
    )
    assert channel.events.filter(verb="hidden").count() == 1
    # It works again; its number waits for two persons.
    assert editor.post(where, form | {"active_until": ""}).status_code == 302
    assert Channel.objects.shown().filter(pk=channel.pk).exists() is False


def test_a_number_that_only_dates_keep_away_is_not_shown_by_changing_them(editor, lebak):
    own = organisation(lebak, active_until="2020-01-01")
    channel = make_channel(lebak, organisation=own)
    assert state_of(Channel.objects.get(pk=channel.pk)) == "hidden"
    found = Channel.objects.for_district(lebak)
    assert list(in_state(found, "hidden", lebak)) == [channel]
    assert list(in_state(found, "verified", lebak)) == []
    where = reverse("organisasi:edit", args=[own.pk])
    answer = editor.post(where, {"name": own.name, "kind": own.kind, "active_until": ""})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["active_until"])
    own.refresh_from_db()
    assert str(own.active_until) == "2020-01-01"


@pytest.mark.parametrize("name", ["Klinik Lain", "Puskesmas Contoh 2", "Puskesmas C\u043entoh"])
def test_the_name_over_checked_numbers_is_no_single_editors(editor, lebak, name):
    own = organisation(lebak)
    channel = make_channel(lebak, organisation=own)
    where, form = reverse("organisasi:edit", args=[own.pk]), {"name": name, "kind": own.kind}
    answer = editor.post(where, form)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["name"])
    assert answer.context["form"]["name"].value() == name
    own.refresh_from_db()
    assert own.name == "Puskesmas Contoh"

    Channel.objects.filter(pk=channel.pk).update(hidden_at="2026-11-18T03:00Z")
    assert editor.post(where, form).status_code == 302
    own.refresh_from_db()
    assert own.name == name


def test_another_spelling_of_the_name_over_checked_numbers_is(editor, lebak):
    own = organisation(lebak)
    make_channel(lebak, organisation=own)
    make_channel(lebak, organisation=organisation(lebak, "Lain"), label="Lain")
    where, spelt = reverse("organisasi:edit", args=[own.pk]), "PUSKESMAS  “Contoh”."
    assert editor.post(where, {"name": spelt, "kind": own.kind}).status_code == 302
    own.refresh_from_db()
    assert own.name == spelt


def test_a_name_over_unchecked_numbers_may_change(editor, lebak):
    own = organisation(lebak)
    make_channel(lebak, organisation=own, last_verified=None)
    where = reverse("organisasi:edit", args=[own.pk])
    assert editor.post(where, {"name": "Klinik Lain", "kind": own.kind}).status_code == 302
    own.refresh_from_db()
    assert own.name == "Klinik Lain"
