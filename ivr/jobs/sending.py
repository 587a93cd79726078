"""Sending a text message, at most once."""

from __future__ import annotations

from ivr.deps import Deps
from ivr.messages import Message
from telephony.errors import OutcomeUnknownError
from telephony.provider import ProviderError
from work.worker import JobCall, Retry

UNKNOWN = "It is not known whether the message was sent: the worker stopped while it was being sent."


def send_message(deps: Deps, call: JobCall) -> None:
    """Send a message that waits.

    "sending" is stored before the provider is asked, because asking twice would send twice: a message that is found in
    that state was cut off by a crash and is not tried again.
    """
    message_id = call.payload["message_id"]
    with deps.db.write() as db:
        message = db.get(Message, message_id, with_for_update=True)
        if message is None or message.status not in ("waiting", "sending"):
            return
        if message.status == "sending":
            message.status, message.error = "unknown", UNKNOWN
            return
        message.status = "sending"
        to, from_number, body = message.to_number, message.from_number, message.body
    status_url = f"{deps.public_base_url}/voice/messages/status"
    try:
        sid = deps.provider.send_message(to=to, from_=from_number, body=body, status_url=status_url)
    except ProviderError as error:
        if error.retryable:
            _put(deps, message_id, status="waiting")
            raise Retry(2.0**call.tries, str(error)) from error
        status = "unknown" if isinstance(error, OutcomeUnknownError) else "failed"
        _put(deps, message_id, status=status, error=str(error))
        return
    _put(deps, message_id, status="queued", sid=sid, sent_at=call.now)


def message_gave_up(deps: Deps, call: JobCall, reason: str) -> None:
    """The provider never took the message."""
    _put(deps, call.payload["message_id"], status="failed", error=reason[:500])


def _put(deps: Deps, message_id: int, **values: object) -> None:
    with deps.db.write() as db:
        message = db.get_one(Message, message_id, with_for_update=True)
        for name, value in values.items():
            setattr(message, name, value)
