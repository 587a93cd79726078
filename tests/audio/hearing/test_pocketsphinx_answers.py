"""pocketsphinx on closed questions, for real."""

from __future__ import annotations

from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from audio.errors import RecognizerFailed
from audio.hearing.engines.pocketsphinx import PocketsphinxEngine
from audio.hearing.engines.pocketsphinx_sound import prepared, without_noise
from audio.hearing.question import AnswerKind, Question
from audio.pcm import Pcm, join, silence
from audio.recognizers.base import ModelSpec
from audio.wav import read_wav

pytestmark = pytest.mark.speech
ROOT = Path(__file__).parents[3]
CLIPS = ROOT / "tests" / "audio" / "clips"
MODELS = ROOT.parent / "shared" / "models"
SAID = "Your call cannot be completed as dialed"
MENU = (SAID, "Please leave a message", "Track a parcel", "Change my address", "Opening hours", "Speak to a person")


def spec(language: str, path: Path) -> ModelSpec:
    return ModelSpec(engine="pocketsphinx", name=f"pocketsphinx-{language}", path=path, language=language)


@pytest.fixture(scope="module")
def english() -> PocketsphinxEngine:
    package = find_spec("pocketsphinx")
    assert package is not None
    assert package.origin is not None
    engine = PocketsphinxEngine(spec("en", Path(package.origin).parent / "model" / "en-us"))
    engine.warm_up("en-US")
    return engine


@pytest.fixture(scope="module")
def dialed() -> Pcm:
    return read_wav(CLIPS / "en_cannot_be_completed.wav")


def test_a_phrase_of_the_menu_is_understood_as_it_is_written(english: PocketsphinxEngine, dialed: Pcm) -> None:
    heard = english.understand(dialed, Question(language="en-US", phrases=MENU))
    assert heard.text == SAID
    assert (heard.confidence or 0) > 0.75
    assert [word.text for word in heard.words] == SAID.lower().split()
    assert all(a.end_s <= b.start_s + 0.02 for a, b in pairwise(heard.words))
    assert heard.engine == "pocketsphinx"


def test_speech_that_is_none_of_the_menu_is_not_believed(english: PocketsphinxEngine, dialed: Pcm) -> None:
    heard = english.understand(dialed, Question(language="en-US", phrases=MENU[1:]))
    assert heard.nothing or (heard.confidence or 0) < 0.45


def test_candidates_come_best_first_and_each_once(english: PocketsphinxEngine, dialed: Pcm) -> None:
    found = english.candidates(dialed, Question(language="en-US", phrases=MENU), 3)
    assert found[0][0] == SAID
    assert len({text for text, _ in found}) == len(found) > 1
    assert all(first[1] >= second[1] for first, second in pairwise(found))


def test_silence_noise_and_a_crumb_of_sound_are_no_words(english: PocketsphinxEngine) -> None:
    question = Question(language="en-US", phrases=MENU)
    hiss = Pcm(samples=np.random.default_rng(1).normal(0, 300, 8000).astype(np.int16), rate_hz=8000)
    for sound in (silence(1.0), silence(0.01), hiss):
        heard = english.understand(sound, question)
        assert heard.nothing or (heard.confidence or 0) < 0.45


def test_open_questions_and_phrases_without_words_get_no_answer(english: PocketsphinxEngine, dialed: Pcm) -> None:
    assert english.understand(dialed, Question(language="en-US", kind=AnswerKind.OPEN)).nothing
    assert english.understand(dialed, Question(language="en-US", phrases=("…", "!"))).nothing


def test_every_kind_of_answer_can_be_asked_and_hundreds_of_grammars_leave_no_memory(
    english: PocketsphinxEngine, dialed: Pcm
) -> None:
    short = dialed.part(0.0, 0.4)
    for kind in (AnswerKind.DIGITS, AnswerKind.CODE, AnswerKind.NUMBER, AnswerKind.DATE, AnswerKind.TIME):
        english.understand(short, Question(language="en-US", kind=kind, phrases=("operator",)))
    before = resident_mb()
    for number in range(120):
        english.understand(short, Question(language="en-US", phrases=(MENU[number % 6], f"number {number % 50}")))
    assert resident_mb() - before < 20


def resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


def test_a_folder_without_a_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(RecognizerFailed, match="no model of pocketsphinx"):
        PocketsphinxEngine(spec("en", tmp_path)).warm_up("en-US")
    with pytest.raises(RecognizerFailed, match="does not hear"):
        PocketsphinxEngine(spec("en", tmp_path)).warm_up("zh-CN")


def test_noise_is_turned_down_and_speech_is_kept(dialed: Pcm) -> None:
    speech = join([silence(0.5), dialed]).samples.astype(np.float64)
    noisy = speech + np.random.default_rng(2).normal(0, 200, len(speech))
    cleaned = without_noise(noisy)
    assert np.std(cleaned[800:3200]) < 0.5 * np.std(noisy[800:3200])
    assert np.corrcoef(cleaned, speech)[0, 1] > 0.95
    assert len(prepared(dialed, 16_000)) == 2 * len(prepared(dialed, 8_000))
    with pytest.raises(ValueError, match="8000"):
        prepared(Pcm(samples=dialed.samples, rate_hz=16_000), 16_000)


@pytest.mark.skipif(not MODELS.is_dir(), reason="corpus not present")
def test_mandarin_words_are_told_apart_by_their_pinyin() -> None:
    engine = PocketsphinxEngine(spec("zh", MODELS / "pocketsphinx-zh-tdt-sc-8k"))
    engine.warm_up("zh-CN")
    sound = read_wav(CLIPS / "zh_telephone_notice.wav")
    words = ("电话", "通知", "人工", "地址", "没有", "解决", "下午", "公司")
    question = Question(language="zh-CN", phrases=words)
    middle = sound.duration_s / 2
    heard = [engine.understand(part, question).text for part in (sound.part(0, middle), sound.part(middle, 9))]
    assert heard == ["电话", "通知"]
