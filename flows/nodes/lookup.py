"""Ask a system of the organisation by HTTP and take values from its reply."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Literal
from urllib.parse import quote

from pydantic import Field

from flows.field_words import shown
from flows.nodes.base import Ask, Context, Leave, Localized, Node, Step
from flows.nodes.speaking import fill, say_phrase, scope, speak
from flows.requests import Answer, LookupReply
from flows.requests import Lookup as LookupRequest
from flows.text import Hole, split
from telephony.calls import Heard


class Lookup(Node):
    """Ask a system of the organisation by HTTP while the caller hears a filler.

    Values put into the URL are percent-encoded, except one that begins it (the address of the service). Headers and
    URL may name secrets as `secret:NAME`; they are put in outside the flow. `take` maps a value to a path in the JSON
    reply: `status`, `parcel.steps[0].place`, or `.` for the whole reply; what is missing becomes nothing.

    Exits: ok, not_found (the service says 404), timeout, error (anything else, and refused addresses). An unwired
    not_found or timeout is an error.

    ```yaml
    type: lookup
    url: "{{ parcel_service }}/parcels/{{ tracking }}"
    headers: {Authorization: "Bearer secret:PARCEL_TOKEN"}
    timeout_s: 4
    take: {status: status, station: station.name}
    filler: {en-US: "Let me look that up.", zh-CN: 正在为您查询。}
    exits: {ok: say_status, not_found: unknown_number, error: apologise}
    ```
    """

    title: ClassVar[Mapping[str, str]] = {"en": "Lookup", "zh": "查询系统"}
    summary: ClassVar[Mapping[str, str]] = {
        "en": "Ask a system by HTTP and take values from its reply.",
        "zh": "通过 HTTP 查询业务系统并取回数据。",
    }
    group: ClassVar[str] = "do"
    order: ClassVar[int] = 10
    fresh: ClassVar[Mapping[str, Any]] = {"url": "https://"}

    type: Literal["lookup"] = "lookup"
    url: str = Field(
        min_length=1,
        max_length=2000,
        description="Address, with {{ values }}.",
        json_schema_extra=shown("地址", "请求的地址，可用 {{ 变量名 }}。", en="Address (URL)", widget="template"),
    )
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = Field(
        default="GET",
        description="HTTP method.",
        json_schema_extra=shown(
            "请求方法",
            "HTTP 请求方法。",
            options={
                "GET": ("GET", "GET"),
                "POST": ("POST", "POST"),
                "PUT": ("PUT", "PUT"),
                "PATCH": ("PATCH", "PATCH"),
                "DELETE": ("DELETE", "DELETE"),
            },
        ),
    )
    headers: dict[str, str] = Field(
        default_factory=dict,
        description="Headers; secret:NAME stands for a secret.",
        json_schema_extra=shown("请求头", "请求头；secret:NAME 代表密钥。", inner="template", advanced=True),
    )
    body: Any = Field(
        default=None,
        description="JSON to send; texts in it may have {{ values }}.",
        json_schema_extra=shown("请求内容", "发送的 JSON；其中的文字可用 {{ 变量名 }}。", widget="json", advanced=True),
    )
    timeout_s: float = Field(
        default=5.0,
        gt=0,
        le=30,
        description="Time for one try, seconds.",
        json_schema_extra=shown("超时", "每次请求的最长时间。", en="Time limit (seconds)", advanced=True),
    )
    retries: int = Field(
        default=1,
        ge=0,
        le=3,
        description="Further tries after a failure.",
        json_schema_extra=shown("重试次数", "失败后再试几次。", advanced=True),
    )
    take: dict[str, str] = Field(
        default_factory=dict,
        description="Value name to path in the reply.",
        json_schema_extra=shown("取出的值", "变量名对应回复中的路径。", en="Take from the reply"),
    )
    filler: Localized = Field(
        default_factory=dict,
        description="Heard while the system is asked.",
        json_schema_extra=shown("等待语", "查询期间播报的内容。", en="Heard while waiting", widget="prompt"),
    )

    def exit_names(self) -> tuple[str, ...]:
        """One for each outcome."""
        return ("ok", "not_found", "timeout", "error")

    def optional_exits(self) -> frozenset[str]:
        """not_found and timeout fall back to error."""
        return frozenset({"not_found", "timeout"})

    def spoken(self) -> Mapping[str, Localized]:
        """The filler, if any."""
        return {"filler": self.filler} if self.filler else {}

    def sets_values(self) -> frozenset[str]:
        """The names taken from the reply."""
        return frozenset(self.take)

    def enter(self, ctx: Context) -> Step:
        """Ask the house for the request."""
        request = LookupRequest(
            method=self.method,
            url=fill_url(ctx, self.url),
            headers={name: fill(ctx, value) for name, value in self.headers.items()},
            body=_fill_all(ctx, self.body),
            timeout_s=self.timeout_s,
            retries=self.retries,
            node=ctx.node_id,
        )
        filler = speak(ctx, self.filler) if self.filler else say_phrase(ctx, "one_moment")
        return Step(then=Ask(request=request, filler=filler))

    def resume(self, ctx: Context, heard: Heard | Answer) -> Step:
        """Take the values and leave by the outcome."""
        outcome = heard.outcome if isinstance(heard, LookupReply) else "error"
        if outcome == "ok" and isinstance(heard, LookupReply):
            return Step(values={k: at_path(heard.body, p) for k, p in self.take.items()}, then=Leave(exit="ok"))
        # What an earlier lookup found must not be taken for this one's.
        cleared = dict.fromkeys(self.take)
        wired = outcome in ("not_found", "timeout") and outcome in self.exits
        return Step(values=cleared, then=Leave(exit=outcome if wired else "error"))


def fill_url(ctx: Context, template: str) -> str:
    """The address with its values percent-encoded; a hole at the very beginning is taken as it is."""
    out = ""
    for part in split(template):
        if isinstance(part, Hole):
            value = fill(ctx, "{{ " + part.expression + _filters(part) + " }}") if part.expression else ""
            out += value if not out else quote(value, safe="")
        else:
            out += part
    return out


def _filters(hole: Hole) -> str:
    return "".join(f' | {name}("{argument}")' if argument else f" | {name}" for name, argument in hole.filters)


def _fill_all(ctx: Context, data: Any) -> Any:
    """JSON with its texts filled; a text that is one bare hole keeps the value's own type."""
    if isinstance(data, str):
        bare = re.fullmatch(r"\{\{\s*(\w+)\s*\}\}", data)
        return scope(ctx).get(bare[1]) if bare else fill(ctx, data)
    if isinstance(data, Mapping):
        return {key: _fill_all(ctx, value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_fill_all(ctx, value) for value in data]
    return data


def at_path(data: Any, path: str) -> Any:
    """The part of JSON data at a path like `parcel.steps[0].place`; None when there is none."""
    if path == ".":
        return data
    for name, index in re.findall(r"([^.\[\]]+)|\[(-?\d+)\]", path):
        if name and isinstance(data, Mapping):
            data = data.get(name)
        elif index and isinstance(data, list) and -len(data) <= int(index) < len(data):
            data = data[int(index)]
        else:
            return None
    return data
