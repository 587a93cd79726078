"""Twilio's language codes and voices for a BCP-47 tag: its recogniser and its speaker spell languages differently.

Source: the attribute values of `<Gather language>` and `<Say language voice>` in Twilio's own libraries (twilio 6.2.0
for Node, twilio 9.13.0 for Python), https://www.twilio.com/docs/voice/twiml/gather and .../say/text-speech.
"""

from __future__ import annotations

from functools import lru_cache

from telephony.provider import ProviderError

_GATHER_CODES = """
    af-ZA am-ET ar-AE ar-BH ar-DZ ar-EG ar-IL ar-IQ ar-JO ar-KW ar-LB ar-MA ar-OM ar-PS ar-QA ar-SA ar-TN az-AZ bg-BG
    bn-BD bn-IN ca-ES cs-CZ da-DK de-DE el-GR en-AU en-CA en-GB en-GH en-IE en-IN en-KE en-NG en-NZ en-PH en-SG en-TZ
    en-US en-ZA es-AR es-BO es-CL es-CO es-CR es-DO es-EC es-ES es-GT es-HN es-MX es-NI es-PA es-PE es-PR es-PY es-SV
    es-US es-UY es-VE et-EE eu-ES fa-IR fi-FI fil-PH fr-CA fr-FR gl-ES gu-IN he-IL hi-IN hr-HR hu-HU hy-AM id-ID is-IS
    it-IT ja-JP jv-ID ka-GE km-KH kn-IN ko-KR lo-LA lt-LT lv-LV mk-MK ml-IN mn-MN mr-IN ms-MY my-MM nar-IQ nb-NO ne-NP
    nl-BE nl-NL pa-guru-IN pl-PL pt-BR pt-PT ro-RO ru-RU si-LK sk-SK sl-SI sq-AL sr-RS su-ID sv-SE sw-KE sw-TZ ta-IN
    ta-LK ta-MY ta-SG te-IN th-TH tr-TR uk-UA ur-IN ur-PK uz-UZ vi-VN yue-Hant-HK zh cmn-Hans-CN zh-TW cmn-Hant-TW
    zu-ZA
    """
GATHER_LANGUAGES = frozenset(_GATHER_CODES.split())
_SAY_CODES = """
    af-ZA am-ET ar-AE ar-XA arb bg-BG bn-IN ca-ES cmn-CN cmn-TW cs-CZ cy-GB da-DK de-AT de-DE el-GR en-AU en-CA en-GB
    en-GB-WLS en-IE en-IN en-NZ en-US en-ZA es-ES es-MX es-US fi-FI fil-PH fr-CA fr-FR fr-BE gu-IN he-IL hi-IN hu-HU
    id-ID is-IS it-IT ja-JP kn-IN ko-KR lv-LV ml-IN mr-IN ms-MY nb-NO nl-BE nl-NL pa-IN pl-PL pt-BR pt-PT ro-RO ru-RU
    sk-SK sr-RS sv-SE ta-IN te-IN th-TH tr-TR uk-UA vi-VN yue-HK zh-CN zh-HK zh-TW
    """
SAY_LANGUAGES = frozenset(_SAY_CODES.split())

