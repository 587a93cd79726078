"""What callers of the demo organisation want, and what they press and say wherever the flow asks them.

A story knows what its caller does at each node that may ask; the real engine decides which of them does. Where a story
has nothing left to say, its caller hangs up. {ref} is the tracking number and {text} the caller's own words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Texts = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Act:
    """One thing the caller does: press keys, say words, leave a recording, talk to a person, or keep silent."""

    keys: str = ""
    words: Texts | None = None
    confidence: float = 0.9
    recorded_s: int = 0
    talks_s: int = 0


SILENCE = Act()


@dataclass(frozen=True, kw_only=True)
class Story:
    """A kind of call. `weight` is how often it happens.

    Attributes:
        acts: by node, what the caller does there, one after the other.
        texts: the caller's own words, one of them a call.
        ticket: whether a ticket comes of it, so that the caller may call again about it.
        parcel: statuses that the caller's parcel may have; () for any.
    """

    name: str
    weight: int
    acts: Mapping[str, tuple[Act, ...]] = field(default_factory=dict)
    texts: tuple[Texts, ...] = ()
    at_night: bool = False
    ticket: bool = False
    parcel: tuple[str, ...] = ()


def said(zh: str, en: str, confidence: float = 0.9) -> Act:
    """Words in the language of the call."""
    return Act(words={"zh-CN": zh, "en-US": en}, confidence=confidence)


def keyed(*keys: str) -> tuple[Act, ...]:
    """Keys, one turn each."""
    return tuple(Act(keys=pressed) for pressed in keys)


PERSON = {"to_person": (Act(talks_s=140),)}
TRACKING = {"ask_tracking": (said("单号是 {ref}", "it is {ref}", 0.87), *keyed("1")), "offer_sms": keyed("1")}

COMPLAINTS: tuple[Texts, ...] = (
    {
        "zh-CN": "你好，我姓王，单号{ref}，收到的时候箱子已经压坏了，里面的台灯碎了，我要求赔偿。",
        "en-US": "My parcel {ref} arrived crushed and the lamp inside is broken. I want a refund.",
    },
    {
        "zh-CN": "快递员态度太差了，没有打电话就直接放在楼下，单号是{ref}，我要投诉。",
        "en-US": "The courier was rude and left the parcel {ref} in the rain without ringing. That is unacceptable.",
    },
    {
        "zh-CN": "我的快递{ref}显示已经签收，但是我根本没有收到，你们查一下是谁签收的。",
        "en-US": "It says that parcel {ref} was delivered, but I never got it. Please find out who signed for it.",
    },
    {
        "zh-CN": "单号{ref}，寄了五天还在同一个城市，里面是生鲜，已经坏了，谁来负责？",
        "en-US": "Parcel {ref} has been in the same city for five days. There was food in it, and now it is spoiled.",
    },
    {
        "zh-CN": "我上次打电话说两天内处理，到现在没人管，单号{ref}，再不处理我就打12315。",
        "en-US": "You promised an answer about {ref} within two days and nobody called. This is ridiculous.",
    },
)
ADDRESSES: tuple[Texts, ...] = (
    {"zh-CN": "杭州市西湖区文三路二百号三楼前台", "en-US": "Front desk, third floor, 200 Wensan Road"},
    {"zh-CN": "滨江区江南大道八十八号五幢二单元", "en-US": "Building five, 88 Jiangnan Avenue, two boxes of books"},
    {"zh-CN": "余杭区良渚街道花苑小区北门", "en-US": "The north gate of Huayuan, I will wait downstairs"},
)
QUESTIONS: tuple[Texts, ...] = (
    {"zh-CN": "请问寄到新疆的冷链要多久", "en-US": "Do you ship wine abroad, and what papers do I need?"},
    {"zh-CN": "公司月结账户怎么开通", "en-US": "How do I open a monthly account for my company?"},
)
MISSED: tuple[Texts, ...] = (
    {"zh-CN": "我的东西碎了", "en-US": "it arrived in pieces"},
    {"zh-CN": "我的东西碎了", "en-US": "my lamp is smashed"},
    {"zh-CN": "里面的杯子全烂掉了", "en-US": "it arrived in pieces"},
    {"zh-CN": "快递员凶我", "en-US": "your driver shouted at me"},
)
"""Complaints in words that the menu does not know."""

UNKNOWN_WISHES: tuple[Texts, ...] = (
    {"zh-CN": "想改个送货时间", "en-US": "can you bring it on Friday instead"},
    {"zh-CN": "帮我开张发票", "en-US": "I need an invoice"},
)
"""What no choice of the menu is for."""

STORIES: tuple[Story, ...] = (
    Story(
        name="track",
        weight=42,
        at_night=True,
        parcel=("accepted", "in_transit", "out_for_delivery", "at_station", "delivered"),
        acts={"main_menu": keyed("1"), "after_hours_menu": keyed("1"), **TRACKING},
    ),
    Story(
        name="exception",
        weight=9,
        at_night=True,
        ticket=True,
        parcel=("exception",),
        acts={
            "main_menu": (said("查快递", "tracking"),),
            "after_hours_menu": (said("查快递", "tracking"),),
            **TRACKING,
        },
    ),
    Story(
        name="complain",
        weight=24,
        at_night=True,
        ticket=True,
        acts={
            "main_menu": (said("我要投诉", "a complaint"),),
            "after_hours_menu": keyed("2"),
            "complaint": (Act(recorded_s=17),),
        },
        texts=COMPLAINTS,
    ),
    Story(
        name="collect",
        weight=17,
        ticket=True,
        acts={
            "main_menu": keyed("2"),
            "order_address": (said("{text}", "{text}", 0.84),),
            "order_day": (said("明天", "tomorrow"), *keyed("1")),
            "order_number": keyed("1"),
            "order_other_number": keyed("13812004100", "1"),
            "order_check": keyed("1"),
        },
        texts=ADDRESSES,
    ),
    Story(
        name="question",
        weight=8,
        acts={"main_menu": keyed("5"), "questions": (said("多久能送到", "how long does it take"), *keyed("2"))},
    ),
    Story(
        name="unanswered",
        weight=6,
        ticket=True,
        acts={
            "main_menu": keyed("5"),
            "questions": (said("{text}", "{text}", 0.58), said("{text}", "{text}", 0.61)),
            **PERSON,
        },
        texts=QUESTIONS,
    ),
    Story(name="person", weight=7, acts={"main_menu": keyed("0"), **PERSON}),
    Story(
        name="status",
        weight=5,
        acts={"main_menu": keyed("4"), "ticket_status": keyed("#")},
    ),
    Story(name="gave_up", weight=8, at_night=True, acts={"main_menu": (SILENCE,), "after_hours_menu": (SILENCE,)}),
    Story(
        name="missed",
        weight=7,
        ticket=True,
        acts={"main_menu": (said("{text}", "{text}", 0.82), *keyed("3")), "complaint": (Act(recorded_s=12),)},
        texts=MISSED,
    ),
    Story(
        name="not_in_the_menu",
        weight=4,
        acts={"main_menu": (said("{text}", "{text}", 0.78), said("{text}", "{text}", 0.74), *keyed("0")), **PERSON},
        texts=UNKNOWN_WISHES,
    ),
    Story(
        name="badly_heard",
        weight=3,
        acts={
            "main_menu": (said("查一下物", "tracking a parcel", 0.31), *keyed("1")),
            **TRACKING,
        },
        parcel=("delivered",),
    ),
    Story(
        name="misheard",
        weight=3,
        ticket=True,
        acts={
            "main_menu": (said("寄件吧", "a collection", 0.52), *keyed("2", "3")),
            "complaint": (Act(recorded_s=14),),
        },
        texts=COMPLAINTS,
    ),
)

EVERYWHERE: Mapping[str, tuple[Act, ...]] = {"anything_else": keyed("2"), "try_again": keyed("2")}
"""What every caller answers, unless the story knows better."""
