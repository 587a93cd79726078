"""The people who call the demo organisation. The numbers are of ranges that are possible, the people invented."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Caller:
    """A caller; `name` is "" for one who is known by the number only."""

    number: str
    name: str
    language: str
    city: str = ""
    vip: bool = False


_CHINESE = (
    ("王小明", "杭州", False), ("李娜", "上海", True), ("张伟", "苏州", False), ("刘洋", "南京", False),
    ("陈丽华", "宁波", False), ("赵敏", "北京", False), ("孙强", "杭州", False), ("周杰", "合肥", False),
    ("吴芳", "无锡", False), ("郑凯", "上海", True), ("冯雪", "温州", False), ("许文", "嘉兴", False),
    ("", "", False), ("", "", False), ("何静", "绍兴", False), ("马超", "金华", False),
)  # fmt: skip
_ENGLISH = (
    ("+14155550132", "Grace Miller", False), ("+12025550147", "Tom Becker", False),
    ("+442079460958", "Priya Shah", True),
    ("+61291920123", "Liam O'Neil", False), ("+14155550187", "", False), ("+12125550163", "Ana Souza", False),
    ("+442079460321", "Oliver Stone-Hart", False), ("+6531585566", "Farid Rahman", False),
    ("+13105550119", "Mia Wong", False),
)  # fmt: skip

CALLERS: tuple[Caller, ...] = (
    *(
        Caller(number=f"+861381200{4100 + 137 * n:04d}", name=name, language="zh-CN", city=city, vip=vip)
        for n, (name, city, vip) in enumerate(_CHINESE)
    ),
    *(Caller(number=number, name=name, language="en-US", vip=vip) for number, name, vip in _ENGLISH),
)
