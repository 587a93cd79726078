"""What hears and speaks for every room: voices, prompts, models; each built when it is first needed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from audio.catalogue import SpeechFolders
from audio.hearing.choice import ChoiceError, HearingSettings, plan_for
from audio.hearing.vocabulary import Vocabulary
from audio.house_voice import HouseVoice
from audio.transcription import Transcriber
from audio.voices.base import Voice
from audio.voices.book import VoiceBook, VoiceSettings, voice_problem
from audio.voices.pyttsx3 import Pyttsx3Voice
from config import Config
from flows.validation.speech_knowledge import NO_EAR, SpeechKnowledge


class Sound:
    """The ears and voices of one process."""

    def __init__(self, config: Config) -> None:
        self._config = config

    @cached_property
    def speaker(self) -> Voice:
        """The engine behind the house voice."""
        return Pyttsx3Voice()

    @cached_property
    def voices(self) -> VoiceBook:
        """Every voice of ours by name."""
        return VoiceBook(self.speaker, self.voice_settings)

    @property
    def voice_settings(self) -> VoiceSettings:
        """What there is beside the house voice."""
        return VoiceSettings(
            folder=self._config.data_dir / "voices",
            http_url=self._config.http_voice_url,
            http_token=self._config.http_voice_token,
        )

    @property
    def prompts_dir(self) -> Path:
        """Where spoken prompts are kept."""
        return self._config.data_dir / "prompts"

    @cached_property
    def prompts(self) -> HouseVoice:
        """Our voices, with what they have spoken so far."""
        return self.new_prompts()

    def new_prompts(self) -> HouseVoice:
        """The same prompts with a rest of their own: what a voice cannot speak for one, does not silence the other."""
        return HouseVoice(self.prompts_dir, self.speaker, book=self.voices)

    @cached_property
    def folders(self) -> SpeechFolders:
        """Where recogniser models are kept."""
        return SpeechFolders(models=self._config.data_dir / "models", cache=self._config.data_dir / "cache")

    @property
    def hearing(self) -> HearingSettings:
        """What live ears are made of."""
        return HearingSettings(
            folders=self.folders,
            pocketsphinx_models=self._config.speech_models,
            engines=self._config.speech_engines,
            max_calls=self._config.speech_calls,
        )

    @cached_property
    def transcriber(self) -> Transcriber:
        """Hears recordings."""
        return Transcriber(self.folders)

    @cached_property
    def knowledge(self) -> SpeechKnowledge:
        """What the lint may know of ears and voices here."""
        settings = self.voice_settings
        return SpeechKnowledge(
            unknown_words=_unknown_words(self.hearing),
            voice_problem=lambda name, language: voice_problem(name, language, settings),
        )

    def close(self) -> None:
        """End child processes."""
        for name in ("speaker", "voices", "transcriber"):
            if name in self.__dict__:
                getattr(self, name).close()


def _unknown_words(hearing: HearingSettings) -> Callable[[tuple[str, ...], str], tuple[str, ...]]:
    vocabulary = Vocabulary(hearing)

    def unknown(phrases: tuple[str, ...], language: str) -> tuple[str, ...]:
        try:
            is_heard = bool(plan_for(language, hearing))
        except ChoiceError:
            return ()  # The setting is at fault, not the flow: the media server says so as it starts.
        return vocabulary.unknown_words(phrases, language) if is_heard else (NO_EAR,)

    return unknown
