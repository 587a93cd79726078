"""Which of a flow's questions somebody asked, by letter groups weighted by how telling they are."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Mapping, Sequence

from flows.phrases import primary
from flows.understanding.choices import likeness, pinyin
from flows.understanding.normal import has_cjk, normal

_COMMON = {
    "en": (
        *("what", "whats", "is", "are", "the", "a", "an", "do", "does", "did", "you", "your", "i", "my", "me", "can"),
        *("could", "how", "when", "where", "which", "to", "of", "for", "in", "on", "at", "it", "and", "please", "tell"),
        "about",
    ),
    "zh": ("请问", "我想问", "一下", "你们", "我们", "的", "是", "吗", "呢", "什么", "怎么", "多少", "我", "有"),
}
"""Words that stand in every question and tell nothing."""
NEARLY = 0.8


def best_question(
    text: str, questions: Mapping[str, Sequence[str]], language: str, *, threshold: float
) -> tuple[str, float] | None:
    """The entry whose questions are most like the text, with its likeness (0.0 to 1.0), or None below the threshold."""
    heard = normal(text)
    known = {name: [normal(q) for q in asked if normal(q)] for name, asked in questions.items()}
    every = [_groups(q, language) for asked in known.values() for q in asked]
    weights = _weights(every)
    said = _groups(heard, language)
    scores = {
        name: max((_score(heard, said, q, weights, language) for q in asked), default=0.0)
        for name, asked in known.items()
    }
    if not scores:
        return None
    best = max(scores, key=lambda name: scores[name])
    return (best, min(1.0, scores[best])) if scores[best] >= threshold else None


def _score(heard: str, said: Counter[str], question: str, weights: Mapping[str, float], language: str) -> float:
    """Likeness by what is asked; letter by letter only for what is nearly the same, since all questions look alike."""
    alike = likeness(heard, question, language)
    return max(_cosine(said, _groups(question, language), weights), alike if alike >= NEARLY else 0.0)


def _groups(text: str, language: str) -> Counter[str]:
    """Words with their beginnings in letters; single characters, pairs, and pairs of syllables in Chinese."""
    common = _COMMON.get(primary(language), ())
    if has_cjk(text):
        for word in common:
            text = text.replace(word, "")
        sounds = pinyin(text).split()
        pairs = [text[i : i + 2] for i in range(len(text) - 1)]
        return Counter([*pairs, *(f"{a}-{b}" for a, b in itertools.pairwise(sounds)), *text])
    words = [w for w in text.split() if w not in common]
    return Counter([*words, *(w[:4] for w in words if len(w) > 3), *(f"{a} {b}" for a, b in itertools.pairwise(words))])


def _weights(every: Sequence[Counter[str]]) -> Mapping[str, float]:
    """Rarer groups tell more: log((1 + n) / (1 + how many have it)) + 1."""
    seen = Counter(group for groups in every for group in groups)
    return {group: math.log((1 + len(every)) / (1 + count)) + 1 for group, count in seen.items()}


def _cosine(one: Counter[str], other: Counter[str], weights: Mapping[str, float]) -> float:
    heaviest = max(weights.values(), default=1.0)

    def weight(group: str) -> float:
        return weights.get(group, heaviest)

    common = sum(one[g] * other[g] * weight(g) ** 2 for g in one.keys() & other.keys())
    lengths = [math.sqrt(sum((n * weight(g)) ** 2 for g, n in groups.items())) for groups in (one, other)]
    return common / (lengths[0] * lengths[1]) if all(lengths) else 0.0
