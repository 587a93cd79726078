"""Text messages that passed through the carrier, and who has said STOP."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

# Twilio's default opt-out and opt-in words for long codes.
STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START_WORDS = frozenset({"START", "YES", "UNSTOP"})
BODY_LIMIT = 1600
GSM_SEGMENT = 160
UNICODE_SEGMENT = 70


@dataclass(kw_only=True)
class Message:
    """One SMS; `direction` is inbound or outbound-api."""

    sid: str
    account_sid: str
    to: str
    from_: str
    body: str
    direction: str
    status: str
    created: datetime
    updated: datetime
    sent: datetime | None = None
    error_code: int | None = None
    error_message: str | None = None
    status_callback: str | None = None
    messaging_service_sid: str | None = None

    @property
    def segments(self) -> int:
        """How many SMS the body takes: 160 characters each, 70 when it leaves plain ASCII."""
        size = GSM_SEGMENT if self.body.isascii() else UNICODE_SEGMENT
        return max(1, -(-len(self.body) // size))


class MessageBook:
    """All messages, and the pairs (our number, person) between which texting was stopped."""

    def __init__(self) -> None:
        self._messages: dict[str, Message] = {}
        self.opted_out: set[tuple[str, str]] = set()

    def add(self, message: Message) -> None:
        self._messages[message.sid] = message

    def get(self, sid: str) -> Message | None:
        return self._messages.get(sid)

    def remove(self, sid: str) -> None:
        self._messages.pop(sid, None)

    def __iter__(self) -> Iterator[Message]:
        return iter(list(self._messages.values()))

    def heed(self, our_number: str, person: str, body: str) -> str | None:
        """Notice STOP and START in an inbound body; the OptOutType that Twilio reports, or None."""
        word = body.strip().upper()
        if word in STOP_WORDS:
            self.opted_out.add((our_number, person))
            return "STOP"
        if word in START_WORDS and (our_number, person) in self.opted_out:
            self.opted_out.discard((our_number, person))
            return "START"
        return None
