import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail.models import Locale, Page

from campaigns.models import TopicPage
from districts.models import District
from districts.services import aliases
from districts.services.aliases import in_the_way, is_shared, sync_aliases, sync_everywhere
from safeguards import generation
from tests.factories.places import make_district, make_user, national

pytestmark = pytest.mark.django_db


@pytest.fixture
def pusat() -> District:
    return national()


@pytest.fixture
def after_commit(django_capture_on_commit_callbacks):
    """Runs what waits for the commit, background tasks among it."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def add_topic(office: District, title: str = "Perundungan", slug: str = "perundungan") -> TopicPage:
    index = Page.objects.get(url_path=f"{office.site.root_page.url_path}topik/")
    topic = index.add_child(instance=TopicPage(title=title, slug=slug, locale=index.locale))
    topic.save_revision().publish()
    return TopicPage.objects.get(pk=topic.pk)


def aliases_of(page: Page) -> list[TopicPage]:
    return list(TopicPage.objects.filter(alias_of=page).order_by("path"))


def test_a_new_district_shows_the_national_topics(pusat):
    topic = add_topic(pusat)
    lebak = make_district("lebak")
    [alias] = aliases_of(topic)
    assert alias.url_path == "/lebak/topik/perundungan/"
    assert (alias.live, alias.title) == (True, "Perundungan")
    assert alias.locale_id == lebak.site.root_page.locale_id


def test_a_draft_is_not_shared(pusat):
    index = Page.objects.get(url_path="/nasional/topik/")
    draft = index.add_child(instance=TopicPage(title="Draf", slug="draf", live=False))
    make_district("lebak")
    assert is_shared(draft) is True
    assert aliases_of(draft) == []


def test_publishing_reaches_every_district(pusat, after_commit):
    make_district("lebak")
    make_district("belu")
    with after_commit():
        topic = add_topic(pusat)
    assert [a.url_path for a in aliases_of(topic)] == [
        "/lebak/topik/perundungan/",
        "/belu/topik/perundungan/",
    ]
    topic.title = "Perundungan di sekolah"
    with after_commit():
        topic.save_revision().publish()
    assert [a.title for a in aliases_of(topic)] == ["Perundungan di sekolah"] * 2
    # The address stays, whatever the source is called.
    assert {a.slug for a in aliases_of(topic)} == {"perundungan"}


def test_publishing_leaves_the_work_to_the_background(pusat):
    topic = add_topic(pusat)
    make_district("lebak")
    topic.title = "Judul baru"
    topic.save_revision().publish()
    assert [a.title for a in aliases_of(topic)] == ["Perundungan"]


def test_unpublishing_takes_the_aliases_offline_at_once(pusat):
    topic = add_topic(pusat)
    make_district("lebak")
    topic.unpublish()
    assert [a.live for a in aliases_of(topic)] == [False]
    # A district's sync does not bring it back.
    assert sync_everywhere().refreshed == 0
    assert [a.live for a in aliases_of(topic)] == [False]


def test_publishing_again_brings_the_same_alias_back(pusat, after_commit):
    topic = add_topic(pusat)
    make_district("lebak")
    [before] = aliases_of(topic)
    topic.unpublish()
    with after_commit():
        TopicPage.objects.get(pk=topic.pk).save_revision().publish()
    [alias] = aliases_of(topic)
    assert (alias.pk, alias.live) == (before.pk, True)


def test_an_alias_that_outlived_its_source_is_hidden_by_the_next_sync(pusat):
    topic = add_topic(pusat)
    lebak = make_district("lebak")
    TopicPage.objects.filter(pk=topic.pk).update(live=False)
    assert sync_aliases(lebak).hidden == 1
    assert [a.live for a in aliases_of(topic)] == [False]


def test_retirement_reaches_the_aliases(pusat):
    topic = add_topic(pusat)
    make_district("lebak")
    TopicPage.objects.filter(pk=topic.pk).update(expire_at=timezone.now())
    call_command("publish_scheduled")
    assert [(a.live, a.alias_of_id) for a in aliases_of(topic)] == [(False, topic.pk)]


def test_deleting_takes_the_aliases_away(pusat, after_commit):
    topic = add_topic(pusat)
    make_district("lebak")
    own = add_topic(District.objects.get(slug="lebak"), "Milik Lebak", "milik-lebak")
    with after_commit():
        topic.delete()
    assert list(TopicPage.objects.values_list("pk", flat=True)) == [own.pk]


def test_moving_out_of_the_shared_place_takes_the_aliases_away(pusat, after_commit):
    topic = add_topic(pusat)
    make_district("lebak")
    home = Page.objects.get(url_path="/nasional/")
    with after_commit():
        topic.move(home, pos="last-child")
    assert aliases_of(topic) == []


def test_a_second_sync_changes_nothing(pusat):
    add_topic(pusat)
    lebak = make_district("lebak")
    assert bool(sync_aliases(lebak)) is False


def translated(page: Page) -> Page:
    copy = page.specific.copy_for_translation(Locale.objects.get(language_code="en"))
    copy.live = True
    copy.save()
    return copy


def test_languages_of_one_topic_stay_joined(pusat):
    topic = add_topic(pusat)
    make_district("lebak")
    english = translated(topic)
    sync_everywhere()
    [indonesian_alias], [english_alias] = aliases_of(topic), aliases_of(english)
    assert english_alias.url_path == "/lebak-en/topik/perundungan/"
    assert english_alias.translation_key == indonesian_alias.translation_key
    assert english_alias.translation_key != english.translation_key


def test_a_districts_own_page_is_not_shared(pusat):
    lebak = make_district("lebak")
    make_district("belu")
    own = add_topic(lebak, "Milik Lebak", "milik-lebak")
    assert is_shared(own) is False
    assert aliases_of(own) == []


def test_aliases_make_cached_pages_stale(pusat, after_commit):
    make_district("lebak")
    with after_commit():
        pass
    generation.forget()
    before = generation.current()
    with after_commit():
        add_topic(pusat)
    generation.forget()
    assert generation.current() > before


def count_sync_queries(district: District) -> int:
    with CaptureQueriesContext(connection) as queries:
        sync_aliases(district)
    return len(queries)


def test_a_sync_with_nothing_to_do_costs_the_same_at_one_and_three_topics(pusat):
    lebak = make_district("lebak")
    add_topic(pusat)
    sync_aliases(lebak)
    at_one = count_sync_queries(lebak)
    add_topic(pusat, "Siber", "siber")
    add_topic(pusat, "Darurat", "darurat")
    sync_aliases(lebak)
    assert count_sync_queries(lebak) == at_one


def test_aliases_stand_in_the_tree_as_if_one_by_one(pusat):
    """Also after a gap in the paths, and beside a page of the district's own."""
    lebak = make_district("lebak")
    index = Page.objects.get(url_path="/lebak/topik/")
    gone = add_topic(lebak, "Lama", "lama")
    add_topic(lebak, "Milik Lebak", "milik-lebak")
    gone.delete()
    first = add_topic(pusat, "Satu", "satu")
    add_topic(pusat, "Dua", "dua")
    sync_aliases(lebak)
    assert Page.find_problems() == ([], [], [], [], [])
    children = list(Page.objects.child_of(index).order_by("path").values_list("slug", flat=True))
    assert children == ["milik-lebak", "satu", "dua"]
    assert Page.objects.get(pk=index.pk).numchild == 3
    [below] = aliases_of(first)
    assert (below.depth, below.get_parent().pk) == (index.depth + 1, index.pk)
    assert below.url_path == "/lebak/topik/satu/"


