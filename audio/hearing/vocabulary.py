"""Words of a flow that the engine which will hear them does not know: found while it is written, not on the phone."""

from __future__ import annotations

from functools import cache
from threading import Lock

from audio.hearing.choice import ChoiceError, HearingSettings, QuestionClass, plan_for
from audio.hearing.engine import EngineSpec
from audio.hearing.engines.pocketsphinx_mandarin import word_sounds
from audio.hearing.grammar.answers import phrase_words
from audio.hearing.grammar.vosk_words import unknown_to
from audio.hearing.grammar.words import primary
from audio.hearing.pronouncing import word_phones
from audio.hearing.question import Question
from audio.hearing.vocabulary_symbols import vosk_knows


class Vocabulary:
    """What the ears of these settings know. Safe from many threads; answers are remembered."""

    def __init__(self, settings: HearingSettings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._engines: dict[str, EngineSpec | None] = {}

    def unknown_words(self, phrases: tuple[str, ...], language: str) -> tuple[str, ...]:
        """Words of the phrases, in small letters, that will not be heard; () also where nothing is known about it.

        Vosk hears only words of its model. pocketsphinx takes any word whose sound can be told, if only by rule.
        Whisper writes anything.
        """
        engine = self._engine(language)
        if engine is None or "whisper" in engine.name:
            return ()
        if engine.name == "vosk":
            return unknown_to(Question(language=language, phrases=phrases), vosk_knows(engine.models[0].path))
        return tuple(
            dict.fromkeys(
                word
                for phrase in phrases
                for word in phrase_words(phrase, language)
                if not _can_be_said(word, primary(language))
            )
        )

    def _engine(self, language: str) -> EngineSpec | None:
        """The engine of closed questions; None without one, or when the settings are at fault (told elsewhere)."""
        key = primary(language)
        with self._lock:
            if key not in self._engines:
                try:
                    self._engines[key] = plan_for(language, self._settings).get(QuestionClass.CLOSED)
                except ChoiceError:
                    self._engines[key] = None
            return self._engines[key]


@cache
def _can_be_said(word: str, language: str) -> bool:
    return bool(word_sounds(word) if language == "zh" else word_phones(word, language))
