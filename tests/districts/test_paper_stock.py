"""Papers are made once, made again when their data change, and removed when nobody asks."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from districts.models import Paper
from districts.paper import PaperFault, paper_for, paper_response, sizes
from districts.paper.stock import forget_unasked
from safeguards.ticks import registered
from tests.factories.channels import make_office
from tests.papers import text_of

pytestmark = pytest.mark.django_db
DATA = {"title": "Judul", "language": "id"}
TEXT = '= #data.title\n#data.at("text", default: "")'


@pytest.fixture
def lebak():
    return make_office("lebak")


@pytest.fixture
def made(lebak, layout, django_capture_on_commit_callbacks):
    """Ask for the paper "satu" with these data."""

    def ask(text: str = "lama", *, key: str = "satu", source: str = TEXT, now=None) -> Paper:
        with django_capture_on_commit_callbacks(execute=True):
            return paper_for(
                lebak, key=key, layout=layout(source), data=DATA | {"text": text}, now=now
            )

    return ask


def exists(paper: Paper) -> bool:
    return paper.file.storage.exists(paper.file.name)


def test_the_same_data_are_made_once(made):
    first, second = made(), made()
    assert (first.pk, first.file.name, first.made_at) == (
        second.pk,
        second.file.name,
        second.made_at,
    )
    assert first.size == len(first.file.read())


def test_other_data_replace_the_file(made):
    old = made("lama")
    name = old.file.name
    new = made("baru")
    assert new.pk == old.pk
    assert "baru" in text_of(new.file.read())
    assert new.file.name != name
    assert not new.file.storage.exists(name)


def test_another_layout_replaces_the_file(made):
    first = made()
    second = made(source=TEXT + "\nlain")
    assert first.digest != second.digest
    assert "lain" in text_of(second.file.read())


def test_a_lost_file_is_made_again(made):
    paper = made()
    paper.file.storage.delete(paper.file.name)
    assert exists(made())


def test_a_fault_leaves_the_paper_that_was(made):
    before = made()
    with pytest.raises(PaperFault):
        made("baru", source="#nothing_of_the_kind")
    after = Paper.objects.get()
    assert (after.digest, after.file.name) == (before.digest, before.file.name)
    assert exists(after)


def test_districts_keep_papers_of_their_own(made, lebak, layout):
    made()
    other = make_office("klaten")
    paper_for(other, key="satu", layout=layout(TEXT), data=DATA)
    assert Paper.objects.for_district(lebak).count() == 1
    assert Paper.objects.count() == 2


def test_sizes_of_what_is_made_are_read_in_one_query(made, lebak, django_assert_num_queries):
    one, two = made(key="satu"), made(key="dua")
    with django_assert_num_queries(1):
        found = sizes(lebak, ["satu", "dua", "tiga"])
    assert found == {"satu": one.size, "dua": two.size}


def test_papers_nobody_asked_for_in_90_days_are_removed(made):
    now = timezone.now()
    old = made(key="lama", now=now - timedelta(days=91))
    kept = made(key="baru", now=now - timedelta(days=89))
    assert forget_unasked(now) == 1
    assert list(Paper.objects.values_list("key", flat=True)) == ["baru"]
    assert (exists(old), exists(kept)) == (False, True)
    assert "districts.forget_unasked_papers" in {tick.name for tick in registered()}


def test_asking_keeps_a_paper_and_writes_at_most_once_a_day(made, django_assert_num_queries):
    now = timezone.now()
    made(now=now - timedelta(days=91))
    assert made(now=now).asked_at == now
    assert forget_unasked(now) == 0
    with django_assert_num_queries(1):
        assert made(now=now + timedelta(hours=1)).asked_at == now


@pytest.mark.parametrize(("discreet", "cache"), [(True, "no-store"), (False, "must-revalidate")])
def test_a_paper_says_who_may_keep_it(made, discreet, cache):
    paper = made()
    request = RequestFactory().get("/")
    response = paper_response(request, paper, filename="satu.pdf", discreet=discreet)
    assert cache in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == 'inline; filename="satu.pdf"'
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    known = RequestFactory().get("/", headers={"If-None-Match": response["ETag"]})
    again = paper_response(known, paper, filename="satu.pdf", inline=False, discreet=discreet)
    assert (again.status_code, again["ETag"]) == (304, response["ETag"])


def test_a_paper_has_no_address_of_its_own(made):
    with pytest.raises(ValueError, match="no address"):
        _url = made().file.url
