"""How well each engine understands each set under each condition, and what it costs."""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rapidfuzz.distance import Levenshtein

from audio.hearing.grammar.words import RUNS_ON, normal, primary
from audio.hearing.hypothesis import Hypothesis
from bench.figures import percentile
from bench.speech.material import sets
from bench.speech.spoken_material import spoken_sets
from bench.speech.subjects import Subject, settings, subjects
from bench.speech.test_sets import Condition, Half, Said, TestSet, spread

ACCEPT, ASK_BACK = 0.75, 0.45
"""The bands of a flow: from the first on an answer is taken, from the second on it is asked back."""

_CONFUSIONS = 4


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much is measured: at most so many utterances of a set (None is all), in which conditions."""

    limit: int | None
    open_limit: int
    conditions: tuple[Condition, ...]


FULL = Size(limit=60, open_limit=30, conditions=tuple(Condition))
QUICK = Size(limit=2, open_limit=2, conditions=(Condition.CLEAN, Condition.SNR_10))


@dataclass(frozen=True, kw_only=True)
class Row:
    """One engine, one set, one condition.

    Attributes:
        right: understood, whatever the confidence.
        accepted_right: understood and sure enough to be taken at once.
        accepted_wrong: taken at once and wrong; of speech that is no answer, these are the false accepts.
        asked_back: confidence in between, right or wrong.
        errors: share of wrong words (characters of Chinese, digits of strings); None for phrases.
        cpu: processor seconds for a second of sound.
    """

    language: str
    engine: str
    is_default: bool
    name: str
    synthesized: bool
    outside: bool
    condition: str
    utterances: int
    right: int
    accepted_right: int
    accepted_wrong: int
    asked_back: int
    errors: float | None
    confusions: tuple[str, ...]
    cpu: float
    p50_ms: float
    p95_ms: float


def measure(*, quick: bool, half: Half = Half.HELD_OUT, language: str = "", engine: str = "") -> dict[str, Any]:
    """Rows and models as plain data, of every language ("en") and engine or of one."""
    size = QUICK if quick else FULL
    material = [*sets(half), *spoken_sets(half)]
    rows: list[Row] = []
    models: dict[str, str] = {}
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="ringback-bench-speech-") as folder:
        chosen = settings(Path(folder))
        for tag in sorted({found.question.language for found in material}):
            if language not in ("", primary(tag)):
                continue
            for subject in subjects(tag, chosen, only=engine):
                models[f"{tag} {subject.name}"] = subject.model
                mine = [found for found in material if found.question.language == tag]
                rows += _rows(subject, mine, size)
    return {
        "half": half.value,
        "took_s": round(time.perf_counter() - began, 1),
        "models": models,
        "rows": [asdict(row) for row in rows],
    }


def _rows(subject: Subject, material: Sequence[TestSet], size: Size) -> list[Row]:
    found = []
    for test_set in material:
        if not subject.can(test_set.question):
            continue
        chosen = subject.is_default(test_set.question)
        for condition in size.conditions:
            # Open speech is slow to decode, and of the engines that are not chosen the two ends tell enough.
            if (test_set.transcript and condition is not Condition.CLEAN) or (
                condition is Condition.SNR_20 and not chosen and not subject.is_cheap
            ):
                continue
            row = one_row(subject, test_set, condition, size.open_limit if test_set.transcript else size.limit)
            print(f"{row.engine}: {row.name}, {row.condition}: {row.right}/{row.utterances}", file=sys.stderr)
            found.append(row)
    return found


def one_row(subject: Subject, test_set: TestSet, condition: Condition, limit: int | None) -> Row:
    """Ask the engine every utterance of the set."""
    said = spread(test_set.said, limit)
    heard: list[tuple[Said, Hypothesis]] = []
    cpu_s, sound_s, taken_ms = 0.0, 0.0, []
    for one in said:
        sound = test_set.sound(one, condition)
        began, cpu_began = time.perf_counter(), time.process_time()
        heard.append((one, subject.understand(sound, test_set.question)))
        taken_ms.append((time.perf_counter() - began) * 1000)
        cpu_s += time.process_time() - cpu_began
        sound_s += sound.duration_s
    judged = [(one, found, _is_right(test_set, one, found)) for one, found in heard]
    return Row(
        language=test_set.question.language,
        engine=subject.name,
        is_default=subject.is_default(test_set.question),
        name=test_set.name,
        synthesized=test_set.synthesized,
        outside=test_set.outside,
        condition=condition.value,
        utterances=len(said),
        right=sum(right for _, _, right in judged),
        accepted_right=sum(right and _band(found) == "accept" for _, found, right in judged),
        accepted_wrong=sum(not right and _band(found) == "accept" for _, found, right in judged),
        asked_back=sum(_band(found) == "ask back" for _, found, _ in judged),
        errors=_errors(test_set, heard),
        confusions=_confusions(judged),
        cpu=round(cpu_s / sound_s, 3) if sound_s else 0.0,
        p50_ms=round(percentile(taken_ms, 0.5), 1),
        p95_ms=round(percentile(taken_ms, 0.95), 1),
    )


def _band(found: Hypothesis) -> str:
    """What a flow does with it. Engines that tell no confidence are believed, as flows do."""
    if found.nothing:
        return "nothing"
    if found.confidence is None or found.confidence >= ACCEPT:
        return "accept"
    return "ask back" if found.confidence >= ASK_BACK else "nothing"


def _is_right(test_set: TestSet, said: Said, found: Hypothesis) -> bool:
    """The same words; of speech that is no answer, nothing that would be taken or asked back."""
    if test_set.outside:
        return _band(found) == "nothing"
    language = test_set.question.language
    return normal(found.text, language) == normal(said.text, language)


def _errors(test_set: TestSet, heard: Sequence[tuple[Said, Hypothesis]]) -> float | None:
    """Wrong, missing and added words over those that were said."""
    if test_set.outside or test_set.question.phrases:
        return None
    wrong = total = 0
    for said, found in heard:
        wanted, got = (_units(text, test_set.question.language) for text in (said.text, found.text))
        wrong += Levenshtein.distance(wanted, got)
        total += len(wanted)
    return round(wrong / total, 3) if total else None


def _units(text: str, language: str) -> list[str]:
    """Words; characters of languages without spaces, and of Korean, whose spaces are a matter of taste."""
    plain = normal(text, language)
    apart = primary(language) in {*RUNS_ON, "ko"}
    return list(plain.replace(" ", "")) if apart else plain.split()


def _confusions(judged: Sequence[tuple[Said, Hypothesis, bool]]) -> tuple[str, ...]:
    """The most frequent mistakes, "said → understood"."""
    wrong = Counter(f"{one.text[:24]} → {found.text[:24] or 'nothing'}" for one, found, right in judged if not right)
    return tuple(text for text, _ in wrong.most_common(_CONFUSIONS))
