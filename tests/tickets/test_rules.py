"""Why a ticket is what it is."""

import itertools

import pytest

from tickets.categories import Category
from tickets.reasons import RULES, sentence
from tickets.rules import LEVELS, MATRIX, RANKS, Circumstances, choose_category, choose_priority
from tickets.ticket import Priority
from tickets.words import found


def category(key: str, position: int = 100, **more: object) -> Category:
    values = {"title": {}, "words": {}, "intents": [], "nodes": [], "active": True, **more}
    return Category(key=key, position=position, **values)


CATEGORIES = [
    category("complaint", 1, words={"zh": ["投诉", "损坏"], "en": ["broken", "damaged"]}, nodes=["moan"]),
    category("tracking", 2, words={"zh": ["快递"], "en": ["parcel", "tracking number"]}, intents=["track"]),
    category("old", 0, words={"en": ["parcel"]}, active=False),
]


def test_what_the_flow_asks_for_wins_over_words():
    choice = choose_category(CATEGORIES, asked="tracking", text="损坏", node="n")
    assert (choice.key, choice.reason) == ("tracking", {"rule": "flow", "node": "n"})


def test_an_intent_wins_over_words():
    assert choose_category(CATEGORIES, intent="track", text="损坏").reason == {"rule": "intent", "intent": "track"}


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ("我的快递包裹损坏了我要投诉", "complaint", ["投诉", "损坏"]),
        ("我的快递在哪里", "tracking", ["快递"]),
        ("My PARCEL has a tracking   number", "tracking", ["parcel", "tracking number"]),
        ("the parcel is broken", "complaint", ["broken"]),
        ("ｂｒｏｋｅｎ", "complaint", ["broken"]),
    ],
)
def test_the_most_words_win_and_then_the_first_category(text: str, key: str, words: list[str]):
    choice = choose_category(CATEGORIES, text=text)
    assert (choice.key, choice.reason) == (key, {"rule": "words", "words": words})


def test_a_latin_word_inside_another_word_does_not_count():
    assert choose_category(CATEGORIES, text="unbroken parcels").reason == {"rule": "default"}
    assert found(["12315"], "1231567") == []


def test_a_node_decides_when_words_do_not():
    assert choose_category(CATEGORIES, text="hm", node="moan").reason == {"rule": "node", "node": "moan"}


def test_what_no_rule_knows_is_other():
    assert choose_category(CATEGORIES, text="hello").key == "other"


def test_the_matrix_is_whole_and_never_falls():
    assert set(MATRIX) == set(itertools.product(LEVELS, LEVELS))
    for impact, urgency in MATRIX:
        for higher in LEVELS[LEVELS.index(urgency) :]:
            assert RANKS.index(MATRIX[(impact, higher)]) >= RANKS.index(MATRIX[(impact, urgency)])
            assert RANKS.index(MATRIX[(higher, impact)]) >= RANKS.index(MATRIX[(urgency, impact)])


@pytest.mark.parametrize(
    ("circumstances", "priority", "rules"),
    [
        (Circumstances(), Priority.NORMAL, ["matrix"]),
        (Circumstances(vip=True), Priority.HIGH, ["matrix", "vip"]),
        (Circumstances(text="太差了"), Priority.HIGH, ["matrix", "anger"]),
        (Circumstances(text="This is RIDICULOUS."), Priority.HIGH, ["matrix", "anger"]),
        (Circumstances(errors=2), Priority.NORMAL, ["matrix"]),
        (Circumstances(errors=3), Priority.HIGH, ["matrix", "errors"]),
        (Circumstances(errors=3, earlier_calls=2), Priority.HIGH, ["matrix", "errors", "repeat"]),
        (Circumstances(vip=True, earlier_calls=1, text="骗子"), Priority.URGENT, ["matrix", "vip", "anger", "repeat"]),
        (Circumstances(text="电池着火了"), Priority.URGENT, ["matrix", "danger"]),
    ],
)
def test_circumstances_raise_a_priority_and_are_named(circumstances: Circumstances, priority: str, rules: list[str]):
    choice = choose_priority("normal", "normal", circumstances)
    assert (choice.priority, [r["rule"] for r in choice.reasons]) == (priority, rules)


def test_unknown_levels_count_as_normal():
    assert choose_priority("gigantic", "", Circumstances()).priority == Priority.NORMAL


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_rule_has_a_sentence_in_both_languages(rule: str, language: str):
    said = sentence({"rule": rule, "words": ["a", "b"], "word": "w", "impact": "high"}, language)
    assert said[-1] in ".。"
    assert "{" not in said


def test_sentences_name_what_led_to_them():
    assert sentence({"rule": "words", "words": ["投诉", "损坏"]}, "zh") == "来电者提到“投诉、损坏”。"
    assert sentence({"rule": "repeat", "calls": 2}, "en") == "Raised: the caller called before within 24 hours (2)."
    assert sentence({"rule": "made up"}, "en") == "made up"
    assert sentence({}, "en") == ""
