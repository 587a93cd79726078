"""Amounts of money."""

import pytest

from flows.understanding.amounts import keyed_amount, spoken_amount

EN, ZH, KO = "en-US", "zh-CN", "ko-KR"


@pytest.mark.parametrize(
    ("said", "language", "amount"),
    [
        ("twelve dollars fifty", EN, 12.5),
        ("twelve dollars and fifty cents", EN, 12.5),
        ("twelve fifty", EN, 12.5),
        ("fifty cents", EN, 0.5),
        ("$12.50", EN, 12.5),
        ("a hundred and five pounds", EN, 105),
        ("1,200 dollars", EN, 1200),
        ("twenty five", EN, 25),
        ("三块五", ZH, 3.5),
        ("三块五毛二", ZH, 3.52),
        ("二十五元", ZH, 25),
        ("三元五角", ZH, 3.5),
        ("五毛", ZH, 0.5),
        ("十二块零五分", ZH, 12.05),
        ("三块二十五", ZH, 3.25),
        ("一百二", ZH, 120),
        ("25.5元", ZH, 25.5),
        ("一共三百块钱", ZH, 300),
        ("三十", ZH, 30),
        ("만 이천 원", KO, 12000),
    ],
)
def test_amounts_are_understood_as_people_say_them(said, language, amount):
    assert spoken_amount(said, language).value == amount


@pytest.mark.parametrize(("said", "language"), [("a lot", EN), ("很多", ZH), ("minus five", EN), ("", ZH)])
def test_no_amount_said_is_none(said, language):
    assert spoken_amount(said, language) is None


@pytest.mark.parametrize(("keys", "amount"), [("12", 12), ("12*5", 12.5), ("12*05", 12.05), ("0*50", 0.5)])
def test_star_is_the_decimal_point(keys, amount):
    assert keyed_amount(keys).value == amount


@pytest.mark.parametrize("keys", ["*", "1*2*3", "1*234", "*5", ""])
def test_a_misplaced_star_is_no_amount(keys):
    assert keyed_amount(keys) is None
