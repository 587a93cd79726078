"""Connection overrides: how an app tunes time limits and retries in the fragment of a webhook address."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

RETRY_CAUSES = frozenset({"4xx", "5xx", "ct", "rt", "all"})


@dataclass(frozen=True, kw_only=True)
class Overrides:
    """Limits of one webhook; defaults are Twilio's.

    Source: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides. A value outside its range is
    ignored and the default stays.
    """

    connect_timeout_s: float = 5.0
    read_timeout_s: float = 15.0
    total_timeout_s: float = 15.0
    retries: int = 1
    retry_on: frozenset[str] = frozenset({"ct"})

    def retries_after(self, cause: str) -> bool:
        """True when a failure of kind `cause` (4xx, 5xx, ct, rt) is worth another try."""
        return cause in self.retry_on or "all" in self.retry_on


def split_overrides(url: str) -> tuple[str, Overrides]:
    """The address without its fragment, and what the fragment asked for."""
    address, _, fragment = url.partition("#")
    wishes = dict(parse_qsl(fragment))
    policies = frozenset(wishes.get("rp", "ct").split(",")) & RETRY_CAUSES
    return address, Overrides(
        connect_timeout_s=_milliseconds(wishes.get("ct"), 100, 10_000, 5_000),
        read_timeout_s=_milliseconds(wishes.get("rt"), 100, 15_000, 15_000),
        total_timeout_s=_milliseconds(wishes.get("tt"), 100, 15_000, 15_000),
        retries=int(_within(wishes.get("rc"), 0, 5, 1)),
        retry_on=policies or frozenset({"ct"}),
    )


def _within(text: str | None, low: int, high: int, default: int) -> int:
    if text is None or not text.isdecimal() or not low <= int(text) <= high:
        return default
    return int(text)


def _milliseconds(text: str | None, low: int, high: int, default: int) -> float:
    return _within(text, low, high, default) / 1000
