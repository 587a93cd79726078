"""One contract, kept by every recogniser."""

from __future__ import annotations

import csv
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from audio.catalogue import SpeechFolders, choose
from audio.child import Child
from audio.errors import NotAudio, RecognizerFailed
from audio.pcm import Pcm, join, silence
from audio.recognizers.base import ModelSpec, Recognizer
from audio.recognizers.process import ProcessRecognizer
from audio.recognizers.scripted import ScriptedRecognizer
from audio.recognizers.vosk import VoskRecognizer
from audio.recognizers.whisper import WhisperRecognizer
from audio.resample import resample
from audio.transcript import TranscriptStatus
from audio.transcription import Transcriber
from audio.wav import read_wav, write_wav
from tests.audio.sounds import CLIPS, music, noise, tone


@dataclass(frozen=True, kw_only=True)
class Case:
    """A recogniser and a clip that it must understand."""

    language: str
    clip: str
    heard: tuple[str, ...]
    make: Callable[[SpeechFolders], Recognizer]


def _scripted(_: SpeechFolders) -> Recognizer:
    return ScriptedRecognizer("en-US", usually="your call cannot be completed")


def _english(folders: SpeechFolders) -> Recognizer:
    return WhisperRecognizer(choose("en-US", folders))


def _chinese(folders: SpeechFolders) -> Recognizer:
    return WhisperRecognizer(choose("zh-CN", folders))


def _korean(folders: SpeechFolders) -> Recognizer:
    return VoskRecognizer(choose("ko-KR", folders))


def _korean_apart(folders: SpeechFolders) -> Recognizer:
    return ProcessRecognizer(choose("ko-KR", folders))


EN, ZH, KO = "en_cannot_be_completed.wav", "zh_telephone_notice.wav", "ko_project_tabs.wav"
CASES = {
    "scripted": Case(language="en-US", clip=EN, heard=("cannot be completed",), make=_scripted),
    "whisper-en": Case(language="en-US", clip=EN, heard=("call cannot be completed as dialed",), make=_english),
    "whisper-zh": Case(language="zh-CN", clip=ZH, heard=("电话", "通知"), make=_chinese),
    "vosk-ko": Case(language="ko-KR", clip=KO, heard=("됩니다",), make=_korean),
    "vosk-ko-apart": Case(language="ko-KR", clip=KO, heard=("됩니다",), make=_korean_apart),
}


@pytest.fixture(
    scope="module",
    params=[name if name == "scripted" else pytest.param(name, marks=pytest.mark.speech) for name in CASES],
)
def case_and_recognizer(request: pytest.FixtureRequest, folders: SpeechFolders) -> Iterator[tuple[Case, Recognizer]]:
    case = CASES[request.param]
    recognizer = case.make(folders)
    yield case, recognizer
    recognizer.close()


Pair = tuple[Case, Recognizer]

listening = pytest.mark.parametrize(
    "case_and_recognizer",
    [pytest.param(name, marks=pytest.mark.speech) for name in CASES if name != "scripted"],
    indirect=True,
)
"""For what a script, which does not listen, cannot show."""


def test_it_keeps_the_protocol(case_and_recognizer: Pair) -> None:
    assert isinstance(case_and_recognizer[1], Recognizer)


def test_it_understands_a_person(case_and_recognizer: Pair) -> None:
    case, recognizer = case_and_recognizer
    sound = read_wav(CLIPS / case.clip)
    transcript = recognizer.transcribe(sound)
    assert transcript.status is TranscriptStatus.TRANSCRIBED
    assert all(part in transcript.text for part in case.heard), transcript.text
    assert (transcript.language, transcript.note) == (case.language, "")
    assert transcript.engine
    assert transcript.model
    if recognizer.capabilities.confidence:
        assert 0.4 < (transcript.confidence or 0) <= 1
    if recognizer.capabilities.word_times:
        edges = [edge for word in transcript.words for edge in (word.start_s, word.end_s)]
        assert edges == sorted(edges)
        assert 0 <= edges[0] < edges[-1] <= sound.duration_s + 0.3


@listening
@pytest.mark.parametrize("lead_s", [3.0])
def test_words_keep_their_place_after_a_silence(case_and_recognizer: Pair, lead_s: float) -> None:
    case, recognizer = case_and_recognizer
    sound = read_wav(CLIPS / case.clip)
    words = recognizer.transcribe(join([silence(lead_s), sound])).words
    assert lead_s - 0.5 <= words[0].start_s
    assert words[-1].end_s <= lead_s + sound.duration_s + 0.3


@pytest.mark.parametrize("sound", [silence(0), silence(0.1), silence(8)], ids=["nothing", "a tenth", "silence"])
def test_silence_gives_no_words(case_and_recognizer: Pair, sound: Pcm) -> None:
    transcript = case_and_recognizer[1].transcribe(sound)
    assert (transcript.status, transcript.text, transcript.words) == (TranscriptStatus.NO_SPEECH, "", ())


@listening
@pytest.mark.parametrize(
    "sound",
    [noise(8, 30), noise(8, 2000), tone(8, peak=6000), music(8)],
    ids=["line noise", "loud noise", "tone", "music"],
)
def test_noise_tones_and_music_give_no_words(case_and_recognizer: Pair, sound: Pcm) -> None:
    recognizer = case_and_recognizer[1]
    transcript = recognizer.transcribe(sound)
    assert (transcript.status, transcript.text) == (TranscriptStatus.NO_SPEECH, "")


