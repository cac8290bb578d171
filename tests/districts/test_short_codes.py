from hypothesis import given
from hypothesis import strategies as st

from districts.sharing.codes import ALPHABET, code_of, number_of

numbers = st.integers(min_value=1, max_value=19**7 - 1)


@given(numbers)
def test_a_code_leads_back_to_its_number(number):
    code = code_of(number)

    assert (number_of(code), number_of(code.upper())) == (number, number)


@given(numbers, st.data())
def test_one_wrong_sign_is_nobodys_code(number, data):
    code = code_of(number)
    place = data.draw(st.integers(0, len(code) - 1))
    wrong = data.draw(st.sampled_from([sign for sign in ALPHABET if sign != code[place]]))

    assert number_of(code[:place] + wrong + code[place + 1 :]) is None


@given(numbers, st.data())
def test_two_neighbours_that_changed_places_are_nobodys_code(number, data):
    code = code_of(number)
    place = data.draw(st.integers(0, len(code) - 2))
    turned = code[:place] + code[place + 1] + code[place] + code[place + 2 :]

    assert turned == code or number_of(turned) is None


@given(st.text(max_size=12))
def test_what_nobody_wrote_is_no_code(text):
    number = number_of(text)

    assert number is None or code_of(number) == text.lower()


def test_codes_are_short_and_hold_no_look_alikes():
    assert {len(code_of(number)) for number in (1, 42, 6_858)} == {4}
    assert len(code_of(130_000)) == 5
    assert not set("01258lioszuvgqby") & set(ALPHABET) - {"8"}
    assert number_of("") is None
