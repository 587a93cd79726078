"""From a language tag to one of espeak-ng's voices."""

from __future__ import annotations

from collections.abc import Mapping

from audio.errors import VoiceMissing

# espeak-ng names Chinese by its spoken languages, and some regions by their fullest tag.
_ALIASES = {"zh": "cmn", "zh-hk": "yue", "zh-mo": "yue", "en": "en-us", "fr": "fr-fr", "no": "nb", "es-mx": "es-419"}


def voice_for(language: str, voice_name: str | None, known: Mapping[str, str]) -> str:
    """The identifier of the voice that speaks a language.

    Args:
        language: BCP-47.
        voice_name: an identifier that is wanted, or None.
        known: identifier ("gmw/en-us") by espeak-ng's language tag ("en-us").

    Raises:
        VoiceMissing: no voice speaks it, or there is none of that name.
    """
    if voice_name is not None:
        if voice_name not in known.values():
            raise VoiceMissing(f"espeak-ng has no voice called {voice_name}.")
        return voice_name
    tag = language.replace("_", "-").lower()
    primary = tag.split("-")[0]
    for candidate in (_ALIASES.get(tag, tag), tag, _ALIASES.get(primary, primary), primary):
        if candidate in known:
            return known[candidate]
    related = sorted(spoken for spoken in known if spoken.startswith(f"{primary}-"))
    if not related:
        raise VoiceMissing(f"espeak-ng does not speak {language}.")
    return known[related[0]]