def test_a_recording_of_another_rate_is_understood(case_and_recognizer: Pair) -> None:
    case, recognizer = case_and_recognizer
    transcript = recognizer.transcribe(resample(read_wav(CLIPS / case.clip), 22_050))
    assert transcript.status is TranscriptStatus.TRANSCRIBED


@pytest.mark.speech
def test_traditional_characters_are_written_simplified(folders: SpeechFolders) -> None:
    from audio.recognizers.whisper import _writing

    assert _writing("zh-CN")("沒有電話") == "没有电话"
    assert _writing("zh-TW")("沒有電話") == "沒有電話"


@pytest.mark.speech
def test_a_recogniser_killed_between_two_blocks_finishes_the_recording(folders: SpeechFolders) -> None:
    recognizer = ProcessRecognizer(choose("en-US", folders), block_s=6)
    sound = read_wav(CLIPS / EN)
    told: list[float] = []

    def kill(share: float) -> None:
        told.append(share)
        if len(told) == 1:
            assert recognizer.child.pid is not None
            os.kill(recognizer.child.pid, signal.SIGKILL)

    transcript = recognizer.transcribe(join([sound, silence(2), sound, silence(2), sound]), kill)
    recognizer.close()
    assert transcript.text.lower().count("cannot be completed") == 3
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1)


def test_a_recogniser_that_dies_each_time_is_an_error_that_may_be_tried_again() -> None:
    recognizer = ProcessRecognizer(ModelSpec(engine="vosk", name="cursed", path=Path(), language="en-US"))
    recognizer.child = Child(module="tests.audio.unruly_child", set_up="always die", name="The recogniser cursed")
    with pytest.raises(RecognizerFailed, match="The recogniser cursed stopped") as failed:
        recognizer.transcribe(tone(1))
    assert failed.value.retryable


@pytest.mark.speech
@pytest.mark.parametrize("engine", ["vosk", "whisper", "oracle"])
def test_a_broken_model_is_an_error_with_its_name(engine: str, tmp_path: Path) -> None:
    spec = ModelSpec(engine=engine, name="half-a-model", path=tmp_path, language="en-US")
    recognizer = ProcessRecognizer(spec)
    with pytest.raises(RecognizerFailed, match="half-a-model" if engine != "oracle" else "oracle"):
        recognizer.transcribe(read_wav(CLIPS / EN))
    recognizer.close()


@pytest.mark.speech
def test_a_file_is_transcribed_in_the_language_of_its_call(folders: SpeechFolders, tmp_path: Path) -> None:
    transcriber = Transcriber(folders, most_models=1)
    try:
        english = transcriber.transcribe_file(CLIPS / EN, "en-GB")
        assert "cannot be completed" in english.text
        missing = transcriber.transcribe_file(CLIPS / EN, "sw-KE")
        assert missing.status is TranscriptStatus.UNAVAILABLE
        assert missing.note == ("transcript unavailable: no model for sw-KE, install with `flask speech install sw`")
        (tmp_path / "broken.wav").write_bytes(b"<Error>not found</Error>")
        with pytest.raises(NotAudio):
            transcriber.transcribe_file(tmp_path / "broken.wav", "en-US")
    finally:
        transcriber.close()


@pytest.mark.speech
@pytest.mark.parametrize("language", ["zh", "en", "ko"])
def test_the_demo_caller_is_understood(language: str, folders: SpeechFolders) -> None:
    root = Path(__file__).resolve().parents[2]
    regions = {"zh": "zh-CN", "en": "en-US", "ko": "ko-KR"}
    said = {"zh": "问题没有解决", "en": "number is not answering", "ko": "만든 후"}
    transcriber = Transcriber(folders)
    try:
        path = root / "demo" / "voices" / f"complaint_{language}.wav"
        transcript = transcriber.transcribe_file(path, regions[language])
    finally:
        transcriber.close()
    assert said[language] in transcript.text


@pytest.mark.speech
@pytest.mark.slow
def test_fourteen_minutes_are_transcribed_block_by_block(folders: SpeechFolders, tmp_path: Path) -> None:
    clip = read_wav(CLIPS / EN)
    minutes = [join([clip, silence(60 - clip.duration_s)]) for _ in range(14)]
    write_wav(tmp_path / "long.wav", join(minutes))
    transcriber = Transcriber(folders)
    told: list[float] = []
    try:
        transcript = transcriber.transcribe_file(tmp_path / "long.wav", "en-US", told.append)
    finally:
        transcriber.close()
    assert transcript.text.lower().count("cannot be completed") == 14
    assert len(told) >= 14
    assert transcript.words[-1].start_s > 13 * 60


@pytest.mark.speech
@pytest.mark.slow
def test_the_corpus_is_understood_as_well_as_it_was_measured(folders: SpeechFolders, corpus: Path) -> None:
    with (corpus / "transcripts.tsv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["kind"] == "prompt"][::6]
    recognizer = WhisperRecognizer(choose("en-US", folders))
    heard = [recognizer.transcribe(read_wav(corpus / row["file"])).text for row in rows]
    wanted = [set("".join(c if c.isalnum() else " " for c in row["text"].lower()).split()) for row in rows]
    shares = [
        len(want & set("".join(c if c.isalnum() else " " for c in text.lower()).split())) / len(want)
        for want, text in zip(wanted, heard, strict=True)
    ]
    assert np.mean(shares) > 0.8  # 0.84 measured; the sample holds names of protocols that nobody knows.
