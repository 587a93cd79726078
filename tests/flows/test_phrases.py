"""The phrase books."""

import re

import pytest

from flows.phrases import book, books, phrase, words


def test_there_are_books_for_english_chinese_and_korean():
    assert {"en-US", "zh-CN", "ko-KR"} <= set(books())


@pytest.mark.parametrize("language", sorted(books()))
def test_every_book_says_the_same_things_with_the_same_names(language):
    english = books()["en-US"].says
    own = books()[language].says
    assert set(own) == set(english)
    for key, text in own.items():
        assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", english[key])), key


@pytest.mark.parametrize("language", sorted(books()))
def test_every_book_listens_for_the_same_meanings(language):
    assert set(books()[language].words) == set(books()["en-US"].words)
    assert all(books()[language].words.values())


def test_a_sister_language_uses_the_same_book():
    assert book("en-GB").language == "en-US"
    assert book("zh").language == "zh-CN"


def test_a_language_without_a_book_is_spoken_in_english():
    assert phrase("goodbye", "fr-FR") == phrase("goodbye", "en-US")


def test_names_are_filled_in():
    assert phrase("option", "en-US", label="parcel tracking", key="1") == "For parcel tracking, press 1."


def test_an_unknown_phrase_is_a_key_error():
    with pytest.raises(KeyError):
        phrase("no_such_phrase", "en-US")


def test_an_unknown_meaning_has_no_words():
    assert words("no_such_meaning", "en-US") == ()
