"""Answers spoken by the house voice: for words that nobody recorded, and for machines without recordings."""

from __future__ import annotations

from audio.errors import AudioError
from audio.hearing.question import AnswerKind, Question
from audio.voices.pyttsx3 import Pyttsx3Voice
from bench.speech.test_sets import Half, Said, TestSet

_MENUS = {
    "en-US": (
        *("yes", "no", "operator", "repeat", "go back", "track a parcel", "change the address", "make a complaint"),
        *("opening hours", "book a delivery", "damaged parcel", "lost parcel", "speak to a person", "billing"),
        *("payment", "cancel my order", "technical support", "new order", "that is correct", "goodbye"),
    ),
    "zh-CN": (
        *("是的", "不是", "人工服务", "重复一遍", "返回", "查询快递", "修改地址", "我要投诉", "营业时间", "预约送货"),
        *("包裹损坏", "包裹丢失", "付款", "取消订单", "技术支持", "新订单", "没错", "再见", "转人工", "继续"),
    ),
    "ko-KR": (
        *("네", "아니요", "상담원", "다시", "뒤로", "배송 조회", "주소 변경", "불만 접수", "영업 시간", "배송 예약"),
        *("파손", "분실", "결제", "주문 취소", "기술 지원", "새 주문", "맞습니다", "안녕히 계세요", "반품", "환불"),
    ),
}
_DIGITS = {
    "en-US": ("one two three", "nine oh five", "double three seven", "four six eight two", "zero zero one five"),
    "zh-CN": ("一二三", "九零五", "三三七", "四六八二", "幺幺零五"),
}
_NAMES = {"en-US": "English", "zh-CN": "Mandarin", "ko-KR": "Korean"}


def spoken_sets(half: Half) -> tuple[TestSet, ...]:
    """A menu, speech outside a menu, and digits in each language; every second phrase. () when no voice speaks."""
    voice = Pyttsx3Voice()
    try:
        return tuple(found for language in _MENUS for found in _sets(voice, language, half))
    except AudioError:
        return ()
    finally:
        voice.close()


def _sets(voice: Pyttsx3Voice, language: str, half: Half) -> list[TestSet]:
    start = 0 if half is Half.TUNING else 1
    menu = _MENUS[language]
    mine, others = menu[start::2], menu[1 - start :: 2]
    said = _spoken(voice, mine, language)
    babble = tuple(one.sound for one in said)
    name = _NAMES[language]
    found = [
        TestSet(
            name=f"{name} menu and yes/no",
            question=Question(language=language, phrases=menu),
            said=said,
            babble=babble,
            synthesized=True,
        ),
        TestSet(
            name=f"{name} menu, none of it",
            question=Question(language=language, phrases=others),
            said=said,
            babble=babble,
            outside=True,
            synthesized=True,
        ),
    ]
    if language in _DIGITS:
        digits = _spoken(voice, _DIGITS[language][start::2], language)
        question = Question(language=language, kind=AnswerKind.DIGITS)
        found.append(TestSet(name=f"{name} digits", question=question, said=digits, babble=babble, synthesized=True))
    return found


def _spoken(voice: Pyttsx3Voice, texts: tuple[str, ...], language: str) -> tuple[Said, ...]:
    return tuple(Said(name=text, text=text, sound=voice.synthesize(text, language)) for text in texts)
