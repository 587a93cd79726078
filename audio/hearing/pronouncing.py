"""How words sound: for matching what was heard by sound, and for recognisers that are told a word's phones.

English comes from the CMU dictionary inside the pocketsphinx package, with spelled abbreviations and rules for what it
does not hold; Mandarin is syllables in pinyin without tones; Korean is the letters of its syllables.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import islice, product
from pathlib import Path

from audio.hearing.grammar.english_letters import LETTERS, SECOND_NAMES, read_by_rule, spelled
from audio.hearing.grammar.words import primary, spoken_words

Phones = tuple[str, ...]
MOST_VARIANTS = 8
"""Of one phrase: the product over its words is cut here, the usual pronunciations first."""

_LONGEST_ABBREVIATION = 5


def _pairs(text: str) -> dict[str, str]:
    """ "a=ei f=ai-fu" as a mapping."""
    return dict(pair.split("=") for pair in text.split())


_MANDARIN_LETTERS = _pairs(
    "a=ei b=bi c=xi d=di e=yi f=ai-fu g=ji h=ai-chi i=ai j=jie k=kai l=ai-le m=ai-mu n=en o=ou p=pi q=qiu r=a-er "
    "s=ai-si t=ti u=you v=wei w=da-bu-liu x=ai-ke-si y=wai z=zei"
)
"""Latin letters as they are named in Mandarin, in the nearest syllables."""

_ODD_SYLLABLES = {"嗯": "en", "呣": "mu", "唔": "wu"}
"""Characters whose pinyin has no vowel."""

_TWO_READINGS = _pairs(
    "行=xing-hang 重=zhong-chong 长=chang-zhang 还=hai-huan 得=de-dei 地=di-de 了=le-liao 都=dou-du 乐=le-yue "
    "着=zhe-zhao 调=diao-tiao 便=bian-pian 觉=jue-jiao 传=chuan-zhuan 率=lv-shuai 血=xue-xie 薄=bao-bo 给=gei-ji "
    "角=jiao-jue 谁=shei-shui 那=na-nei 这=zhe-zhei 哪=na-nei 露=lu-lou 会=hui-kuai 色=se-shai 车=che-ju 单=dan-shan"
)
"""Characters with a second reading that is common in speech; which one it is, their neighbours usually tell."""


def phones(text: str, language: str) -> tuple[Phones, ...]:
    """How a phrase may sound, the usual way first; at most `MOST_VARIANTS`; () when nothing of it can be said.

    English: phones of the CMU dictionary without stress ("HH AH L OW"). Mandarin: one pinyin syllable without tone for
    each character ("ren gong"), "v" for ü. Korean: letters (jamo). Other languages: the letters themselves.
    """
    words = spoken_words(text, language)
    if not words:
        return ()
    chinese = primary(language) == "zh"
    every = _mandarin(words) if chinese else [word_phones(word, language) for word in words]
    variants = (sum(chosen, ()) for chosen in islice(product(*every), MOST_VARIANTS * 4))
    return tuple(dict.fromkeys(variant for variant in variants if variant))[:MOST_VARIANTS]


def word_phones(word: str, language: str) -> tuple[Phones, ...]:
    """How one word may sound. See `phones`."""
    match primary(language):
        case "en":
            return _english(word)
        case "zh":
            return tuple(dict.fromkeys(sum(way, ()) for way in islice(product(*_mandarin(tuple(word))), MOST_VARIANTS)))
        case _:
            return (tuple(unicodedata.normalize("NFD", word.lower())),)


def knows(word: str, language: str) -> bool:
    """Whether the word's sound is known and not only guessed by rule. Mandarin characters are all known."""
    if primary(language) == "en":
        key = word.lower()
        return key in _dictionary() or (word.isupper() and len(word) <= _LONGEST_ABBREVIATION) or key in LETTERS
    return True


@lru_cache(maxsize=8192)
def _english(word: str) -> tuple[Phones, ...]:
    key = word.lower()
    if len(key) == 1 and key in LETTERS:
        names = [tuple(LETTERS[key].split())]
        names += [tuple(SECOND_NAMES[key].split())] if key in SECOND_NAMES else []
        return (*names, ("AH",)) if key == "a" else tuple(names)
    known = _dictionary().get(key, ())
    if not known and key.endswith("'s"):
        known = tuple(f"{way} Z" for way in _dictionary().get(key[:-2], ()))
    found = [tuple(way.split()) for way in known]
    if word.isupper() and len(word) <= _LONGEST_ABBREVIATION:
        found.append(spelled(word))
    if not known and (len(word) > 3 or not word.isupper()):
        found += [*_compound(key), read_by_rule(key)]
    return tuple(dict.fromkeys(way for way in found if way))


def _compound(word: str) -> list[Phones]:
    """A word made of two that are known ("voicemail", "callback"), cut where both parts are longest."""
    cuts = sorted(range(3, len(word) - 2), key=lambda at: abs(len(word) / 2 - at))
    for at in cuts:
        first, second = _dictionary().get(word[:at]), _dictionary().get(word[at:])
        if first and second:
            return [(*first[0].split(), *second[0].split())]
    return []


@cache
def _dictionary() -> dict[str, tuple[str, ...]]:
    """Pronunciations by word in small letters; empty when the pocketsphinx package is not there."""
    path = english_dictionary()
    found: dict[str, tuple[str, ...]] = {}
    if path is None:
        return found
    for line in path.read_text(encoding="utf-8").splitlines():
        word, _, sound = line.partition(" ")
        at = word.find("(")
        key = word if at < 1 else word[:at]
        found[key] = (*found.get(key, ()), sound.strip())
    return found


def english_dictionary() -> Path | None:
    """The CMU dictionary of the pocketsphinx package; None when the package is not installed."""
    spec = find_spec("pocketsphinx")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "model" / "en-us" / "cmudict-en-us.dict"
    return path if path.is_file() else None


@lru_cache(maxsize=8192)
def _mandarin(words: tuple[str, ...]) -> list[tuple[Phones, ...]]:
    """Ways to say each character (or Latin letter), the one that the phrase as a whole suggests first."""
    from pypinyin import Style, lazy_pinyin  # Its dictionaries take half a second to load.

    usual = iter(lazy_pinyin("".join(words), style=Style.NORMAL, errors="ignore"))
    found: list[tuple[Phones, ...]] = []
    for word in words:
        if word.isascii():
            letters = "-".join(_MANDARIN_LETTERS.get(letter, "") for letter in word.lower())
            found.append((tuple(filter(None, letters.split("-"))),))
        else:
            syllable = next(usual, "")
            syllable = _ODD_SYLLABLES.get(word, syllable)
            ways = dict.fromkeys((syllable, *_TWO_READINGS.get(word, syllable).split("-")))
            found.append(tuple((way,) for way in ways if way))
    return found
