"""Ticket numbers can be read aloud and mistakes in them are noticed."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.database import Database
from tickets.numbers import is_valid, next_number, number_of


@given(st.integers(1, 99_999))
def test_a_number_is_valid_and_short_and_begins_with_no_zero(count: int):
    number = number_of(count)
    assert is_valid(number)
    assert len(number) <= 6
    assert number[0] != "0"


@given(st.integers(1, 99_999), st.data())
def test_any_one_wrong_digit_is_noticed(count: int, data: st.DataObject):
    number = number_of(count)
    place = data.draw(st.integers(0, len(number) - 1))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != number[place]]))
    assert not is_valid(number[:place] + digit + number[place + 1 :])


@given(st.integers(10, 99_999), st.data())
def test_two_swapped_neighbours_are_noticed(count: int, data: st.DataObject):
    number = number_of(count)
    place = data.draw(st.integers(0, len(number) - 2))
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert swapped == number or not is_valid(swapped)


@pytest.mark.parametrize("text", ["", "1", "abc", "１２３", "0", "12a4", "²"])
def test_what_is_no_number_is_not_valid(text: str):
    assert not is_valid(text)


def test_spaces_and_a_hash_do_not_matter():
    number = number_of(1234)
    assert is_valid(f" #{number[:3]} {number[3:]} ")


def test_numbers_taken_at_once_differ(db: Database):
    taken: list[str] = []

    def take() -> None:
        for _ in range(5):
            with db.write() as session:
                taken.append(next_number(session))

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(taken)) == 30
    assert {len(number) for number in taken} == {6}
