"""Templates in prompts: holes, filters per language, and that rendering never fails."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.filters import FILTERS, group
from flows.text import find_holes, holes, render

NOW = datetime(2026, 11, 21, 19, 30, tzinfo=UTC)
VALUES: dict[str, Any] = {
    "name": "Ana",
    "ticket": "123458",
    "tracking": "rb-1204",
    "day": "2026-11-23",
    "later": "2027-01-02",
    "at": "2026-11-23T07:30:00+00:00",
    "price": 3.5,
    "whole": 20,
    "phone": "+8613800138000",
    "vip": True,
    "list": ["a", "b"],
    "object": {"a": 1},
    "empty": "",
    "sneaky": "{{ name }}",
}


def said(template: str, language: str = "en-US") -> str:
    return render(template, VALUES, language, NOW).text


@pytest.mark.parametrize(
    ("template", "english", "chinese"),
    [
        ("Hello {{ name }}!", "Hello Ana!", "Hello Ana!"),
        ("{{ ticket | digits }}", "1 2 3, 4 5 8", "1 2 3，4 5 8"),
        (
            "{{ tracking | spell }}",
            "R as in Romeo, B as in Bravo, dash, 1, 2, 0, 4",
            "rain 的 R，boy 的 B，横杠，1，2，0，4",
        ),
        ("{{ day | date }}", "Monday, November 23", "11月23日星期一"),
        ("{{ later | date }}", "Saturday, January 2, 2027", "2027年1月2日星期六"),
        ("{{ at | time('Asia/Shanghai') }}", "3:30 PM", "15:30"),
        ("{{ at | time }}", "7:30 AM", "07:30"),
        ("{{ '09:05' | time }}", "9:05 AM", "09:05"),
        ("{{ price | money('EUR') }}", "3.50 euros", "3.50欧元"),
        ("{{ whole | money('USD') }}", "20 US dollars", "20美元"),
        ("{{ 1234567.891 | number(1) }}", "1234567.9", "1234567.9"),
        ("{{ phone | phone }}", "1 3 8, 0 0 1 3, 8 0 0 0", "1 3 8，0 0 1 3，8 0 0 0"),
        ("{{ vip }} {{ list }}", "yes a, b", "是 a、b"),
        ("{{ nobody | default('somebody') }}", "somebody", "somebody"),
        ("{{ object | default('it') }}", "it", "it"),
        ("{{ name | default('x') }}", "Ana", "Ana"),
        ("{{ nobody | digits | default('none') }}", "none", "none"),
        ("{{ 'a | b }} c' }}", "a | b }} c", "a | b }} c"),
    ],
)
def test_a_hole_is_said_as_its_language_says_it(template: str, english: str, chinese: str) -> None:
    assert said(template, "en-US") == english
    assert said(template, "zh-CN") == chinese


def test_english_of_other_countries_and_other_languages_use_their_own_dates() -> None:
    assert said("{{ day | date }}", "en-GB") == "Monday, 23 November"
    assert said("{{ day | date }}", "de-DE") == "Montag, 23. November"
    assert said("{{ day | date }}", "ko-KR") == "11월 23일 월요일"
    assert said("{{ day | date }}", "xx-YY") == "Monday, November 23"


@pytest.mark.parametrize(
    ("characters", "sizes"),
    [
        ("", []),
        ("1", [1]),
        ("1234", [4]),
        ("12345", [2, 3]),
        ("123456", [3, 3]),
        ("1234567", [3, 4]),
        ("1" * 10, [3, 3, 4]),
        ("1" * 11, [3, 4, 4]),
        ("1" * 16, [4, 4, 4, 4]),
    ],
)
def test_digits_are_read_in_groups_of_three_and_four(characters: str, sizes: list[int]) -> None:
    assert [len(part) for part in group(characters)] == sizes
    assert "".join(group(characters)) == characters


def test_a_missing_value_says_nothing_and_is_named() -> None:
    rendered = render("Hi {{ nobody }}, {{ empty }} {{ object }} {{ name - 1 }} {{ day | money }}.", VALUES, "en", NOW)
    assert rendered.text == "Hi ,    ."
    assert rendered.missing == ("nobody", "empty", "object", "name - 1", "day")


def test_a_value_is_never_read_as_a_template() -> None:
    assert said("{{ sneaky }}") == "{{ name }}"


def test_control_characters_of_a_value_do_not_reach_the_voice() -> None:
    assert render("a{{ x }}b", {"x": "\x00\x1b\ud800\ufffe<&>"}, "en", NOW).text == "a<&>b"


def test_a_long_value_is_cut() -> None:
    assert len(render("{{ x }}", {"x": "a" * 9_999}, "en", NOW).text) == 2_000
    assert len(render("{{ x | digits }}", {"x": "1" * 9_999}, "en", NOW).text) < 600


@pytest.mark.parametrize(
    ("template", "error"),
    [
        ("a {{ b", "never closed"),
        ("{{ }}", "empty"),
        ("{{ a | shout }}", "no filter shout"),
        ("{{ a | digits extra }}", "not a filter"),
        ("{{ a | }}", "not a filter"),
    ],
)
def test_a_hole_that_is_written_wrong_says_so(template: str, error: str) -> None:
    assert error in next(hole.error for hole in find_holes(template) if hole.error)


def test_a_hole_that_is_never_closed_stays_text() -> None:
    assert said("a {{ name") == "a {{ name"
    assert said("{{ it's }} b") == " b"


def test_holes_are_listed_in_order() -> None:
    assert holes("{{ a.b | digits }} x {{c}} {{ d | default('e') }}") == ["a.b", "c", "d"]


def test_every_filter_says_what_it_does_in_both_languages_and_shows_its_use() -> None:
    for name, entry in FILTERS.items():
        assert f"| {name}" in entry.usage
        assert entry.summary["en"]
        assert entry.summary["zh"]


pieces = st.one_of(
    st.sampled_from(
        [
            "{{",
            "}}",
            "{{ a }}",
            "{{ a | ",
            " | ",
            "'",
            '"',
            "default('",
            "digits",
            "spell",
            "date",
            "time('",
            "money('EUR')",
            "phone",
            "number(2)",
            "a.b[0]",
            "(",
            ")",
        ]
    ),
    st.text(max_size=8),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(pieces, max_size=8).map("".join),
    json_values,
    st.sampled_from(["en-US", "zh-CN", "ko", "", "??", "x" * 50]),
)
def test_rendering_never_fails_and_gives_speakable_text(template: str, value: Any, language: str) -> None:
    text = render(template, {"a": value}, language, NOW).text
    assert "\x00" not in text
    text.encode("utf-8")


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(sorted(FILTERS)),
    st.sampled_from(["", "('EUR')", "('Asia/Shanghai')", "(2)", "('\\\\')"]),
    json_values,
)
def test_every_filter_takes_any_value(name: str, argument: str, value: Any) -> None:
    for language in ("en-US", "zh-CN"):
        assert isinstance(render(f"{{{{ a | {name}{argument} }}}}", {"a": value}, language, NOW).text, str)
