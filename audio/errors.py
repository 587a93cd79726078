"""What can go wrong with sound, as sentences a person can act on."""

from __future__ import annotations

from enum import StrEnum


class AudioError(Exception):
    """Something about sound failed; the message says what and what to do."""

    retryable = False


class Unreadable(StrEnum):
    """Why bytes are not a recording that can be used."""

    EMPTY = "empty"
    NOT_A_WAV = "not_a_wav"
    UNSUPPORTED = "unsupported"
    NO_SAMPLES = "no_samples"
    TOO_LONG = "too_long"


class NotAudio(AudioError):  # noqa: N818 - the name is the finding: these bytes are not audio.
    """The bytes are not audio that can be read.

    Attributes:
        reason: the finding, one word, to store.
        detail: the finding as a sentence.
    """

    def __init__(self, reason: Unreadable, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail

    def __str__(self) -> str:
        return self.detail


class ModelMissing(AudioError):  # noqa: N818 - see NotAudio.
    """No recogniser model for a language is installed."""

    def __init__(self, language: str) -> None:
        super().__init__(language)
        self.language = language

    def __str__(self) -> str:
        primary = self.language.split("-")[0].lower()
        return f"transcript unavailable: no model for {self.language}, install with `flask speech install {primary}`"


class RecognizerFailed(AudioError):  # noqa: N818 - see NotAudio.
    """A recogniser stopped, hung or refused. Another try with the same sound may work."""

    retryable = True


class VoiceMissing(AudioError):  # noqa: N818 - see NotAudio.
    """The voice cannot speak a language, or has no speaker of that name."""


class VoiceFailed(AudioError):  # noqa: N818 - see NotAudio.
    """The voice gave no sound, or a sound that cannot be this text. Another try may work."""

    retryable = True


class InstallFailed(AudioError):  # noqa: N818 - see NotAudio.
    """A model could not be installed; nothing was left half installed."""
