"""Codes that are read off a board, words for who gives no name, pictures that pair two sheets."""

import pytest

from modules import pictures
from modules.codes import ALPHABET, LENGTH, new_code, read_code
from modules.nicknames import THINGS, WAYS, nickname


def test_new_code_has_six_signs_that_nobody_mistakes():
    codes = {new_code() for _n in range(500)}
    assert len(codes) > 490
    assert {len(code) for code in codes} == {LENGTH}
    assert set("".join(codes)) == set(ALPHABET)
    assert not set(ALPHABET) & set("0OQ1IL2Z5S8BUV")
    assert len(ALPHABET) ** LENGTH > 100_000_000


@pytest.mark.parametrize(
    "typed",
    [
        "ACDEF3",
        "acdef3",
        " acd ef3 ",
        "acd-ef3",
        "AcD\u00a0eF3\n",
        "ａｃｄｅｆ３",
        "acd.ef3",
        "«ACDEF3»",
    ],
)
def test_read_code_reads_what_somebody_means(typed):
    assert read_code(typed) == "ACDEF3"


@pytest.mark.parametrize(
    "typed", ["", "ACDEF", "ACDEF33", "ACDEF0", "ACDEFO", "ÀCDEF3", "x" * 1_000_000, "ACDEF3" * 9]
)
def test_read_code_finds_none_in_anything_else(typed):
    assert read_code(typed) == ""


def test_read_code_reads_every_code_that_is_drawn():
    for _n in range(200):
        code = new_code()
        assert read_code(code.lower()) == code


def test_nickname_is_two_words_that_nobody_has():
    everything = {f"{thing} {way}" for thing in THINGS for way in WAYS}
    assert len(everything) == 900
    left = {"Awan Berani", "Rusa Ulet"}
    assert {nickname(everything - left) for _n in range(20)} <= left
    assert nickname(everything).rsplit(" ", 1)[0] in everything
    assert max(map(len, everything)) + 5 <= 40


def test_nickname_names_nobody():
    taken: set[str] = set()
    for _n in range(600):
        taken.add(nickname(taken))
    assert len(taken) == 600


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("awan-bola-ikan", True),
        ("ikan-bola-awan", True),
        ("awan-awan-ikan", False),
        ("awan-bola", False),
        ("awan-bola-ikan-kapal", False),
        ("awan-bola-Siti", False),
        ("AWAN-bola-ikan", False),
        ("", False),
    ],
)
def test_pair_code_is_three_different_pictures(text, fits):
    assert pictures.is_pair_code(text) is fits
