"""What the machine can hear and say, as the lint is told by whoever runs it; the rooms below flows know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

UnknownWords = Callable[[tuple[str, ...], str], tuple[str, ...]]
"""From phrases and a language tag to the words that the live recogniser does not know; NO_EAR when none hears it."""

VoiceProblem = Callable[[str, str], str | None]
"""From a voice's name and a language tag to why it cannot speak here, a sentence; None when it can."""

NO_EAR = "*"
"""Stands for all words of a language that no recogniser of this machine hears."""


@dataclass(frozen=True, kw_only=True)
class SpeechKnowledge:
    """What the machine can hear and say; what is None is not checked."""

    unknown_words: UnknownWords | None = None
    voice_problem: VoiceProblem | None = None


NOTHING_KNOWN = SpeechKnowledge()


@runtime_checkable
class KnowsSpeech(Protocol):
    """Somebody who can tell."""

    @property
    def speech_knowledge(self) -> SpeechKnowledge:
        """What the live recogniser and the voices of this machine can do."""


def speech_knowledge_of(context: object) -> SpeechKnowledge:
    """What a context of commands knows; nothing where it cannot tell."""
    return context.speech_knowledge if isinstance(context, KnowsSpeech) else NOTHING_KNOWN
