"""What callers of the demo organisation want, step by step, in both languages.

A step is what the caller does at a node and what is said at the next one. {ref} is the tracking number and {number}
the ticket's number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Texts = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Step:
    """The caller answers at `at` (keys, words, a recording, or nothing) and the flow goes to `to` and says `says`."""

    at: str
    to: str
    says: Texts
    keys: str = ""
    words: Texts | None = None
    confidence: float = 0.9
    recorded_s: int = 0
    value: str = ""
    silence: bool = False
    dial: str = ""


@dataclass(frozen=True, kw_only=True)
class Story:
    """A kind of call. `weight` is how often it happens; `ticket` the NewTicket fields when one comes of it."""

    name: str
    weight: int
    steps: tuple[Step, ...]
    outcome: str = "completed"
    ended_by: str = "flow"
    ticket: dict[str, Any] | None = None
    texts: tuple[Texts, ...] = ()
    at_night: bool = False


HELLO: Texts = {
    "zh-CN": "您好，这里是铃回快递。中文服务请按1。",
    "en-US": "Welcome to Ringback Couriers. For English, press 2.",
}
MENU: Texts = {"zh-CN": "请问您需要什么服务？", "en-US": "How can I help you?"}
MORE: Texts = {"zh-CN": "还有什么可以帮您？", "en-US": "Is there anything else?"}
ASK_TRACKING: Texts = {"zh-CN": "请说出您的快递单号。", "en-US": "What is your tracking number?"}
BEEP: Texts = {
    "zh-CN": "请在提示音后说出您的姓名、单号和遇到的问题，说完请按井号键。",
    "en-US": "After the tone, tell us your name, the tracking number and what happened.",
}
THANKS: Texts = {
    "zh-CN": "谢谢您告诉我们。您的工单号是 {number}，工作人员会尽快联系您。",
    "en-US": "Thank you for telling us. Your ticket number is {number}. Somebody will get back to you.",
}
ADDRESS: Texts = {"zh-CN": "请说出取件地址。", "en-US": "Where shall we collect?"}
DAY: Texts = {"zh-CN": "哪一天取件？", "en-US": "On which day?"}
ON_ITS_WAY: Texts = {
    "zh-CN": "您的快递正在路上，预计明天送到。",
    "en-US": "Your parcel is on its way. It should arrive tomorrow.",
}
EXCEPTION: Texts = {
    "zh-CN": "您的快递运输异常，很抱歉。您的工单号是 {number}。",
    "en-US": "I am sorry, something went wrong with your parcel. Your ticket number is {number}.",
}
ANSWER: Texts = {
    "zh-CN": "省内一般第二天送达，跨省两到三天。",
    "en-US": "Within the province a parcel usually arrives the next day, beyond it in two to three days.",
}
CONNECTING: Texts = {"zh-CN": "正在为您转接人工。", "en-US": "I am putting you through to a person."}

_BEGIN = Step(at="choose_language", to="main_menu", says=MENU, keys="1", value="language")
_DONE = Step(at="anything_else", to="goodbye", says={"zh-CN": "感谢来电，再见。", "en-US": "Goodbye."}, keys="2")


def _tracking_number(to: str, says: Texts) -> Step:
    spoken = {"zh-CN": "单号是 {ref}", "en-US": "it is {ref}"}
    return Step(at="ask_tracking", to=to, says=says, words=spoken, value="{ref}", confidence=0.87)


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

STORIES: tuple[Story, ...] = (
    Story(
        name="track",
        weight=42,
        at_night=True,
        steps=(
            _BEGIN,
            Step(at="main_menu", to="ask_tracking", says=ASK_TRACKING, keys="1", value="track"),
            _tracking_number("tell_on_its_way", ON_ITS_WAY),
            _DONE,
        ),
    ),
    Story(
        name="exception",
        weight=9,
        at_night=True,
        steps=(
            _BEGIN,
            Step(at="main_menu", to="ask_tracking", says=ASK_TRACKING, words={"zh-CN": "查快递", "en-US": "track"}),
            _tracking_number("exception_ticket", EXCEPTION),
            _DONE,
        ),
        ticket={"category": "delivery", "urgency": "high", "node": "exception_ticket", "reason": "parcel exception"},
    ),
    Story(
        name="complain",
        weight=28,
        at_night=True,
        steps=(
            _BEGIN,
            Step(at="main_menu", to="complaint", says=BEEP, words={"zh-CN": "我要投诉", "en-US": "a complaint"}),
            Step(at="complaint", to="complaint_thanks", says=THANKS, recorded_s=17),
            _DONE,
        ),
        ticket={"category": "complaint", "node": "complaint_ticket", "reason": "complaint"},
        texts=COMPLAINTS,
    ),
    Story(
        name="collect",
        weight=17,
        steps=(
            _BEGIN,
            Step(at="main_menu", to="order_address", says=ADDRESS, keys="2", value="collect"),
            Step(at="order_address", to="order_day", says=DAY, words={"zh-CN": "{text}", "en-US": "{text}"}),
            Step(at="order_day", to="order_ticket", says=THANKS, words={"zh-CN": "明天", "en-US": "tomorrow"}),
            _DONE,
        ),
        ticket={"category": "collection", "node": "order_ticket", "reason": "collection ordered"},
        texts=ADDRESSES,
    ),
    Story(
        name="question",
        weight=8,
        steps=(
            _BEGIN,
            Step(at="main_menu", to="questions", says={"zh-CN": "请问您想了解什么？", "en-US": "Just ask."}, keys="5"),
            Step(at="questions", to="anything_else", says=ANSWER, words={"zh-CN": "多久能送到", "en-US": "how long"}),
            _DONE,
        ),
    ),
    Story(
        name="unanswered",
        weight=6,
        steps=(
            _BEGIN,
            Step(at="main_menu", to="questions", says={"zh-CN": "请问您想了解什么？", "en-US": "Just ask."}, keys="5"),
            Step(
                at="questions",
                to="to_person",
                says=CONNECTING,
                words={"zh-CN": "{text}", "en-US": "{text}"},
                confidence=0.58,
            ),
            Step(at="to_person", to="goodbye", says=MORE, dial="completed"),
        ),
        ticket={"category": "question", "node": "question_ticket", "reason": "question without an answer"},
        texts=QUESTIONS,
    ),
    Story(
        name="person",
        weight=8,
        steps=(
            _BEGIN,
            Step(at="main_menu", to="to_person", says=CONNECTING, keys="0", value="person"),
            Step(at="to_person", to="goodbye", says=MORE, dial="completed"),
        ),
    ),
    Story(
        name="gave_up",
        weight=9,
        at_night=True,
        outcome="abandoned",
        ended_by="caller",
        steps=(_BEGIN, Step(at="main_menu", to="main_menu", says=MENU, silence=True)),
    ),
)
