"""Which review counts where: own office, province, nation; for which words; until when."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone, translation

from districts.models import District, Paper
from districts.services.aliases import sync_aliases
from modules.downloads import paper_key
from modules.models import LessonPage, ModulePage, SignOff
from modules.services import runs, signing
from modules.services.signing import Overtaken
from modules.standing import NONE, reviews_of
from modules.wording import draft_digests
from safeguards import generation
from safeguards.models import AuditEntry
from safeguards.services.persons import erase_person, export_person
from safeguards.services.retention import purge_expired
from tests.factories.modules import CELLS, make_lesson, make_module, sign, step
from tests.factories.people import make_member
from tests.factories.places import make_district, national

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _private(settings, tmp_path):
    settings.PRIVATE_MEDIA_ROOT = tmp_path / "private"


@pytest.fixture
def klaten():
    return make_district("klaten")


@pytest.fixture
def module(klaten):
    page = make_module(title="Modul uji", slug="uji", version="2.3")
    sync_aliases(klaten)
    return page


def alias(module: ModulePage, district: District) -> ModulePage:
    pages = ModulePage.objects.filter(alias_of=module.pk, path__startswith=root(district))
    return pages.select_related("locale", "alias_of").get()


def root(district: District) -> str:
    return district.site.root_page.path


def review(page: ModulePage, district: District):
    generation.forget()
    page = ModulePage.objects.select_related("locale", "alias_of").get(pk=page.pk)
    return reviews_of([page], district)[page.pk]


def province(slug: str = "jateng", code: str = "33", **fields) -> District:
    """An office of the province in which Klaten lies."""
    office = make_district(slug)
    District.objects.filter(pk=office.pk).update(level="provinsi", region=code, **fields)
    return District.objects.select_related("site__root_page").get(pk=office.pk)


def names(page: ModulePage, *districts: District) -> list[str]:
    return [review(page, one).by.partition(",")[0] for one in districts]


def test_the_nearest_office_counts_and_one_that_takes_back_lets_the_next_count(klaten, module):
    lebak = make_district("lebak")
    sync_aliases(lebak)
    here, there = alias(module, klaten), alias(module, lebak)
    assert [review(page, of) for page, of in ((here, klaten), (there, lebak))] == [NONE] * 2

    sign(module, by=("Nasional", "Dinas", ""))
    assert (names(here, klaten), names(there, lebak)) == (["Nasional"], ["Nasional"])
    sign(province_page(module, office := province()), office, by=("Provinsi", "Dinas", ""))
    assert (names(here, klaten), names(there, lebak)) == (["Provinsi"], ["Nasional"])
    sign(here, klaten, by=("Klaten", "UPTD", "psikolog"))
    assert (names(here, klaten), names(there, lebak)) == (["Klaten"], ["Nasional"])
    assert review(here, klaten).by == "Klaten, psikolog, UPTD, 1 Maret 2026"
    sign(here, klaten, verdict="dicabut")
    assert names(here, klaten) == ["Provinsi"]
    sign(province_page(module, office), office, verdict="dicabut")
    assert names(here, klaten) == ["Nasional"]
    sign(module, verdict="dicabut")
    assert review(here, klaten).signed is None


def province_page(module: ModulePage, office: District) -> ModulePage:
    sync_aliases(office)
    return alias(module, office)


def test_a_signature_is_for_the_words_that_were_read(klaten, module):
    sign(module)
    here = alias(module, klaten)
    assert review(here, klaten).is_reviewed

    # Days, versions and a new revision of the same words change nothing.
    module.version, module.review_due = "2.4", date(2027, 5, 31)
    module.save_revision().publish()
    sync_aliases(klaten)
    assert [review(module, national()).told, review(here, klaten).told] == ["", ""]

    lesson = LessonPage.objects.child_of(module).get()
    lesson.steps = [*lesson.steps.raw_data, step("tambahan")]
    lesson.save_revision().publish()
    assert review(module, national()).is_changed
    assert review(here, klaten).is_reviewed
    sync_aliases(klaten)
    told = review(here, klaten)
    assert (told.is_reviewed, told.is_changed) == (False, True)
    with translation.override("en"):
        assert told.told == "Changed since it was reviewed"
        assert told.line == "Psikolog Ayu, Dinas, 1 March 2026, for version 2.3; changed since"

    sign(alias(module, klaten), klaten, by=("Klaten", "UPTD", ""))
    assert [review(here, klaten).told, review(module, national()).is_changed] == ["", True]


def test_a_draft_is_signed_before_it_is_published(module):
    draft = module.get_latest_revision_as_object()
    draft.objectives = "Menyebut tiga ciri"
    revision = draft.save_revision()
    published, saved = signing.texts_of(ModulePage.objects.get(pk=module.pk))
    assert (published.is_published, saved.is_published) == (True, False)
    assert published.mark != saved.mark

    sign(module, text=saved.digest)

    assert review(module, national()).is_changed
    revision.publish()
    assert review(module, national()).is_reviewed


def test_a_signature_of_the_next_draft_takes_nothing_from_the_words_that_are_out(module):
    sign(module, by=("Psikolog Ayu", "Dinas", ""))
    draft = module.get_latest_revision_as_object()
    draft.objectives = "Menyebut tiga ciri"
    revision = draft.save_revision()
    saved = signing.texts_of(ModulePage.objects.get(pk=module.pk))[-1]
    later = sign(module, by=("Psikolog Bima", "Dinas", ""), text=saved.digest)
    assert names(module, national()) == ["Psikolog Ayu"]
    assert review(module, national()).is_reviewed

    # Whose name is erased takes nothing from the other.
    SignOff.objects.filter(pk=later.pk).update(signed_name="")
    assert review(module, national()).is_reviewed
    SignOff.objects.filter(pk=later.pk).update(signed_name="Psikolog Bima")
    revision.publish()
    assert names(module, national()) == ["Psikolog Bima"]
    sign(module, verdict="dicabut")
    assert review(module, national()) == NONE
    # What came before it was taken back is no longer heard.
    other = sign(module, by=("Psikolog Cici", "Dinas", ""))
    SignOff.objects.filter(pk=other.pk).update(text_digest="0" * 64)
    assert review(module, national()).is_changed


def test_a_version_alone_is_no_sign_of_words_that_were_signed_later(module):
    first = sign(module)
    SignOff.objects.filter(pk=first.pk).update(text_digest="")
    sign(module)
    assert review(module, national()).is_reviewed
    module.objectives = "Kata lain, versi sama"
    module.save_revision().publish()
    assert review(module, national()).is_changed


def test_a_module_that_was_never_out_is_judged_as_it_was_saved(django_assert_num_queries):
    pages = [make_module(slug=slug, lessons=2) for slug in ("satu", "dua")]
    for page in pages:
        for one in (page, *LessonPage.objects.child_of(page)):
            one.unpublish()
    for page in pages:
        sign(page)
        assert review(page, national()).is_reviewed
    lesson = LessonPage.objects.child_of(pages[0]).first()
    lesson.title = "Judul lain"
    lesson.save_revision()
    assert [review(page, national()).is_changed for page in pages] == [True, False]

    drafts = list(ModulePage.objects.filter(live=False).select_related("locale", "alias_of"))
    with django_assert_num_queries(2):
        assert len(draft_digests(drafts)) == 2


def test_a_lesson_that_goes_or_comes_changes_the_words(module):
    sign(module)
    more = make_lesson(module, step("baru"), slug="baru")
    assert review(module, national()).is_changed
    more.unpublish()
    assert review(module, national()).is_reviewed


def test_what_was_carried_over_counts_for_its_version(module):
    SignOff.objects.create(
        district=national(), entry=uuid4(), module_key=module.translation_key, language="id",
        number=1, verdict="setuju", key=uuid4(), signed_name="Psikolog Ayu, Dinas",
        day=date(2026, 3, 1), version="2.3", recorded_at=timezone.now(),
    )  # fmt: skip
    assert review(module, national()).line == "Psikolog Ayu, Dinas, 1 Maret 2026"
    ModulePage.objects.filter(pk=module.pk).update(version="2.4")
    assert review(module, national()).is_changed


def plan(module, district) -> int:
    return runs.plan_run(
        district=district,
        facilitator=make_member("guru", district),
        key=uuid4(),
        module=module,
        mode="satu",
        cells=CELLS,
        now=timezone.now(),
    ).http


def test_an_objection_ends_new_sessions_at_its_office_and_nowhere_else(klaten, module):
    lebak = make_district("lebak")
    sync_aliases(lebak)
    here = alias(module, klaten)
    sign(module)
    sign(here, klaten, verdict="keberatan")

    assert [plan(module, district) for district in (klaten, lebak, national())] == [410, 201, 201]
    told = review(here, klaten)
    assert (told.signed, told.objection.note) == (None, "Contohnya tidak cocok di sini.")
    sign(here, klaten, verdict="dicabut")
    assert plan(module, klaten) == 201


def test_an_objection_of_the_province_takes_nothing_from_its_districts(klaten, module):
    sign(module)
    sign(province_page(module, office := province()), office, verdict="keberatan")

    told = review(alias(module, klaten), klaten)

    assert (told.signed, told.objection, told.doubted.level) == (None, None, "provinsi")
    assert not told.is_reviewed
    assert [plan(module, district) for district in (klaten, office)] == [201, 410]


@pytest.mark.parametrize("role", ["editor", "guru", "monev"])
def test_only_moderators_and_administrators_record(module, role):
    with pytest.raises(PermissionDenied):
        sign(module, actor=make_member(role, national()))
    sign(module, actor=make_member("admin", national()))
    assert SignOff.objects.count() == 1


def test_nobody_signs_for_another_office_or_on_its_page(klaten, module):
    with pytest.raises(PermissionDenied):
        sign(module, klaten)
    with pytest.raises(PermissionDenied):
        sign(alias(module, klaten), klaten, actor=make_member("moderator", national()))
    assert SignOff.objects.count() == 0


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"by": ("", "Dinas", "")}, "signed_name"),
        ({"by": ("Ayu", " ", "")}, "signed_office"),
        ({"text": ""}, "text"),
        ({"by": ("x" * 161, "Dinas", "")}, "signed_name"),
        ({"by": ("Ayu", "Dinas", "x" * 121)}, "signed_role"),
        ({"by": ("Ayu 3310011203900001", "Dinas", "")}, "signed_name"),
        ({"day": date(2099, 1, 1)}, "day"),
        ({"day": date(1926, 1, 1)}, "day"),
        ({"verdict": "mungkin", "note": "Ragu"}, "verdict"),
        ({"verdict": "keberatan", "note": " a "}, "note"),
        ({"verdict": "keberatan", "note": "x" * 301}, "note"),
        ({"verdict": "keberatan", "note": "NIK 3310011203900001"}, "note"),
        ({"verdict": "dicabut"}, "verdict"),
    ],
)
def test_what_is_no_review_is_refused_beside_its_field(module, changed, field):
    with pytest.raises(ValidationError) as refused:
        sign(module, **changed)
    assert list(refused.value.message_dict) == [field]
    assert SignOff.objects.count() == 0


def test_a_form_sent_twice_is_one_entry_and_an_older_page_is_told(module):
    entry = uuid4()
    first = sign(module, entry=entry)
    assert sign(module, entry=entry, after=0) == first
    with pytest.raises(Overtaken):
        sign(module, entry=entry, after=0, day=date(2026, 3, 2))
    with pytest.raises(Overtaken):
        sign(module, after=0)
    with pytest.raises(Overtaken):
        sign(module, text="0" * 64)
    back = uuid4()
    taken = sign(module, verdict="dicabut", entry=back)
    assert sign(module, verdict="dicabut", entry=back, after=1) == taken
    assert [row.verdict for row in SignOff.objects.all()] == ["dicabut", "setuju"]
    acts = AuditEntry.objects.filter(object_type="modules.SignOff").order_by("pk")
    assert [act.verb for act in acts] == ["module.review_setuju", "module.review_dicabut"]


def test_an_entry_is_never_rewritten(module):
    row = sign(module)
    row.note = "Lain"
    with pytest.raises(TypeError):
        row.save()


def make_paper(district: District, page: ModulePage, name: str) -> Paper:
    now = timezone.now()
    return Paper.objects.create(
        district=district, key=paper_key(page.pk, name), digest="0" * 64, size=1,
        file=ContentFile(b"%PDF", name="lembar.pdf"), made_at=now, asked_at=now,
    )  # fmt: skip


def test_a_specialist_is_exported_and_erased_and_then_signs_nothing(
    module, klaten, django_capture_on_commit_callbacks
):
    first = sign(module)
    again = sign(make_module(slug="lain"))
    other = sign(make_module(slug="lagi"), by=("Psikolog Bima", "Dinas", ""))
    assert (again.key, other.key == first.key) == (first.key, False)

    rows = export_person(first.key)["modules.SignOff"]["rows"]
    assert [row["signed_name"] for row in rows] == ["Psikolog Ayu"] * 2
    make_paper(klaten, alias(module, klaten), "panduan")
    kept = make_paper(klaten, alias(module, klaten), "kartu")
    before = generation.current()
    with django_capture_on_commit_callbacks(execute=True):
        done = erase_person(first.key)

    assert done.blanked["modules.SignOff"] == 2
    assert sorted(SignOff.objects.values_list("signed_name", flat=True)) == [
        "", "", "Psikolog Bima",
    ]  # fmt: skip
    # Pages and papers that bear the name are made anew.
    assert generation.current() > before
    assert list(Paper.objects.all()) == [kept]
    assert review(module, national()) == NONE


def test_a_signature_is_kept_for_five_years(module):
    row = sign(module)
    purge_expired(row.recorded_at + timedelta(days=5 * 365 - 1))
    assert SignOff.objects.get().signed_name == "Psikolog Ayu"
    purge_expired(row.recorded_at + timedelta(days=5 * 365 + 1))
    assert SignOff.objects.get().signed_name == ""
    assert review(module, national()) == NONE
