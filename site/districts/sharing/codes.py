"""Short codes of pages, to be typed from paper.

Nineteen signs that nobody takes for another: no vowels (no words by accident), none of 0 1 2 5 b g
i l o q s u v y z. The last sign is a check: nineteen is prime, so one wrong sign, or two neighbours
that changed places, never make another page's code.
"""

ALPHABET = "346789cdfhjkmnprtwx"
BASE = len(ALPHABET)
SHORTEST = 3
LONGEST = 8


def code_of(number: int) -> str:
    """The code of a page's id."""
    digits = []
    rest = number
    while rest:
        rest, digit = divmod(rest, BASE)
        digits.append(digit)
    digits += [0] * (SHORTEST - len(digits))
    digits.reverse()
    return "".join(ALPHABET[digit] for digit in [*digits, _check(digits)])


def number_of(code: str) -> int | None:
    """The id behind a code, in capitals or small letters; None when nobody wrote such a code."""
    if not SHORTEST < len(code) <= LONGEST:
        return None
    digits = [ALPHABET.find(sign) for sign in code.lower()]
    if min(digits) < 0 or digits[-1] != _check(digits[:-1]):
        return None
    number = 0
    for digit in digits[:-1]:
        number = number * BASE + digit
    return number if number and code_of(number) == code.lower() else None


def _check(digits: list[int]) -> int:
    """Makes the sum of all digits, weighted by their place from the right, a multiple of 19."""
    weighted = sum(place * digit for place, digit in enumerate(reversed(digits), 2))
    return -weighted % BASE
