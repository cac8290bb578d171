import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from wagtail.models import Collection, Page, Site

from campaigns.models import ChildHelpPage, HelpPage
from districts.models import Channel, District, Organisation
from districts.services import founding
from districts.services.founding import (
    HostTaken,
    NationalOfficeExists,
    RegionRefused,
    SlugTaken,
)
from safeguards.models import AuditEntry, SafetySettings
from tests.factories.places import make_district, make_regions, make_user, national

pytestmark = pytest.mark.django_db


def below(root: Page) -> list[str]:
    paths = Page.objects.descendant_of(root).values_list("url_path", flat=True)
    return [path.removeprefix(root.url_path) for path in paths]


def counts() -> tuple[int, ...]:
    models = (Page, Site, District, Collection, Group, Organisation, Channel)
    return tuple(model.objects.count() for model in models)


def test_a_founded_district_has_its_tree_in_both_languages():
    lebak = make_district("lebak")
    root = lebak.site.root_page
    english = Page.objects.get(translation_key=root.translation_key, locale__language_code="en")
    assert (root.depth, root.slug, english.depth, english.slug) == (2, "lebak", 2, "lebak-en")
    both = ["bantuan/", "bantuan/aku/", "bantuan/kartu/"]
    assert below(root) == [
        *("kampanye/", "topik/", "modul/", "materi/", "kalender/", "berita/", *both),
        *("komitmen/", "privasi/"),
    ]
    assert below(english) == [
        *("kampanye/", "topik/", "modul/", "materi/", "kalender/", *both, "komitmen/"),
    ]
    pairs = Page.objects.filter(path__startswith=english.path).values("translation_key")
    assert Page.objects.descendant_of(root, inclusive=True).filter(
        translation_key__in=pairs
    ).count() == len(pairs)


def test_the_menu_holds_what_readers_come_for():
    root = make_district("lebak").site.root_page
    in_menu = Page.objects.descendant_of(root).filter(show_in_menus=True)
    assert list(in_menu.values_list("slug", flat=True)) == [
        "kampanye",
        "topik",
        "modul",
        "materi",
        "kalender",
        "berita",
        "bantuan",
    ]


def test_an_office_has_a_site_that_is_no_fallback():
    national()
    lebak = make_district("lebak", port=8000)
    assert (lebak.site.hostname, lebak.site.port) == ("lebak.localhost", 8000)
    assert list(Site.objects.filter(is_default_site=True)) == []


def test_the_national_founding_removes_what_a_fresh_wagtail_brings():
    pusat = national()
    assert list(Page.objects.filter(depth=2).values_list("slug", flat=True)) == [
        "nasional",
        "nasional-en",
    ]
    assert list(Site.objects.values_list("hostname", flat=True)) == [pusat.site.hostname]
    assert not Group.objects.filter(name__in=["Editors", "Moderators"]).exists()


def test_an_office_is_an_organisation_and_the_act_is_recorded():
    actor = make_user("superuser")
    lebak = make_district("lebak", actor=actor)
    [office] = Organisation.objects.for_district(lebak)
    assert (office.name, office.kind, office.region_id) == (lebak.office_name, "dinas", "36.02")
    entry = AuditEntry.objects.get(verb="district.founded")
    assert (entry.actor_id, entry.object_id) == (actor.pk, str(lebak.pk))


def test_channels_to_fill_in_hold_no_digits_and_no_date():
    lebak = make_district("lebak", placeholders=True)
    channels = list(Channel.objects.for_district(lebak).select_related("organisation"))
    assert [c.organisation.kind for c in channels] == ["uptd_ppa", "kepolisian", "puspaga"]
    assert {(c.value, c.display, c.last_verified, c.verified_by) for c in channels} == {
        ("", "", None, None)
    }
    assert not any(character.isdigit() for c in channels for character in c.label + c.note)


