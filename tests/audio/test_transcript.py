"""Transcripts are values that say what was heard or why nothing was."""

from __future__ import annotations

import json

import pytest

from audio.transcript import Transcript, TranscriptStatus, Word, joined, mean_confidence, spoken, tidy, unavailable


def word(text: str, start_s: float, end_s: float, confidence: float | None = 0.5) -> Word:
    return Word(text=text, start_s=start_s, end_s=end_s, confidence=confidence)


def heard(*words: Word, language: str = "en-US") -> Transcript:
    return spoken(words=words, language=language, engine="scripted", model="script")


def test_a_transcript_survives_storage_as_json() -> None:
    transcript = heard(word("late", 0.5, 1.0))
    assert Transcript.from_json(json.loads(json.dumps(transcript.as_json()))) == transcript


def test_no_words_means_that_nothing_was_said() -> None:
    transcript = heard()
    assert (transcript.status, transcript.text, transcript.note) == (TranscriptStatus.NO_SPEECH, "", "nothing was said")


def test_confidence_weighs_words_by_their_length() -> None:
    assert mean_confidence([word("a", 0, 3, 1.0), word("b", 3, 4, 0.0)]) == pytest.approx(0.75)
    assert mean_confidence([word("a", 0, 1, None)]) is None


def test_pieces_are_joined_with_their_times_moved() -> None:
    whole = joined([(0.0, heard(word("my", 0.1, 0.4))), (60.0, heard()), (115.0, heard(word("parcel", 0.2, 0.9)))])
    assert whole.text == "my parcel"
    assert [edge for said in whole.words for edge in (said.start_s, said.end_s)] == pytest.approx(
        [0.1, 0.4, 115.2, 115.9]
    )


def test_chinese_is_written_without_spaces_and_names_keep_theirs() -> None:
    assert heard(word("没有", 0, 1), word("电话", 1, 2), language="zh-CN").text == "没有电话"
    assert tidy("我 的 包裹 from New York 坏 了 。") == "我的包裹 from New York 坏了。"
    assert tidy(" ".join(["한국어", "문장"])) == "한국어 문장"


def test_a_missing_model_is_said_and_nothing_is_invented() -> None:
    transcript = unavailable("sw-KE", "transcript unavailable: no model for sw-KE")
    assert (transcript.status, transcript.text, transcript.words) == (TranscriptStatus.UNAVAILABLE, "", ())
