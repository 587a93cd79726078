"""BCP-47 tags reach Twilio's recogniser and Twilio's speaker under the names each of them knows."""

from __future__ import annotations

import re

import pytest
from twiml_schema import XSD

from telephony.provider import ProviderError
from telephony.twilio.languages import (
    DEFAULT_VOICES,
    GATHER_LANGUAGES,
    SAY_LANGUAGES,
    gather_language,
    say_language,
    speech_languages,
)


@pytest.mark.parametrize(
    ("tag", "gather", "say"),
    [
        ("zh-CN", "cmn-Hans-CN", "cmn-CN"),
        ("zh", "cmn-Hans-CN", "cmn-CN"),
        ("zh-Hant", "cmn-Hant-TW", "cmn-TW"),
        ("zh-TW", "cmn-Hant-TW", "cmn-TW"),
        ("yue", "yue-Hant-HK", "yue-HK"),
        ("zh-HK", "yue-Hant-HK", "yue-HK"),
        ("en", "en-US", "en-US"),
        ("en_gb", "en-GB", "en-GB"),
        ("EN-us", "en-US", "en-US"),
        ("en-JM", "en-US", "en-US"),
        ("ko", "ko-KR", "ko-KR"),
        ("ko-KR", "ko-KR", "ko-KR"),
        ("pt", "pt-BR", "pt-BR"),
        ("de-CH", "de-DE", "de-DE"),
        ("pa", "pa-guru-IN", "pa-IN"),
    ],
)
def test_a_tag_finds_both_codes(tag: str, gather: str, say: str) -> None:
    assert (gather_language(tag), say_language(tag)) == (gather, say)


@pytest.mark.parametrize("tag", ["", "tlh", "x" * 4_000, "<&>", "-"])
def test_a_language_nobody_serves_is_an_error_in_words(tag: str) -> None:
    for find in (gather_language, say_language):
        with pytest.raises(ProviderError, match=r"choose another language") as caught:
            find(tag)
        assert len(str(caught.value)) < 200


def test_every_declared_speech_language_finds_a_code() -> None:
    assert {gather_language(tag) for tag in speech_languages()} <= GATHER_LANGUAGES
    assert {"zh-CN", "en-US", "ko-KR", "zh", "en", "yue"} <= speech_languages()


def test_default_voices_belong_to_languages_that_can_be_said() -> None:
    assert set(DEFAULT_VOICES) <= SAY_LANGUAGES


@pytest.mark.skipif(not XSD.exists(), reason="corpus not present")
def test_codes_and_voices_are_those_of_twilios_libraries() -> None:
    schema = XSD.read_text(encoding="utf-8")

    def values(name: str) -> set[str]:
        found = re.search(rf'simpleType name="{name}">(.*?)</xs:simpleType>', schema)
        assert found
        return set(re.findall(r'value="([^"]+)"', found.group(1)))

    assert values("E_Gather_language") == GATHER_LANGUAGES
    assert values("E_Say_language") == SAY_LANGUAGES
    assert set(DEFAULT_VOICES.values()) <= values("E_Say_voice")
