"""Sentences that nodes make of their labels."""

from flows.documents import parse
from flows.generated_texts import generated_texts
from tests.flows.test_examples import EXAMPLES, flow
from tests.flows.walk import Walk


def test_the_options_are_known_before_any_call_exactly_as_they_are_said():
    document = flow("courier_hotline")
    call = Walk(document).press("1")
    assert call.at == "main_menu"
    options = next(text for text in call.said if "查快递，请按1。" in text)
    assert options in set(generated_texts(document, "zh-CN"))
    call.silence(2)
    spoken_words = next(text for text in call.said if text.startswith("您也可以直接说"))
    assert spoken_words in set(generated_texts(document, "zh-CN"))


def test_labels_with_values_are_left_out():
    source = next(p for p in EXAMPLES if p.stem == "utility_line").read_text(encoding="utf-8")
    document = parse(source.replace("label: {en-US: a power cut}", 'label: {en-US: "a cut in {{ billing_service }}"}'))
    assert list(generated_texts(document, "en-US")) == []
