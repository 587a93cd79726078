"""Phone numbers, tracking numbers and check digits."""

import pytest

from flows.understanding.check_digits import check_digit_fits
from flows.understanding.phone_numbers import phone_from_digits, region, spoken_phone
from flows.understanding.tracking import spoken_code

EN, ZH, KO = "en-US", "zh-CN", "ko-KR"


@pytest.mark.parametrize(
    ("said", "language", "code"),
    [
        ("S F one two three", EN, "SF123"),
        ("SF 123", EN, "SF123"),
        ("R B double seven 4", EN, "RB774"),
        ("A as in Alpha 7", EN, "A7"),
        ("A for apple B for boy 12", EN, "AB12"),
        ("alpha bravo twelve", EN, "AB12"),
        ("double u nine", EN, "W9"),
        ("x-ray 5", EN, "X5"),
        ("r b 123-456", EN, "RB123456"),
        ("12345", EN, "12345"),
        ("SF一三五", ZH, "SF135"),
        ("字母S字母F幺二三", ZH, "SF123"),
        ("单号是RB零零八", ZH, "RB008"),
        ("R B 1 2 3 四五六", ZH, "RB123456"),
        ("알비 123".replace("알비", "R B"), KO, "RB123"),
    ],
)
def test_letters_and_digits_are_understood(said, language, code):
    assert spoken_code(said, language).value == code


def test_letters_by_their_sound_are_doubtful():
    found = spoken_code("see you one", EN)
    assert (found.value, found.exact) == ("CU1", False)


@pytest.mark.parametrize(("said", "language"), [("where is my parcel", EN), ("我的快递在哪里", ZH), ("", EN)])
def test_a_sentence_is_no_code(said, language):
    assert spoken_code(said, language) is None


@pytest.mark.parametrize(
    ("digits", "country", "number"),
    [
        ("13800138000", "CN", "+8613800138000"),
        ("008613800138000", "US", "+8613800138000"),
        ("2025550143", "US", "+12025550143"),
        ("01012345678", "KR", "+821012345678"),
    ],
)
def test_a_keyed_number_becomes_e164(digits, country, number):
    assert phone_from_digits(digits, country).value == number


def test_a_number_that_does_not_exist_has_a_problem():
    assert phone_from_digits("12345", "CN").problem == "rejected_check"


def test_a_spoken_number_becomes_e164():
    assert spoken_phone("幺三八零零幺三八零零零", ZH, "CN").value == "+8613800138000"
    assert spoken_phone("two oh two, five five five, oh one four three", EN, "US").value == "+12025550143"


@pytest.mark.parametrize(
    ("service", "language", "country"),
    [("+861084321000", EN, "CN"), ("", ZH, "CN"), ("", "en-GB", "GB"), ("", "ko", "KR"), ("+12025550143", ZH, "US")],
)
def test_the_service_number_says_whose_numbers_are_meant(service, language, country):
    assert region(service, language) == country


@pytest.mark.parametrize(
    ("number", "check"),
    [
        ("79927398713", "luhn"),
        ("5724", "damm"),
        ("2363", "verhoeff"),
        ("07940", "mod11"),
        ("079X", "mod11"),
        ("123", "none"),
    ],
)
def test_a_right_check_digit_fits(number, check):
    assert check_digit_fits(number, check)


@pytest.mark.parametrize(
    ("number", "check"),
    [("79927398714", "luhn"), ("5725", "damm"), ("2364", "verhoeff"), ("0795", "mod11"), ("", "damm")],
)
def test_a_wrong_check_digit_does_not_fit(number, check):
    assert not check_digit_fits(number, check)


def test_letters_do_not_count_for_the_check_digit():
    assert check_digit_fits("RB5724", "damm")
