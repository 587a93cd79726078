"""Lists in pages, newest first, as Twilio's v2010 lists are."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from aiohttp import web

from simulator.dates import parse_filter
from simulator.errors import RestError

DEFAULT_PAGE_SIZE = 50
MAX_PAGE_SIZE = 1000
T = TypeVar("T")


def page(request: web.Request, key: str, items: Sequence[T], shape: Callable[[T], dict[str, Any]]) -> web.Response:
    """One page of `items` (oldest first as given) under `key`, with the addresses of its neighbours."""
    size = min(max(1, _whole(request, "PageSize", DEFAULT_PAGE_SIZE)), MAX_PAGE_SIZE)
    number = max(0, _whole(request, "Page", 0))
    newest_first = list(reversed(items))
    begin = number * size
    shown = newest_first[begin : begin + size]

    def address(index: int) -> str:
        query = {name: value for name, value in request.query.items() if name not in ("Page", "PageSize")}
        return f"{request.path}?{urlencode({**query, 'PageSize': size, 'Page': index})}"

    return web.json_response(
        {
            key: [shape(item) for item in shown],
            "page": number,
            "page_size": size,
            "start": begin,
            "end": begin + max(0, len(shown) - 1),
            "uri": address(number),
            "first_page_uri": address(0),
            "previous_page_uri": address(number - 1) if number > 0 else None,
            "next_page_uri": address(number + 1) if begin + size < len(newest_first) else None,
        }
    )


def matches_date(request: web.Request, name: str, moment: datetime | None) -> bool:
    """Apply the filters `Name`, `Name<` and `Name>` (both ends included) to a moment."""
    for mark in ("", "<", ">"):
        text = request.query.get(name + mark)
        if not text:
            continue
        if moment is None:
            return False
        try:
            wanted = parse_filter(text)
        except ValueError as error:
            raise RestError(400, 20001, f"The filter {name}{mark} is not a date: '{text[:40]}'.") from error
        second = moment.replace(microsecond=0)
        if mark == "" and (second.date() != wanted.date()):
            return False
        if (mark == "<" and second > wanted) or (mark == ">" and second < wanted):
            return False
    return True


def _whole(request: web.Request, name: str, default: int) -> int:
    text = request.query.get(name, "")
    return int(text) if text.isdecimal() else default