def test_help_begins_with_the_national_words():
    pusat = national()
    HelpPage.objects.get(url_path="/nasional/bantuan/")
    help_page = ChildHelpPage.objects.get(url_path="/nasional/bantuan/aku/")
    help_page.body = [("paragraph", "<p>Ini bukan salahmu.</p>")]
    help_page.save()
    make_district("lebak")
    copy = ChildHelpPage.objects.get(url_path="/lebak/bantuan/aku/")
    assert "Ini bukan salahmu." in str(copy.body)
    assert copy.alias_of_id is None
    assert pusat.site.root_page.url_path == "/nasional/"


def test_the_quick_exit_can_lead_elsewhere():
    lebak = make_district("lebak", exit_url="https://contoh.example/cuaca")
    assert SafetySettings.objects.get(site=lebak.site).exit_url == "https://contoh.example/cuaca"


@pytest.mark.parametrize(
    ("change", "error", "field"),
    [
        ({"slug": "lebak"}, SlugTaken, "slug"),
        ({"hostname": "LEBAK.localhost."}, HostTaken, "hostname"),
        ({"hostname": "lebak.localhost", "port": 8123}, HostTaken, "hostname"),
        ({"region_code": "36.02"}, RegionRefused, "region_code"),
        ({"region_code": "36.02.01"}, RegionRefused, "region_code"),
        ({"region_code": "98.76"}, RegionRefused, "region_code"),
        ({"region_code": None}, RegionRefused, "region_code"),
        ({"level": "nasional", "region_code": None}, NationalOfficeExists, "level"),
        ({"level": "nasional", "region_code": "53.04"}, RegionRefused, "region_code"),
    ],
)
def test_a_refused_founding_leaves_nothing_behind(change, error, field):
    national()
    make_district("lebak")
    make_regions("53.04", "Belu")
    before = counts()
    with pytest.raises(error) as refused:
        make_district("belu", **change)
    assert (refused.value.field, bool(refused.value.message)) == (field, True)
    assert counts() == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slug", "dua kata"),
        ("hostname", "-buruk-"),
        ("hostname", "a" * 64 + ".id"),
        ("hostname", "x/y"),
        ("hostname", ""),
        ("accent", "merah"),
        ("cloth", "sutra"),
        ("timezone", "Europe/Paris"),
        ("short_name", ""),
        ("office_name", "x" * 201),
    ],
)
def test_a_malformed_value_is_named_by_its_field(field, value):
    before = counts()
    make_regions("53.04", "Belu")
    with pytest.raises(ValidationError) as refused:
        make_district("belu", **{field: value})
    assert list(refused.value.message_dict) == [field]
    assert counts() == before


def test_a_fault_at_the_very_end_leaves_nothing_behind(monkeypatch):
    make_regions("36.02", "Lebak")
    before = counts()
    with pytest.raises(ValidationError), transaction.atomic():
        make_district("lebak", exit_url="https://" + "x" * 5000)
    assert counts() == before


def test_the_slug_of_a_root_in_another_language_is_taken_too():
    make_district("lebak")
    make_regions("53.04", "Belu")
    with pytest.raises(SlugTaken):
        make_district("belu", slug="lebak-en")


def test_two_national_offices_are_refused_by_the_database():
    national()
    site = Site.objects.create(
        hostname="lain.localhost", root_page=Page.objects.filter(depth=2).first()
    )
    with pytest.raises(IntegrityError):
        District.objects.create(
            site=site, slug="lain", level="nasional", short_name="Lain", office_name="Lain"
        )


def test_a_second_person_stands_over_the_pages_from_the_first_day():
    national()
    lebak = make_district("lebak")
    english = Page.objects.get(url_path="/lebak-en/kampanye/")
    workflow = lebak.site.root_page.get_workflow()
    assert (workflow is not None, english.get_workflow()) == (True, workflow)
    assert Page.objects.get(depth=1).get_workflow() is None


def test_a_project_without_a_tree_builder_is_told(monkeypatch):
    make_regions("53.04", "Belu")
    before = counts()
    monkeypatch.setattr(founding, "TREE_HOOK", "nobody_registers_this")
    with pytest.raises(founding.NoTreeBuilder):
        make_district("belu")
    assert counts() == before
