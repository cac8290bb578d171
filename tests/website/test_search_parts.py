"""The pure pieces: slips of the finger, excerpts."""

import time

import pytest

from website.search import spelling
from website.search.excerpts import Part, excerpt, marked


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("perundngan", "perundungan"),
        ("perundungann", "perundungan"),
        ("perumdungan", "perundungan"),
        ("perunudngan", "perundungan"),
        ("erundungan", "perundungan"),
        ("peruungan", ""),
        ("perundungan", ""),
    ],
)
def test_one_slip_is_mended_and_two_are_not(typed, meant):
    assert spelling.best(typed, {"perundungan": 1}) == meant


def test_the_most_frequent_word_is_meant_then_the_one_with_the_same_beginning():
    assert spelling.best("kasa", {"rasa": 3, "kasat": 1, "kasi": 1}) == "rasa"
    assert spelling.best("kasa", {"rasa": 1, "kasi": 1}) == "kasi"
    assert spelling.best("kasa", {"basa": 1, "rasa": 1}) == "basa"


@pytest.mark.parametrize("word", ["abc", "110", "x" * 25, "café", "a1b2"])
def test_short_long_and_foreign_words_are_left_alone(word):
    assert not spelling.can_be_corrected(word)


def test_a_word_has_as_many_neighbours_as_the_alphabet_allows():
    assert len(spelling.neighbours("abcd")) <= 54 * 4 + 25
    assert "abcd" not in spelling.neighbours("abcd")


def test_found_words_are_marked_whole_and_in_their_own_case():
    assert marked("Rundung dan merundung", {"rundung"}) == [
        Part("Rundung", found=True),
        Part(" dan merundung"),
    ]


def test_words_are_letters_and_not_patterns():
    assert marked("a.c abc", {"a.c"}) == [Part("a.c", found=True), Part(" abc")]
    assert marked("kata", []) == [Part("kata")]


def test_an_excerpt_stands_around_the_first_found_word_and_is_cut_between_words():
    text = "pembuka " * 40 + "lalu perundungan terjadi " + "penutup " * 60
    parts = excerpt(text, {"perundungan"})
    said = "".join(part.text for part in parts)
    assert Part("perundungan", found=True) in parts
    assert said.startswith("… pembuka")
    assert said.endswith("penutup …")
    assert len(said) < 200


def test_an_excerpt_of_a_text_without_the_word_is_its_beginning():
    assert excerpt("Satu dua.", {"tiga"}) == [Part("Satu dua.")]
    assert excerpt("", {"tiga"}) == []


@pytest.mark.parametrize("text", ["kata" * 50_000, "kata " * 40_000, "<" * 200_000])
def test_an_excerpt_takes_no_time(text):
    began = time.process_time()
    excerpt(text, {"kata", "katak", "kat"})
    assert time.process_time() - began < 1
