"""Every webhook the carrier sent, so that a test can look at it or send it again, twice and shuffled."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class SentRequest:
    """One HTTP request to the app and what became of it.

    `kind` is voice, wait, play, status, recording, message, amd, partial or sms. `url` is exactly what was signed.
    `status` is None when no answer came; `error` then says why. `ms` is real time.
    """

    number: int
    kind: str
    call_sid: str | None
    method: str
    url: str
    params: tuple[tuple[str, str], ...]
    headers: dict[str, str]
    attempt: int
    at: str
    ms: float
    status: int | None
    response: str
    error: str | None

    @property
    def form(self) -> dict[str, str]:
        """The parameters by name; the last value of a repeated name."""
        return dict(self.params)

    def as_row(self) -> dict[str, Any]:
        return {**asdict(self), "params": [list(pair) for pair in self.params]}


class RequestLog:
    """The last `keep` requests, oldest first."""

    def __init__(self, keep: int = 50_000) -> None:
        self._keep = keep
        self._sent: list[SentRequest] = []
        self.total = 0

    def next_number(self) -> int:
        self.total += 1
        return self.total

    def add(self, request: SentRequest) -> None:
        self._sent.append(request)
        if len(self._sent) > self._keep:
            del self._sent[: self._keep // 10]

    def clear(self) -> None:
        self._sent.clear()

    def __iter__(self) -> Iterator[SentRequest]:
        return iter(sorted(self._sent, key=lambda request: request.number))

    def __len__(self) -> int:
        return len(self._sent)

    def of_call(self, call_sid: str) -> list[SentRequest]:
        return [request for request in self if request.call_sid == call_sid]

    def of_kind(self, kind: str) -> list[SentRequest]:
        return [request for request in self if request.kind == kind]
