"""A recording whose notice comes after the call's end was already dealt with."""

from __future__ import annotations

from flows.requests import OpenTicket
from ivr.deps import Deps
from ivr.keeping import keep_recording
from ivr.library import FlowLibrary
from ivr.scope import CallScope
from ivr.store import save_call
from ivr.ticketing import open_ticket
from telephony.calls import CallEvent, Direction, Recorded


def keep_late(deps: Deps, scope: CallScope, event: CallEvent) -> None:
    """Keep the recording of a request that comes after the hang-up; other requests change nothing."""
    heard = event.heard
    if isinstance(heard, Recorded):
        take_recording(deps, scope, sid=heard.sid, url=heard.url, duration_s=heard.duration_s)


def take_recording(
    deps: Deps, scope: CallScope, *, sid: str, url: str, duration_s: int, voicemail: bool = False
) -> None:
    """Keep a recording of a call.

    After a hang-up it is something said: the flow's policy may now want a ticket. A voicemail that was taken because
    the flow could not be reached always gets one.
    """
    talk = scope.talk
    keep_recording(
        scope.db,
        sid=sid,
        url=url,
        duration_s=duration_s,
        call_id=scope.call.id,
        ticket=scope.ticket,
        node=scope.call.node,
        language=talk.language,
        now=scope.now,
    )
    if duration_s == 0:
        return
    new = not talk.recorded
    talk.recorded = True
    if voicemail and scope.ticket_id is None:
        open_ticket(scope, OpenTicket(reason="voicemail while the flow could not be reached", node=scope.call.node))
        talk.outcome = scope.columns["outcome"] = "voicemail"
    elif talk.ended and talk.outcome == "abandoned" and scope.ticket_id is None and talk.frames:
        policy = FlowLibrary(scope.db, deps.flows).version(talk.frames[0].version).document.hang_up
        if policy.policy(outbound=scope.call.direction == Direction.OUTBOUND) != "never":
            open_ticket(scope, OpenTicket(category=policy.category, reason="the caller hung up", node=scope.call.node))
            talk.outcome = scope.columns["outcome"] = "completed"
    if new or scope.columns:
        save_call(scope.db, scope.call.id, {**scope.columns, "state": talk.to_json()})
