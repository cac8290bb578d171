"""The terms in use, remembered until a vocabulary changes: one query for all of them."""

from districts.models import Term
from safeguards import generation


def terms_of(vocabulary: str) -> list[Term]:
    """The active terms of the vocabulary's current version, in its order."""
    return generation.remembered("terms in use", _in_use).get(vocabulary, [])


def term_labels(vocabulary: str) -> dict[str, str]:
    """Code → label in the language being read."""
    return {term.code: term.label for term in terms_of(vocabulary)}


def _in_use() -> dict[str, list[Term]]:
    found: dict[str, list[Term]] = {}
    terms = Term.objects.filter(active=True, vocabulary__is_current=True)
    for term in terms.select_related("vocabulary").order_by("vocabulary", "position"):
        found.setdefault(term.vocabulary.code, []).append(term)
    return found
