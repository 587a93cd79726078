"""A place within a number, named in words: "the last one is seven", "third digit seven", 第三位是七, 마지막은 칠."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flows.phrases import primary
from flows.understanding.asian_numbers import CHINESE, cardinal


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place and what stands there.

    Attributes:
        index: from 0; negative from the end (-1 is the last).
        is_group: a group of the number as it is read back, not one character.
        own_kind: only characters of the kind of what is said are counted (digits, or letters).
        said: the words for what stands there.
    """

    index: int
    said: str
    is_group: bool = False
    own_kind: bool = False


_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_CARDINALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ENGLISH: Mapping[str, int] = {
    **{word: n for n, word in enumerate(_ORDINALS)},
    **{word: n for n, word in enumerate(_CARDINALS)},
    **{str(n + 1): n for n in range(20)},
    **{f"{n + 1}{'st' if n == 0 else 'nd' if n == 1 else 'rd' if n == 2 else 'th'}": n for n in range(20)},
    "last": -1,
    "final": -1,
    "second to last": -2,
    "second last": -2,
    "next to last": -2,
    "third to last": -3,
}
_LEAD = r"(?:(?:change|make|correct|replace|and|with|but) )?(?:the )?"
_COUNTS = frozenset(_CARDINALS)
_WHERE = "|".join(sorted((w for w in _ENGLISH if w not in _COUNTS and not w.isdigit()), key=len, reverse=True))
_SOME = r"(?:two|three|four|five|six|[2-6])"
_UNIT = (
    rf"(?:(?:{_SOME} )?(?P<unit>ones?|digits?|numbers?|letters?|characters?|figures?|groups?|part)"
    rf"|{_SOME}(?= (?:is|are|was|were|should) ))"
)
_IS = r"(?:(?:is|are|was|were|should be|must be|to|its|it is|as|into) )?(?:an? )?"
_EN_ORDINAL = re.compile(rf"{_LEAD}(?P<where>{_WHERE}) (?:{_UNIT} )?{_IS}(?P<said>.+)")
_EN_NUMBERED = re.compile(
    rf"{_LEAD}(?P<unit>digit|number|letter|group|part) (?P<where>\w+) (?:is|should be|to|was) (?P<said>.+)"
)
_EN_ENDS = re.compile(r"(?:it )?(?P<where>ends?|starts?|begins?) (?:in|with|on) (?P<said>.+)")

_N = r"[一二两三四五六七八九十\d]+"
_ZH_UNIT = r"(?P<unit>位|个|组|段)?(?:数字|数|字母|字)?"
_ZH_IS = r"(?:应该)?(?:是|为|改成|改为|换成)?"
_ZH_NUMBERED = re.compile(rf"(?P<back>倒数)?第(?P<where>{_N}){_ZH_UNIT}{_ZH_IS}(?P<said>.+)")
_ZH_END = re.compile(
    rf"(?P<where>最后|末尾|末|尾号|尾|后面|后|前面|前|开头|头)(?:{_N}(?=[位个组段]))?{_ZH_UNIT}{_ZH_IS}(?P<said>.+)"
)

_KO_WHERE: Mapping[str, int] = {
    "첫": 0,
    "두": 1,
    "세": 2,
    "네": 3,
    "다섯": 4,
    "여섯": 5,
    "일곱": 6,
    "여덟": 7,
    "아홉": 8,
    "열": 9,
    "마지막": -1,
    "맨 뒤": -1,
    "맨 끝": -1,
    "끝": -1,
    "맨 앞": 0,
}
_KO = re.compile(
    r"(?:(?P<nth>첫|두|세|네|다섯|여섯|일곱|여덟|아홉|열) ?번째|(?P<end>마지막|맨 뒤|맨 끝|맨 앞|끝))"
    r" ?(?P<unit>자리|숫자|글자|번호|그룹|거)?(?:는|은|가|이|를|을)? (?P<said>.+)"
)


def named_place(text: str, language: str) -> Place | None:
    """The place that a normal text names, with what it says stands there; None when it names none."""
    key = primary(language)
    if key == "zh":
        return _chinese(text.replace(" ", "")) or _english(text)
    return (_korean(text) if key == "ko" else None) or _english(text)


def _english(text: str) -> Place | None:
    if found := _EN_ENDS.fullmatch(text):
        return Place(index=-1 if found["where"].startswith("end") else 0, said=found["said"])
    found = _EN_NUMBERED.fullmatch(text) or _EN_ORDINAL.fullmatch(text)
    if found is None or found["where"] not in _ENGLISH:
        return None
    unit = found["unit"] or ""
    return Place(
        index=_ENGLISH[found["where"]],
        said=found["said"],
        is_group=unit.startswith(("group", "part")),
        own_kind=unit.startswith(("digit", "letter")),
    )


def _chinese(text: str) -> Place | None:
    if found := _ZH_NUMBERED.fullmatch(text):
        number = cardinal(found["where"], CHINESE, short_tail=False)
        if not number:
            return None
        index = -int(number) if found["back"] else int(number) - 1
    elif found := _ZH_END.fullmatch(text):
        index = 0 if found["where"] in ("前面", "前", "开头", "头") else -1
    else:
        return None
    return Place(index=index, said=found["said"], is_group=found["unit"] in ("组", "段"))


def _korean(text: str) -> Place | None:
    found = _KO.fullmatch(text)
    if found is None:
        return None
    return Place(index=_KO_WHERE[found["nth"] or found["end"]], said=found["said"], is_group=found["unit"] == "그룹")
