import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from districts.models import Regulation, Term, Vocabulary
from districts.services.vocabularies import load_regulations, load_vocabulary, use_version

pytestmark = pytest.mark.django_db

TERMS = [
    {"code": "fisik", "label_id": "Kekerasan fisik", "label_en": "Physical violence"},
    {
        "code": "siber",
        "label_id": "Kekerasan siber",
        "description_id": "Lewat gawai.",
        "letter": "b",
    },
]
LAWS = [
    {"code": "lama", "number": "PP 1/2019", "year": 2019, "title": "Lama", "status": "dicabut",
     "successor": "baru"},
    {"code": "baru", "number": "PP 1/2026", "year": "2026", "title": "Baru", "status": "berlaku"},
]  # fmt: skip


def load(version="1", terms=TERMS, **more):
    return load_vocabulary(
        code="violence_form", version=version, name="Bentuk", terms=terms, **more
    )


def labels() -> list[str]:
    return [term.label_id for term in Term.objects.of("violence_form")]


def test_a_vocabulary_is_loaded_once():
    assert load().created == 3
    assert bool(load()) is False
    term = Term.objects.get(code="siber")
    assert (term.position, term.description, term.details) == (2, "Lewat gawai.", {"letter": "b"})


def test_a_new_version_comes_into_use_and_the_old_one_keeps_its_terms():
    load()
    load("2", [{"code": "fisik", "label_id": "Fisik"}])
    assert labels() == ["Fisik"]
    assert Term.objects.filter(vocabulary__version="1").count() == 2
    assert Vocabulary.objects.filter(code="violence_form", is_current=True).count() == 1
    # Loading the old one again does not bring it back.
    load()
    assert labels() == ["Fisik"]


def test_a_version_can_be_put_into_use_again():
    load()
    load("2", [{"code": "fisik", "label_id": "Fisik"}])
    use_version(Vocabulary.objects.get(version="1"))
    assert labels() == ["Kekerasan fisik", "Kekerasan siber"]


def test_what_people_edited_is_kept_unless_told():
    load()
    Term.objects.filter(code="fisik").update(label_id="Disunting")
    load()
    assert labels()[0] == "Disunting"
    assert load(overwrite=True).changed == 1
    assert labels()[0] == "Kekerasan fisik"


def test_a_term_gone_from_the_list_becomes_inactive_never_deleted():
    load()
    load(terms=TERMS[:1], overwrite=True)
    assert labels() == ["Kekerasan fisik"]
    assert Term.objects.get(code="siber").active is False


def test_a_label_is_in_the_language_being_read_or_in_indonesian():
    load()
    with translation.override("en"):
        assert [t.label for t in Term.objects.of("violence_form")] == [
            "Physical violence",
            "Kekerasan siber",
        ]


def test_a_fault_in_a_term_leaves_nothing_behind():
    with pytest.raises(KeyError):
        load(terms=[*TERMS, {"label_id": "Tanpa kode"}])
    assert Vocabulary.objects.count() == 0


@pytest.mark.parametrize("values", [{"version": "1"}, {"version": "2", "is_current": True}])
def test_the_database_refuses_a_version_twice_and_two_in_use(values):
    load()
    with pytest.raises(IntegrityError), transaction.atomic():
        Vocabulary.objects.create(code="violence_form", name="Lagi", **values)


def test_the_database_refuses_a_code_twice_in_a_version():
    load()
    with pytest.raises(IntegrityError), transaction.atomic():
        Term.objects.create(vocabulary=Vocabulary.objects.get(), code="fisik", label_id="Lagi")


def test_regulations_know_their_successor():
    assert load_regulations(LAWS).created == 2
    assert bool(load_regulations(LAWS)) is False
    assert Regulation.objects.get(code="lama").successor.code == "baru"


def test_an_edited_regulation_is_kept_unless_told():
    load_regulations(LAWS)
    Regulation.objects.filter(code="baru").update(title="Disunting")
    load_regulations(LAWS)
    assert Regulation.objects.get(code="baru").title == "Disunting"
    assert load_regulations(LAWS, overwrite=True).changed == 1


def test_an_unknown_successor_leaves_nothing_behind():
    with pytest.raises(KeyError):
        load_regulations([LAWS[0]])
    assert Regulation.objects.count() == 0
