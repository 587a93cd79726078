"""Digits, codes, numbers, dates and times in Korean: both systems of number words, one syllable or one word each."""

from __future__ import annotations

from audio.hearing.grammar.rules import Again, Maybe, OneOf, Rule, in_order, one_of
from audio.hearing.question import AnswerKind

LEADS = ("음", "어", "저")
TAILS = ("요",)
FILLERS = (
    "그 이 저 것 수 나 너 우리 그리고 그러나 그래서 하지만 지금 오늘 사람 시간 생각 말 때 더 잘 좀 다시 왜 내가 제가 "
    "여기 거기 그거 이거 어떻게 무슨 정말 많이 같이 그냥 진짜 아니 뭐"
)

_DIGIT = one_of("공 영 일 이 삼 사 오 육 칠 팔 구")
_SINO = Again(one_of("일 이 삼 사 오 육 칠 팔 구 십 백 천 만"))
_NATIVE = one_of("하나 둘 셋 넷 다섯 여섯 일곱 여덟 아홉 열")
_LETTERS = "에이 비 씨 디 이 에프 지 에이치 아이 제이 케이 엘 엠 엔 오 피 큐 알 에스 티 유 브이 더블유 엑스 와이 제트"
_DAY = one_of("오늘 내일 모레 어제")
_WEEKDAY = in_order(
    Maybe(one_of("다음주 이번주 지난주 다음 이번")), one_of("월요일 화요일 수요일 목요일 금요일 토요일 일요일")
)
_HOUR = one_of("한 두 세 네 다섯 여섯 일곱 여덟 아홉 열 열한 열두")
_TIME = in_order(Maybe(one_of("오전 오후 아침 저녁 밤 새벽")), _HOUR, "시", Maybe(OneOf(("반", in_order(_SINO, "분")))))

RULES: dict[AnswerKind, Rule] = {
    AnswerKind.DIGITS: Again(OneOf((_DIGIT, _NATIVE, "다시"), (1.0, 0.2, 0.02))),
    AnswerKind.CODE: Again(OneOf((_DIGIT, one_of(_LETTERS)))),
    AnswerKind.NUMBER: OneOf((_SINO, _NATIVE)),
    AnswerKind.DATE: OneOf(
        (_DAY, _WEEKDAY, in_order(_SINO, "월", _SINO, "일"), in_order(_SINO, one_of("일 주"), "후"))
    ),
    AnswerKind.TIME: OneOf((_TIME, one_of("정오 자정"))),
}
