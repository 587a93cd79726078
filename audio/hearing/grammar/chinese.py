"""Digits, codes, numbers, dates and times in Mandarin, in characters that the flows' readers understand."""

from __future__ import annotations

from audio.hearing.grammar.rules import Again, Maybe, OneOf, Rule, in_order, one_of
from audio.hearing.question import AnswerKind

LEADS = ("嗯", "呃", "我要")
TAILS = ("吧", "谢谢")
FILLERS = (
    "的 了 我 你 他 这 那 和 就 都 也 很 到 说 去 会 着 没有 看 自己 嗯 啊 那个 这个 什么 怎么 我们 你们 他们 因为 "
    "所以 但是 可以 知道 觉得 然后 还有 现在 时候 里面 一下 东西 事情"
)

_ONES = "一 二 三 四 五 六 七 八 九"
_DIGIT = one_of("零 幺 两 " + _ONES)
_LETTER = OneOf(tuple("abcdefghijklmnopqrstuvwxyz"))
_TENS = OneOf((in_order(Maybe(one_of("二 三 四 五 六 七 八 九")), "十", Maybe(one_of(_ONES))), one_of(_ONES)))
_HUNDREDS = OneOf((_TENS, in_order(one_of("两 " + _ONES), "百", Maybe(OneOf((in_order("零", one_of(_ONES)), _TENS))))))
_THOUSANDS = OneOf((_HUNDREDS, in_order(one_of("两 " + _ONES), one_of("千 万"), Maybe("零"), Maybe(_HUNDREDS))))
_DAY = one_of("今天 明天 后天 大后天 昨天 前天")
_WEEKDAY = in_order(Maybe(one_of("下 这 上")), one_of("周 星期 礼拜"), one_of("一 二 三 四 五 六 日 天"))
_MONTH = OneOf((one_of(_ONES), in_order("十", Maybe(one_of("一 二")))))
_MONTH_DAY = in_order(
    Maybe(in_order(Again(_DIGIT), "年")), OneOf((_MONTH, one_of("下个 这个"))), "月", _TENS, Maybe(one_of("号 日"))
)
_PART_OF_DAY = one_of("早上 上午 中午 下午 晚上 凌晨")
_TIME = OneOf(
    (
        in_order(
            Maybe(_PART_OF_DAY),
            OneOf((_TENS, "两")),
            "点",
            Maybe(OneOf(("半", "钟", "整", "一刻", "三刻", in_order(Maybe("零"), _TENS, Maybe("分"))))),
        ),
        one_of("中午"),
        in_order(OneOf((_TENS, "半个", "两")), Maybe("个"), one_of("小时 分钟"), one_of("后 以后 之后")),
    )
)

RULES: dict[AnswerKind, Rule] = {
    AnswerKind.DIGITS: Again(OneOf((_DIGIT, "十", "百"), (1.0, 0.01, 0.01))),
    AnswerKind.CODE: Again(OneOf((_DIGIT, _LETTER), (1.0, 0.3))),
    AnswerKind.NUMBER: in_order(OneOf(("零", "两", _THOUSANDS)), Maybe(in_order("点", Again(_DIGIT)))),
    AnswerKind.DATE: OneOf(
        (
            _DAY,
            _WEEKDAY,
            _MONTH_DAY,
            in_order(_TENS, one_of("号 日")),
            in_order(_TENS, one_of("天 周"), one_of("后 以后")),
        )
    ),
    AnswerKind.TIME: _TIME,
}
