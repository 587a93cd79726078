"""Digits and numbers, in English, Chinese and Korean."""

import pytest

from flows.understanding.numbers import spoken_digits, spoken_number

EN, ZH, KO = "en-US", "zh-CN", "ko-KR"


@pytest.mark.parametrize(
    ("said", "language", "digits"),
    [
        ("one two three", EN, "123"),
        ("One, two, three.", EN, "123"),
        ("double three", EN, "33"),
        ("oh one five", EN, "015"),
        ("triple seven oh", EN, "7770"),
        ("twenty one", EN, "21"),
        ("twenty-one fifteen", EN, "2115"),
        ("one hundred and five", EN, "105"),
        ("12 34", EN, "1234"),
        ("12-34-56", EN, "123456"),
        ("my number is 4 5 six", EN, "456"),
        ("it's nine nine nine please", EN, "999"),
        ("幺三五", ZH, "135"),
        ("一三五零零二", ZH, "135002"),
        ("两两二", ZH, "222"),
        ("十二", ZH, "12"),
        ("一百零五", ZH, "105"),
        ("一三五12", ZH, "13512"),
        ("我的号码是幺三八零零幺", ZH, "138001"),
        ("123 456", ZH, "123456"),
        ("１２３", ZH, "123"),
        ("one two", ZH, "12"),
        ("일이삼", KO, "123"),
        ("공일공", KO, "010"),
        ("하나 둘 셋", KO, "123"),
        ("123번이요", KO, "123"),
    ],
)
def test_digits_are_understood_as_people_say_them(said, language, digits):
    assert spoken_digits(said, language).value == digits


@pytest.mark.parametrize(
    ("said", "language"),
    [("hello there", EN), ("parcel five hello", EN), ("", EN), ("我要投诉", ZH), ("你好", ZH), ("여보세요", KO)],
)
def test_other_words_are_no_digits(said, language):
    assert spoken_digits(said, language) is None


def test_digits_that_only_sound_so_are_doubtful():
    assert spoken_digits("one for two", EN).value == "142"
    assert not spoken_digits("one for two", EN).exact
    assert spoken_digits("one four two", EN).exact


@pytest.mark.parametrize(
    ("said", "language", "number"),
    [
        ("twenty one", EN, 21),
        ("one hundred and five", EN, 105),
        ("a hundred", EN, 100),
        ("two thousand three hundred", EN, 2300),
        ("three point five", EN, 3.5),
        ("minus four", EN, -4),
        ("-4", EN, -4),
        ("1,200", EN, 1200),
        ("five million", EN, 5_000_000),
        ("about twelve", EN, 12),
        ("2.5", EN, 2.5),
        ("二十五", ZH, 25),
        ("十", ZH, 10),
        ("一百二", ZH, 120),
        ("一百零二", ZH, 102),
        ("一千五", ZH, 1500),
        ("两千三百", ZH, 2300),
        ("一万两千", ZH, 12000),
        ("三点五", ZH, 3.5),
        ("2千", ZH, 2000),
        ("三亿", ZH, 300_000_000),
        ("负三", ZH, -3),
        ("大概十五个", ZH, 15),
        ("이십오", KO, 25),
        ("만 이천", KO, 12000),
    ],
)
def test_numbers_are_understood_as_people_say_them(said, language, number):
    assert spoken_number(said, language).value == number


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("one two three", EN),
        ("twenty twenty", EN),
        ("hundred", EN),
        ("and", EN),
        ("一三五", ZH),
        ("人工", ZH),
        ("a", EN),
    ],
)
def test_a_row_of_digits_or_other_words_is_no_number(said, language):
    assert spoken_number(said, language) is None
