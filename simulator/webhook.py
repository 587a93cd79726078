"""One question of the carrier to the app, and its answer."""

from dataclasses import dataclass

from simulator.calls import Call
from simulator.errors import SimulatorError
from simulator.sids import new_idempotency_token


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """One event to tell the app. All its tries carry the same `token`."""

    kind: str
    url: str
    params: tuple[tuple[str, str], ...]
    method: str = "POST"
    call: Call | None = None
    event: str | None = None
    token: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the app said. `url` is where the answer came from in the end, without query fragments."""

    url: str
    status: int
    content_type: str
    body: bytes
    headers: str
    ms: float


class WebhookFailedError(SimulatorError):
    """No usable answer; `code` is Twilio's notification code, `cause` is ct, rt, 4xx or 5xx."""

    def __init__(self, code: int, cause: str, message: str, answer: Answer | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.cause = cause
        self.answer = answer


def make_webhook(kind: str, url: str, params: dict[str, str], call: Call | None = None, **more: str | None) -> Webhook:
    """A webhook with a fresh idempotency token; `more` may hold method and event."""
    return Webhook(
        kind=kind,
        url=url,
        params=tuple(params.items()),
        method=(more.get("method") or "POST").upper(),
        call=call,
        event=more.get("event"),
        token=new_idempotency_token(),
    )
