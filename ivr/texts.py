"""A text message that somebody sent us."""

from __future__ import annotations

from ivr.deps import Deps
from ivr.messages import keep_received, queue_message
from telephony.calls import MessageEvent


def take_text(deps: Deps, event: MessageEvent) -> bool:
    """Keep a message, let the house do what it asks, and queue the answer, if any; False for one that is known.

    All of it is one transaction, so that a message that is told of twice is answered once.
    """
    now = deps.clock()
    with deps.db.write() as db:
        kept = keep_received(db, event, now)
        if kept is None:
            return False
        reply = deps.text_received(db, event) if deps.text_received is not None else None
        if reply and event.from_number:
            queue_message(db, call_id=None, from_number=event.to_number, to=event.from_number, body=reply, now=now)
    return True
