"""A lookup across turns: asked for in one, awaited in the next ones, answered from the row the worker wrote."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from flows.requests import Lookup, LookupReply
from ivr.lookups import LookupRow
from ivr.scope import CallScope
from ivr.sentences import say
from ivr.session import Pending
from ivr.turn import Turn
from telephony.verbs import Pause, Redirect, Verb
from work.jobs import ask

LONGEST_S = 60.0
"""No caller waits longer for a lookup than this, whatever the flow says."""

MARGIN_S = 3.0
"""For the way to the worker and back."""

STILL_THERE_EVERY = 5
"""Polls, of about a second each, after which the caller hears that we are still at it."""


def ask_lookup(scope: CallScope, turn: Turn, request: Lookup) -> Turn:
    """Ask the worker, and let the caller hear the filler meanwhile."""
    wait_s = min(request.timeout_s * (request.retries + 1) + MARGIN_S, LONGEST_S)
    until = scope.now + timedelta(seconds=wait_s)
    row = LookupRow(call_id=scope.call.id, request=asdict(request), reply=None, asked_at=scope.now, until=until)
    scope.db.add(row)
    scope.db.flush()
    ask(scope.db, "lookup", key=f"lookup:{row.id}", payload={"lookup_id": row.id}, now=scope.now, max_tries=1)
    scope.talk.pending = Pending(id=row.id, until=until)
    scope.talk.waits_for = "redirect"
    filler: tuple[Verb, ...] = turn.filler or (Pause(seconds=1),)
    return Turn(verbs=(*turn.verbs, Redirect()), filler=filler, events=turn.events)


def answered(scope: CallScope, pending: Pending) -> LookupReply | None:
    """The worker's answer; `timeout` once the time is over; None while there is still hope."""
    row = scope.db.get(LookupRow, pending.id)
    if row is None:
        return LookupReply(outcome="error")
    if row.reply is not None:
        return LookupReply(**row.reply)
    return LookupReply(outcome="timeout") if scope.now >= pending.until else None


def wait_on(scope: CallScope, pending: Pending) -> Turn:
    """One more moment for the caller."""
    pending.polls += 1
    verbs: list[Any] = [Pause(seconds=1), Redirect()]
    if pending.polls % STILL_THERE_EVERY == 0:
        verbs.insert(0, say("still_there", scope.talk.language))
    return Turn(verbs=tuple(verbs))
