"""The functions an expression may call: few, pure, and each with a bounded cost."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

MAX_NUMBER = 1e30
"""Numbers beyond this are refused: no quantity of a call is that large, and huge integers cost time without end."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What an expression is computed over. `now` is aware; `zone` is the IANA zone for today, hour and weekday."""

    values: Mapping[str, Any]
    now: datetime
    zone: str = "UTC"


@dataclass(frozen=True, kw_only=True)
class Function:
    """A function of expressions: `run` gets the scope and the arguments, and may raise ValueError with a sentence."""

    run: Callable[..., Any]
    usage: str
    summary: Mapping[str, str]
    least: int
    most: int


def number(value: Any) -> int | float:
    """Turn text ("42", "3.5", "１２") or a number into a number. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError(f"{kind(value)} is not a number.")  # noqa: TRY004
    if isinstance(value, str):
        if not re.fullmatch(r"\s*-?\d{1,30}(\.\d{1,30})?\s*", value):
            raise ValueError("This text is not a number.")
        value = float(value) if "." in value else int(value)
    return bounded(value)


def bounded(value: int | float) -> int | float:
    """Return the number if it is finite and of a sane size. Raises ValueError."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("The result is not a finite number.")
    if abs(value) > MAX_NUMBER:
        raise ValueError("The number is too large.")
    return value


def text(value: Any) -> str:
    """Text of a JSON value: "" for a missing one, true/false in lower case, 3.0 as "3"."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, (str, int, float)):
        return str(value)
    raise ValueError(f"{kind(value)} cannot be used as text.")


def kind(value: Any) -> str:
    """The word for a value's kind, for messages."""
    names: dict[type, str] = {bool: "true or false", int: "A number", float: "A number", str: "Text", list: "A list"}
    if value is None:
        return "A missing value"
    return names.get(type(value), "An object" if isinstance(value, Mapping) else "This value")


def parse_date(value: Any) -> date:
    """The date of an ISO 8601 date or time. Raises ValueError."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(text(value).strip()).date()
    except ValueError as error:
        raise ValueError("A date is written like 2026-11-23.") from error


def find_zone(name: str) -> tzinfo:
    """The time zone of an IANA name. Raises ValueError."""
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"“{name[:60]}” is not a time zone; write one like Asia/Shanghai.") from error


def _local(scope: Scope, zone: Any = None) -> datetime:
    return scope.now.astimezone(find_zone(text(zone) or scope.zone))


def _length(_: Scope, value: Any) -> int:
    if value is None:
        return 0
    if isinstance(value, (str, list, tuple, Mapping)):
        return len(value)
    raise ValueError(f"{kind(value)} has no length.")


def _contains(_: Scope, whole: Any, part: Any) -> bool:
    if isinstance(whole, (list, tuple)):
        return part in whole
    return text(part).casefold() in text(whole).casefold()


def _starts_with(_: Scope, whole: Any, start: Any) -> bool:
    return text(whole).casefold().startswith(text(start).casefold())


def _days_until(scope: Scope, day: Any, zone: Any = None) -> int:
    return (parse_date(day) - _local(scope, zone).date()).days


def _digits(_: Scope, value: Any) -> str:
    return "".join(str(int(c)) for c in text(value) if c.isdecimal())


def _first(_: Scope, *values: Any) -> Any:
    return next((v for v in values if v is not None and v != ""), None)


def _exists(_: Scope, value: Any) -> bool:
    return value is not None and value != ""


def _round(_: Scope, value: Any, places: Any = 0) -> int | float:
    result = round(number(value), max(0, min(10, int(number(places)))))
    return int(result) if not places else result


def _entry(
    run: Callable[..., Any], usage: str, en: str, zh: str, least: int = 1, most: int | None = None
) -> tuple[str, Function]:
    name = usage.partition("(")[0]
    return name, Function(run=run, usage=usage, summary={"en": en, "zh": zh}, least=least, most=most or least)


FUNCTIONS: Mapping[str, Function] = dict(
    [
        _entry(
            _length,
            "len(value)",
            "Length of text or number of items; 0 when missing.",
            "文字长度或项目个数，缺失为 0。",
        ),
        _entry(lambda _, v: text(v).lower(), "lower(text)", "Text in lower case.", "转为小写。"),
        _entry(lambda _, v: text(v).upper(), "upper(text)", "Text in upper case.", "转为大写。"),
        _entry(
            _contains,
            "contains(whole, part)",
            "True if the text contains the part (case does not count), or the list the item.",
            "文字包含该部分（不分大小写），或列表包含该项。",
            2,
        ),
        _entry(
            _starts_with,
            "starts_with(text, start)",
            "True if the text begins so (case does not count).",
            "文字以此开头（不分大小写）。",
            2,
        ),
        _entry(lambda _, v: number(v), "number(text)", "The number that the text says.", "把文字变为数字。"),
        _entry(lambda _, v: text(v), "text(value)", "The value as text; empty when missing.", "变为文字，缺失为空。"),
        _entry(
            lambda s, z=None: _local(s, z).date().isoformat(),
            'today("Asia/Shanghai")',
            "Today's date like 2026-11-23 in the zone (UTC without one).",
            "该时区的今天日期，如 2026-11-23。",
            0,
            1,
        ),
        _entry(
            lambda s, z=None: _local(s, z).hour,
            'hour("Asia/Shanghai")',
            "The hour in the zone, 0 to 23.",
            "该时区的小时，0 到 23。",
            0,
            1,
        ),
        _entry(
            lambda s, z=None: _local(s, z).isoweekday(),
            'weekday("Asia/Shanghai")',
            "The day of the week in the zone, 1 is Monday, 7 is Sunday.",
            "该时区的星期几，1 为星期一，7 为星期日。",
            0,
            1,
        ),
        _entry(
            _days_until,
            'days_until(date, "Asia/Shanghai")',
            "Days from today to the date; negative when it is past.",
            "从今天到该日期的天数，已过为负。",
            1,
            2,
        ),
        _entry(_digits, "digits(text)", "Only the digits of the text.", "只保留文字中的数字。"),
        _entry(_first, "first(a, b, …)", "The first value that is there.", "第一个有值的参数。", 1, 10),
        _entry(_exists, "exists(value)", "True if the value is there and not empty.", "值存在且不为空。"),
        _entry(_round, "round(number, places)", "Rounded to so many places.", "四舍五入到若干位小数。", 1, 2),
    ]
)