# Tags that people write, by what the recogniser calls them, and by what the speaker calls them.
_GATHER_ALIASES = {
    "cmn": "cmn-Hans-CN",
    "cmn-cn": "cmn-Hans-CN",
    "cmn-hans": "cmn-Hans-CN",
    "cmn-tw": "cmn-Hant-TW",
    "pa": "pa-guru-IN",
    "pa-in": "pa-guru-IN",
    "yue": "yue-Hant-HK",
    "yue-cn": "yue-Hant-HK",
    "yue-hk": "yue-Hant-HK",
    "zh": "cmn-Hans-CN",
    "zh-cn": "cmn-Hans-CN",
    "zh-hans": "cmn-Hans-CN",
    "zh-hans-cn": "cmn-Hans-CN",
    "zh-sg": "cmn-Hans-CN",
    "zh-hant": "cmn-Hant-TW",
    "zh-hant-tw": "cmn-Hant-TW",
    "zh-hant-hk": "yue-Hant-HK",
    "zh-hk": "yue-Hant-HK",
    "zh-tw": "cmn-Hant-TW",
}
_SAY_ALIASES = {
    "ar": "arb",
    "cmn": "cmn-CN",
    "cmn-hans-cn": "cmn-CN",
    "cmn-hant-tw": "cmn-TW",
    "yue": "yue-HK",
    "yue-cn": "yue-HK",
    "yue-hant-hk": "yue-HK",
    "zh": "cmn-CN",
    "zh-cn": "cmn-CN",
    "zh-hans": "cmn-CN",
    "zh-hans-cn": "cmn-CN",
    "zh-sg": "cmn-CN",
    "zh-hant": "cmn-TW",
    "zh-hant-tw": "cmn-TW",
    "zh-hant-hk": "yue-HK",
    "zh-hk": "yue-HK",
    "zh-tw": "cmn-TW",
}
# The region that stands for a language when its tag names none that is served.
_HOME_REGIONS = {
    "ar": "SA",
    "bn": "IN",
    "de": "DE",
    "en": "US",
    "es": "ES",
    "fr": "FR",
    "nl": "NL",
    "pt": "BR",
    "sw": "KE",
    "ta": "IN",
    "ur": "PK",
}
# Named, because without a voice Twilio speaks with whatever the account's console settings say.
DEFAULT_VOICES = {
    "arb": "Polly.Zeina",
    "cmn-CN": "Polly.Zhiyu",
    "cmn-TW": "Google.cmn-TW-Standard-A",
    "da-DK": "Polly.Naja",
    "de-DE": "Polly.Vicki",
    "en-AU": "Polly.Nicole",
    "en-GB": "Polly.Amy",
    "en-IN": "Polly.Raveena",
    "en-US": "Polly.Joanna",
    "es-ES": "Polly.Lucia",
    "es-MX": "Polly.Mia",
    "es-US": "Polly.Lupe",
    "fr-CA": "Polly.Chantal",
    "fr-FR": "Polly.Lea",
    "hi-IN": "Polly.Aditi",
    "it-IT": "Polly.Bianca",
    "ja-JP": "Polly.Mizuki",
    "ko-KR": "Polly.Seoyeon",
    "nb-NO": "Polly.Liv",
    "nl-NL": "Polly.Lotte",
    "pl-PL": "Polly.Ewa",
    "pt-BR": "Polly.Camila",
    "pt-PT": "Polly.Ines",
    "ru-RU": "Polly.Tatyana",
    "sv-SE": "Polly.Astrid",
    "tr-TR": "Polly.Filiz",
    "yue-HK": "Polly.Hiujin-Neural",
}


@lru_cache(maxsize=256)
def gather_language(tag: str) -> str:
    """Twilio's recogniser code for a BCP-47 tag: "zh-CN" becomes "cmn-Hans-CN", "en" becomes "en-US".

    Raises:
        ProviderError: Twilio's recogniser does not serve the language.
    """
    found = _lookup(tag, _GATHER_ALIASES, GATHER_LANGUAGES)
    if found is None:
        raise ProviderError(
            f"Twilio does not recognise speech in {_shown(tag)}: ask for keys, or choose another language."
        )
    return found


@lru_cache(maxsize=256)
def say_language(tag: str) -> str:
    """Twilio's speaker code for a BCP-47 tag: "zh-CN" becomes "cmn-CN", "en" becomes "en-US".

    Raises:
        ProviderError: Twilio has no voice for the language.
    """
    found = _lookup(tag, _SAY_ALIASES, SAY_LANGUAGES)
    if found is None:
        raise ProviderError(f"Twilio has no voice for {_shown(tag)}: play a sound file, or choose another language.")
    return found


def default_voice(say_code: str) -> str | None:
    """The voice for one of Twilio's speaker codes; None leaves the choice to the account's settings."""
    return DEFAULT_VOICES.get(say_code)


def speech_languages() -> frozenset[str]:
    """Every tag `gather_language` serves exactly: Twilio's own codes and the tags people write for them."""
    homes = {f"{language}-{region}" for language, region in _HOME_REGIONS.items()}
    usual = {"zh-CN", "zh-Hans", "zh-Hant", "zh-HK", "zh-SG", "zh-TW", "yue", "yue-HK", "cmn", "cmn-CN"}
    languages = {code.split("-")[0] for code in GATHER_LANGUAGES}
    return GATHER_LANGUAGES | (homes & GATHER_LANGUAGES) | usual | languages


def _lookup(tag: str, aliases: dict[str, str], codes: frozenset[str]) -> str | None:
    """The tag itself, an alias, its language in its home region, or its language in any region; None without one."""
    wanted = tag.strip().replace("_", "-").lower()
    if wanted in aliases:
        return aliases[wanted]
    by_lower = {code.lower(): code for code in codes}
    if wanted in by_lower:
        return by_lower[wanted]
    language = wanted.split("-")[0]
    if language in aliases:
        return aliases[language]
    home = f"{language}-{_HOME_REGIONS.get(language, '')}".lower()
    if home in by_lower:
        return by_lower[home]
    return next((by_lower[code] for code in sorted(by_lower) if code.startswith(language + "-")), None)


def _shown(tag: str) -> str:
    return repr(tag[:20]) if tag else "a text without a language"
