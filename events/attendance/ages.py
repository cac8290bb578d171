"""Age groups of the vocabulary `age_group`, and which of them are children's."""

import re

from districts.terms import term_labels, terms_of

OLDEST_CHILD = 17
LONGEST_CODE = 10
_NUMBER = re.compile(r"[0-9]{1,3}")


def age_groups() -> dict[str, str]:
    """Code → label, from the youngest to the oldest."""
    return term_labels("age_group")


def is_minors(code: str) -> bool:
    """Whether people of this group are children; unknown years are taken for children's."""
    for term in terms_of("age_group"):
        if term.code == code and "minor" in term.details:
            return bool(term.details["minor"])
    numbers = _NUMBER.findall(code)
    return not numbers or int(numbers[-1]) <= OLDEST_CHILD


def is_known(code: str) -> bool:
    """Whether people can be written down under it; any will do where there is no vocabulary."""
    groups = age_groups()
    return code in groups if groups else 0 < len(code) <= LONGEST_CODE
