"""What a number should be, by what somebody says after a no."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.filters import group
from flows.understanding.check_digits import check_digit_fits
from flows.understanding.corrections import correct
from flows.understanding.tracking import spoken_code

EN, ZH, KO = "en-US", "zh-CN", "ko-KR"


def read(language, text):
    found = spoken_code(text, language)
    return None if found is None else found.value


def right(pending, said, language=EN, **more):
    return correct(pending, said, language, read=partial(read, language), **more)


@pytest.mark.parametrize(
    ("pending", "said", "language", "value"),
    [
        ("77887786", "the last one is seven", EN, "77887787"),
        ("77887786", "last digit seven", EN, "77887787"),
        ("77887786", "third digit seven", EN, "77787786"),
        ("RB778877", "third digit nine", EN, "RB779877"),
        ("RB778877", "the first one is K", EN, "KB778877"),
        ("RB778877", "the second letter is P", EN, "RP778877"),
        ("77887786", "the second to last is five", EN, "77887756"),
        ("77887786", "change the fourth number to nine", EN, "77897786"),
        ("77887786", "digit three is nine", EN, "77987786"),
        ("77887786", "the last two are nine one", EN, "77887791"),
        ("77887786", "it ends with eight eight", EN, "77887788"),
        ("77887786", "the second group is seven seven eight eight", EN, "77887788"),
        ("77887786", "not six but seven", EN, "77887787"),
        ("77887786", "seven not six", EN, "77887787"),
        ("778877", "第三位是七", ZH, "777877"),
        ("778876", "最后一位是七", ZH, "778877"),
        ("RB7788", "第三位是九", ZH, "RB9788"),
        ("RB7788", "第一位是K", ZH, "KB7788"),
        ("778876", "倒数第二位应该是幺", ZH, "778816"),
        ("77887788", "后四位是七七八六", ZH, "77887786"),
        ("77887786", "第二组是七七八八", ZH, "77887788"),
        ("778876", "六是七", ZH, "778877"),
        ("778876", "尾号是七七", ZH, "778877"),
        ("123456", "마지막은 칠", KO, "123457"),
        ("123456", "세 번째 숫자는 칠이에요", KO, "127456"),
        ("123456", "끝자리는 공", KO, "123450"),
    ],
)
def test_a_named_place_is_put_right(pending, said, language, value):
    assert right(pending, said, language) == value


@pytest.mark.parametrize(
    ("pending", "said", "language", "value"),
    [
        ("12346789", "five seven eight", EN, "12345789"),
        ("12346789", "three four five seven", EN, "12345789"),
        ("7788", "seven eight nine", EN, "7789"),
        ("138001", "八零零二", ZH, "138002"),
        ("RB778877", "R P", EN, "RP778877"),
        ("010123", "공 일 이", KO, None),
    ],
)
def test_a_run_of_digits_is_put_where_it_differs_in_one(pending, said, language, value):
    assert right(pending, said, language) == value


def test_one_digit_goes_where_it_is_most_easily_misheard():
    assert right("1934", "five") == "1534"
    assert right("2264", "三") is None
    assert right("3814", "七", ZH) == "3874"
    assert right("3624", "九", ZH) == "3924"
    assert right("5024", "八", ZH) == "5084"
    assert right("1244", "칠", KO) == "7244"
    assert right("4646", "two") == "4642"


def test_the_check_digit_says_where_one_digit_goes():
    def fits(number):
        return check_digit_fits(number, "luhn")

    # 79927398713 is right; its eighth digit was heard as a 5, which sounds like 9 no more than the first does.
    assert right("79927395713", "eight", fits=fits) == "79927398713"
    assert right("79927398713", "the last one is four", fits=fits) is None


@pytest.mark.parametrize(
    "said", ["", "I do not know", "one two three four five six seven eight nine", "the twentieth digit is five"]
)
def test_what_says_nothing_about_the_number_corrects_nothing(said):
    assert right("123456", said) is None


def test_a_lone_digit_is_a_correction_only_after_a_no():
    assert right("1234", "two", alone=False) is None


def test_several_wrong_digits_are_not_guessed():
    assert right("12345678", "nine nine seven") is None


DIGITS = st.text("0123456789", min_size=4, max_size=14)
ORDINALS = ["first", "second", "third", "fourth"]
WORDS = {
    EN: dict(enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"])),
    ZH: dict(enumerate("零一二三四五六七八九")),
    KO: dict(enumerate("영일이삼사오육칠팔구")),
}


@given(DIGITS, st.integers(0, 3), st.sampled_from("0123456789"))
def test_any_of_the_first_four_digits_is_put_right_by_its_place(number, at, digit):
    wanted = number[:at] + digit + number[at + 1 :]
    expected = None if wanted == number else wanted
    for said, language in (
        (f"the {ORDINALS[at]} digit is {WORDS[EN][int(digit)]}", EN),
        (f"第{'一二三四'[at]}位是{WORDS[ZH][int(digit)]}", ZH),
        (f"{['첫', '두', '세', '네'][at]} 번째 숫자는 {WORDS[KO][int(digit)]}", KO),
    ):
        assert right(number, said, language) == expected


@given(DIGITS, st.data())
def test_the_group_with_one_digit_wrong_said_again_puts_it_right_or_nothing_wrong_in_its_length(number, data):
    parts = group(number)
    which = data.draw(st.integers(0, len(parts) - 1))
    at = data.draw(st.integers(0, len(parts[which]) - 1))
    digit = data.draw(st.sampled_from("0123456789"))
    said = parts[which][:at] + digit + parts[which][at + 1 :]
    found = right(number, " ".join(WORDS[EN][int(d)] for d in said))
    assert found is None or (len(found) == len(number) and sum(a != b for a, b in zip(found, number, strict=True)) == 1)
    if said != parts[which] and number.find(said) < 0 and len(number) > len(said):
        assert found is not None
        assert said in found
