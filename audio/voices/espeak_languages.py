"""From a language tag to one of espeak-ng's voices."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from audio.errors import VoiceMissing

# espeak-ng names Chinese by its spoken languages, and some regions by their fullest tag.
_ALIASES = {"zh": "cmn", "zh-hk": "yue", "zh-mo": "yue", "en": "en-us", "fr": "fr-fr", "no": "nb", "es-mx": "es-419"}
_LATIN_IS_ENGLISH = frozenset({"en", "zh", "cmn", "yue", "ko", "ja"})


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


def reads_latin_as_english(language: str) -> bool:
    """Whether Latin letters within the language are read as English ones."""
    return language.replace("_", "-").split("-")[0].lower() in _LATIN_IS_ENGLISH


@lru_cache(maxsize=1)
def packaged_voices() -> Mapping[str, str]:
    """Identifier by first language tag, as espeak-ng lists them, from the packaged data; empty where there are none."""
    package = importlib.util.find_spec("espeakng_loader")
    found: dict[str, str] = {}
    for root in (package.submodule_search_locations or ()) if package else ():
        folder = Path(root) / "espeak-ng-data" / "lang"
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            lines = [line.split() for line in path.read_text(encoding="utf-8", errors="replace").splitlines()]
            tags = [words[1] for words in lines if len(words) >= 2 and words[0] == "language"]
            found |= {tag: str(path.relative_to(folder)).lower() for tag in tags[:1] if tag not in found}
    return found
