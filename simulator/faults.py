"""Trouble on request: each fault names what goes wrong, for whom, and how often."""

from collections.abc import Iterator
from enum import StrEnum
from itertools import count
from random import Random
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from simulator.calls import Call


class FaultKind(StrEnum):
    """What can go wrong.

    callback_late, _duplicate, _shuffle, _drop: status and recording callbacks. webhook_duplicate: a voice webhook comes
    twice, with the same idempotency token. webhook_slow: the app's answer takes `seconds` more of call time.
    webhook_status: the app seems to answer `status`. webhook_lost: the app cannot be reached. rest_status: REST
    requests get `status`. rest_accept_then_timeout: a create is done, but its answer never comes. callee: whoever is
    called behaves as `outcome`. extra_parameters: `params` are added to every webhook. media_late: a recording's media
    is 404 for `seconds`. stream_loss: a frame of a stream's sound never comes (`share` of them); stream_jitter: frames
    come in bunches, up to `milliseconds` late; stream_late_media: sound still comes after `stop`; stream_cut: the
    socket breaks `seconds` after the stream began; stream_refused: the carrier cannot open it.
    """

    CALLBACK_LATE = "callback_late"
    CALLBACK_DUPLICATE = "callback_duplicate"
    CALLBACK_SHUFFLE = "callback_shuffle"
    CALLBACK_DROP = "callback_drop"
    WEBHOOK_DUPLICATE = "webhook_duplicate"
    WEBHOOK_SLOW = "webhook_slow"
    WEBHOOK_STATUS = "webhook_status"
    WEBHOOK_LOST = "webhook_lost"
    REST_STATUS = "rest_status"
    REST_ACCEPT_THEN_TIMEOUT = "rest_accept_then_timeout"
    CALLEE = "callee"
    EXTRA_PARAMETERS = "extra_parameters"
    MEDIA_LATE = "media_late"
    STREAM_LOSS = "stream_loss"
    STREAM_JITTER = "stream_jitter"
    STREAM_LATE_MEDIA = "stream_late_media"
    STREAM_CUT = "stream_cut"
    STREAM_REFUSED = "stream_refused"


class Fault(BaseModel):
    """One fault. Empty scope fields (`call_sid`, `to`, `from`, `url_contains`) match everything."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    kind: FaultKind
    id: int = 0
    call_sid: str | None = None
    to: str | None = None
    from_: str | None = Field(default=None, alias="from")
    url_contains: str | None = None
    method: str | None = None
    events: list[str] | None = Field(default=None, description="callback_drop, _late: only these status events")
    times: int | None = Field(default=None, ge=1, description="how often; None is for ever")
    share: float = Field(default=1.0, gt=0, le=1, description="part of the occasions on which it strikes, by chance")
    seconds: float = Field(default=20.0, ge=0)
    milliseconds: int = Field(default=100, ge=0, le=5_000)
    status: int = Field(default=500, ge=400, le=599)
    outcome: str = "busy"
    params: dict[str, str] = Field(default_factory=dict)
    together: bool = True

    def matches(self, call: Call | None, url: str, event: str | None, method: str | None) -> bool:
        """True when this fault is meant for this call, address and event."""
        if self.events is not None and event not in self.events:
            return False
        if self.method is not None and method != self.method:
            return False
        if self.url_contains is not None and self.url_contains not in url:
            return False
        scope = (self.call_sid, self.to, self.from_)
        if call is None:
            return scope == (None, None, None)
        actual = (call.sid, call.to, call.from_)
        return all(wanted is None or wanted == found for wanted, found in zip(scope, actual, strict=True))


class Faults:
    """The faults that are set. `take` finds one that applies and counts it down."""

    def __init__(self, seed: int = 1) -> None:
        self._chance = Random(seed)
        self._faults: dict[int, Fault] = {}
        self._ids = count(1)

    def add(self, kind: FaultKind | str, **settings: Any) -> Fault:
        """Set a fault; raises pydantic's ValidationError when a setting is unknown or out of range."""
        fault = Fault.model_validate({"kind": kind, **settings, "id": next(self._ids)})
        self._faults[fault.id] = fault
        return fault

    def remove(self, fault_id: int) -> bool:
        return self._faults.pop(fault_id, None) is not None

    def clear(self) -> None:
        self._faults.clear()

    def __iter__(self) -> Iterator[Fault]:
        return iter(list(self._faults.values()))

    def take(
        self,
        kind: FaultKind,
        call: Call | None = None,
        *,
        url: str = "",
        event: str | None = None,
        method: str | None = None,
    ) -> Fault | None:
        """The first fault of `kind` that applies, counted as used once; None when all is well."""
        for fault in list(self._faults.values()):
            if fault.kind is kind and fault.matches(call, url, event, method) and self._strikes(fault):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times == 0:
                        del self._faults[fault.id]
                return fault
        return None

    def _strikes(self, fault: Fault) -> bool:
        return fault.share >= 1 or self._chance.random() < fault.share