def test_a_page_of_the_districts_own_keeps_its_place_and_stops_no_other(pusat):
    banjar, lebak = make_district("banjar"), make_district("lebak")
    own = add_topic(banjar, "Milik Banjar", "perundungan")
    first, second = add_topic(pusat), add_topic(pusat, "Dua", "dua")
    assert sync_everywhere().created == 3
    assert [alias.url_path for alias in aliases_of(first)] == ["/lebak/topik/perundungan/"]
    assert len(aliases_of(second)) == 2
    own.refresh_from_db()
    assert (own.title, own.alias_of_id) == ("Milik Banjar", None)
    # Its readers have a page there; while it is a draft, they have none.
    assert in_the_way(banjar) == in_the_way(lebak) == []
    own.unpublish()
    assert [page.pk for page in in_the_way(banjar)] == [own.pk]
    own.delete()
    assert sync_everywhere().created == 1


def test_a_page_that_was_made_the_districts_own_is_not_made_again(pusat):
    lebak = make_district("lebak")
    topic = add_topic(pusat)
    sync_aliases(lebak)
    [alias] = aliases_of(topic)
    ConvertAliasPageAction(alias).execute(skip_permission_checks=True)
    topic.title = "Perundungan, diperbarui"
    topic.save_revision().publish()
    assert not sync_everywhere()
    assert TopicPage.objects.get(pk=alias.pk).title == "Perundungan"


def test_what_fails_in_one_district_is_told_when_the_others_were_reached(pusat, monkeypatch):
    make_district("banjar")
    make_district("lebak")
    topic = add_topic(pusat)
    create = aliases._create

    def fail(source, parent, places, keys):
        if parent.url_path.startswith("/banjar/"):
            raise ValidationError("rusak")
        return create(source, parent, places, keys)

    monkeypatch.setattr(aliases, "_create", fail)
    with pytest.raises(ExceptionGroup) as failed:
        sync_everywhere()
    assert [type(error) for error in failed.value.exceptions] == [ValidationError]
    assert [alias.url_path for alias in aliases_of(topic)] == ["/lebak/topik/perundungan/"]


def test_the_editors_home_names_a_draft_that_is_in_the_way(pusat):
    lebak = make_district("lebak")
    draft = add_topic(lebak, "Milik Lebak", "perundungan")
    draft.unpublish()
    client = Client(SERVER_NAME="lebak.localhost")
    client.force_login(make_user("editor", lebak))
    address = reverse("wagtailadmin_pages:edit", args=[draft.pk])
    assert address not in client.get(reverse("wagtailadmin_home")).content.decode()
    add_topic(pusat)
    assert address in client.get(reverse("wagtailadmin_home")).content.decode()
