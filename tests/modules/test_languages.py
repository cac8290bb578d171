"""Which languages a module is in: a table for editors, a sentence for readers of an old one."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Locale, Page

from districts.services.aliases import sync_aliases
from modules.languages import Words
from modules.models import LessonPage, ModuleIndexPage, ModulePage
from safeguards import generation
from tests.factories.modules import make_lesson, make_module
from tests.factories.places import make_district, make_user, national

pytestmark = pytest.mark.django_db
TABLE = "/admin/modul/bahasa/"
DAY = datetime(2026, 3, 5, 3, tzinfo=UTC)
OLDER = "This translation is older than the original"


@pytest.fixture
def pusat():
    return national()


def translate(module: ModulePage, *, published: datetime = DAY, lessons: bool = True) -> ModulePage:
    """The module in English, published at this moment, with its lessons."""
    english = Locale.objects.get(language_code="en")
    index = module.get_parent().get_translation(english)
    page = ModulePage(
        title=f"{module.title} (EN)",
        slug=module.slug,
        locale=english,
        translation_key=module.translation_key,
    )
    index.add_child(instance=page)
    page.save_revision().publish()
    for lesson in LessonPage.objects.child_of(module) if lessons else []:
        words = {name: getattr(lesson, name) for name in ("title", "slug", "steps", "minutes")}
        copy = LessonPage(locale=english, translation_key=lesson.translation_key, **words)
        page.add_child(instance=copy)
        copy.save_revision().publish()
    set_published(page, published)
    return ModulePage.objects.get(pk=page.pk)


def set_published(module: Page, moment: datetime) -> None:
    """The module and its lessons were published then."""
    Page.objects.filter(path__startswith=module.path).update(last_published_at=moment)


def original(published: datetime = DAY - timedelta(days=1), **fields) -> ModulePage:
    module = make_module(**fields)
    set_published(module, published)
    return module


def table(user=None, query: str = "", host: str = "localhost") -> Client:
    client = Client()
    client.force_login(user or make_user("editor", national()))
    return client.get(f"{TABLE}{query}", headers={"host": host})


def states(answer) -> dict[str, list[str]]:
    return {
        told.title: [version.state for version, _name in versions]
        for told, versions, _regional in answer.context["rows"]
    }


def visit(path: str, host: str = "localhost") -> str:
    generation.forget()
    answer = Client().get(path, headers={"host": host})
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_the_table_says_what_exists_and_what_is_old(pusat):
    original(title="Satu bahasa")
    translate(original(title="Sesuai"))
    translate(original(DAY + timedelta(seconds=1), title="Berubah"))
    part = original(title="Tanpa pelajaran")
    translate(part, lessons=False)
    draft = translate(original(title="Draf"))
    draft.unpublish()
    make_module(make_district("klaten"), title="Modul Klaten")

    answer = table()

    assert states(answer) == {
        "Satu bahasa": ["asli", "belum"],
        "Sesuai": ["asli", "sesuai"],
        "Berubah": ["asli", "lama"],
        "Tanpa pelajaran": ["asli", "sesuai"],
        "Draf": ["asli", "draf"],
    }
    assert answer.context["languages"][:2] == ["Bahasa Indonesia", "English"]
    numbers = {
        told.title: [(version.lessons, version.of) for version, _name in versions]
        for told, versions, _regional in answer.context["rows"]
    }
    assert (numbers["Sesuai"], numbers["Tanpa pelajaran"]) == ([(1, 1)] * 2, [(1, 1), (0, 1)])
    assert f'href="/admin/pages/{draft.pk}/edit/"' in answer.content.decode()


def test_one_old_lesson_makes_the_translation_old(pusat):
    module = original(title="Modul")
    translate(module)
    lesson = module.get_children().get()
    Page.objects.filter(pk=lesson.pk).update(last_published_at=DAY + timedelta(hours=1))

    [[_told, [_own, (english, _name)], _regional]] = table().context["rows"]

    assert (english.state, english.lessons, english.of) == ("lama", 0, 1)


def test_a_module_that_is_in_english_only_is_an_original(pusat):
    module = translate(original(title="Modul"))
    Page.objects.filter(pk=module.pk).update(translation_key=uuid4())

    assert states(table())["Modul (EN)"] == ["belum", "asli"]


def test_the_table_is_for_those_who_keep_modules_and_shows_their_own(pusat):
    klaten = make_district("klaten")
    original(title="Modul nasional")
    make_module(klaten, title="Modul Klaten")

    own = table(make_user("editor", klaten), host="klaten.localhost")
    other = table(make_user("koordinator", klaten), host="klaten.localhost")

    assert list(states(own)) == ["Modul Klaten"]
    assert other.status_code in {302, 403, 404}
    assert "Modul Klaten" not in other.content.decode()
    assert table(query="?p=99").status_code == 404


def test_the_table_asks_as_often_for_three_modules_as_for_one(pusat):
    editor = make_user("editor", pusat)
    counted = []
    for number in (1, 2):
        for _time in range(number):
            translate(original(lessons=number))
        table(editor)
        with CaptureQueriesContext(connection) as captured:
            answer = table(editor)
        counted.append((len(answer.context["rows"]), len(captured)))

    assert [rows for rows, _queries in counted] == [1, 3]
    assert counted[0][1] == counted[1][1]


@pytest.mark.parametrize("path", ["/en/modul/a/", "/en/modul/a/satu/"])
def test_an_old_translation_says_so_and_leads_to_the_original(pusat, path):
    module = original(DAY, slug="a")
    LessonPage.objects.child_of(module).update(slug="satu", url_path=f"{module.url_path}satu/")
    english = translate(module, published=DAY + timedelta(days=1))
    assert OLDER not in visit(path)

    set_published(module, DAY + timedelta(days=2))

    told = visit(path)
    [words] = re.findall(rf"{OLDER}[^<]*<", " ".join(told.split()))
    assert "7 March 2026" in words
    assert f'href="{path.removeprefix("/en")}"' in told.partition(OLDER)[2][:300]
    # The original itself is never older than anything.
    assert OLDER not in visit(path.removeprefix("/en"))
    set_published(english, DAY + timedelta(days=3))
    assert OLDER not in visit(path)


def words(written: int | None, published: int | None, first: int | None = 0) -> Words:
    """On these days of a month; None for never."""
    days = (written, published, first)
    return Words(*(None if n is None else DAY + timedelta(days=n) for n in days))


@pytest.mark.parametrize(
    ("translation", "original", "older"),
    [
        # Written and published after the original; published before it.
        (words(3, 4), words(1, 2), False),
        (words(3, 4), words(1, 5), True),
        # A draft that came out after the original had changed under it.
        (words(3, 9), words(5, 6), True),
        # The original's words were a draft then, and readers had others.
        (words(3, 9), words(2, 6), True),
        # Both were drafts together, and came out one after the other.
        (words(3, 9), words(2, 6, first=6), False),
        # Written before the original's first words were.
        (words(1, 9), words(2, 6, first=6), True),
        # What was published before revisions were kept.
        (words(None, 4), words(None, 2), False),
        (words(None, None), words(1, 2), False),
        (words(3, 4), words(1, None, first=None), False),
    ],
)
def test_a_translation_is_as_old_as_its_words(translation, original, older):
    assert translation.is_older_than(original) is older


@pytest.mark.parametrize("path", ["/en/modul/a/", "/en/modul/a/satu/"])
def test_a_draft_that_comes_out_late_is_of_the_words_it_was_written_for(pusat, path):
    module = make_module(slug="a", lessons=0)
    make_lesson(module, slug="satu")
    english = translate(module, published=timezone.now())
    drafts = [english.save_revision(), english.get_children().get().specific.save_revision()]
    for page in (module, module.get_children().get().specific):
        page.title = "Kata-kata lain"
        page.save_revision().publish()

    for draft in drafts:
        draft.publish()

    assert states(table()) == {"Kata-kata lain": ["asli", "lama"]}
    assert OLDER in visit(path)
    for draft in drafts:
        Page.objects.get(pk=draft.object_id).specific.save_revision().publish()
    assert states(table()) == {"Kata-kata lain": ["asli", "sesuai"]}
    assert OLDER not in visit(path)


def test_an_original_that_is_withdrawn_from_readers_makes_nothing_old(pusat):
    module = original(DAY + timedelta(days=2), slug="a")
    translate(module)
    assert OLDER in visit("/en/modul/a/")

    Page.objects.filter(path__startswith=module.path).update(live=False)

    assert OLDER not in visit("/en/modul/a/")


def test_the_alias_of_an_old_translation_says_so_in_its_district(pusat):
    klaten = make_district("klaten")
    module = original(DAY + timedelta(days=2), slug="a")
    translate(module)
    sync_aliases(klaten)

    told = visit("/en/modul/a/", "klaten.localhost")

    assert ModulePage.objects.filter(alias_of__isnull=False).count() == 2
    assert OLDER in told
    assert ModuleIndexPage.objects.filter(slug="modul").count() == 4
