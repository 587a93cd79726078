"""Language codes of other programs as the tags our flows use."""

from __future__ import annotations

from babel import Locale
from babel.core import get_global

from flows.phrases import books
from flows.validation.languages import is_language

DEFAULT = "en-US"

_OURS = {"cmn": "zh-CN", "zho": "zh-CN", "zh": "zh-CN", "yue": "yue-HK", "en": "en-US", "es": "es-ES", "pt": "pt-BR"}
_ISO_639_3 = {
    "eng": "en",
    "spa": "es",
    "fra": "fr",
    "fre": "fr",
    "deu": "de",
    "ger": "de",
    "por": "pt",
    "ita": "it",
    "zho": "zh",
    "chi": "zh",
    "cmn": "zh",
    "jpn": "ja",
    "kor": "ko",
    "rus": "ru",
    "ara": "ar",
    "hin": "hi",
    "nld": "nl",
    "dut": "nl",
    "tur": "tr",
    "vie": "vi",
    "ind": "id",
    "ben": "bn",
    "tha": "th",
    "ukr": "uk",
    "swa": "sw",
    "swh": "sw",
    "hau": "ha",
    "yor": "yo",
    "ibo": "ig",
    "amh": "am",
    "som": "so",
    "epo": "eo",
}
"""Those whose code of three letters says a language that also has two; every other stays as it is."""


def tag_of(code: str) -> str:
    """The tag for a code such as en, en-GB, cmn-CN, zh-cmn-Hans-CN or eng; "" when it is no language."""
    parts = [part for part in code.strip().replace("_", "-").split("-") if part][:5]
    if not parts:
        return ""
    language = _ISO_639_3.get(parts[0].lower(), parts[0].lower())
    region = next((part.upper() for part in parts[1:] if len(part) == 2 and part.isalpha()), "")
    if language in ("cmn", "zh") or parts[0].lower() == "zh":
        language = "zh"
    tag = f"{language}-{region}" if region else _OURS.get(language) or _usual(language)
    return tag if is_language(tag) else ""


def is_spoken_here(tag: str) -> bool:
    """Whether the house has its own phrases in the language: a flow in another would be answered in English."""
    return any(book.partition("-")[0] == tag.partition("-")[0] for book in books())


def name_of(tag: str) -> str:
    """The language's English name, for sentences."""
    try:
        return str(Locale.parse(tag, sep="-").get_display_name("en"))
    except ValueError:
        return tag


def _usual(language: str) -> str:
    """The tag with the country where most speak it, as CLDR tells: fr gives fr-FR."""
    likely = get_global("likely_subtags").get(language, "")
    return f"{language}-{likely.rpartition('_')[2]}" if likely else language
