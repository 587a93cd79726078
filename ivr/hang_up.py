"""What remains of a call that ends in the middle of its flow: by the flow's policy a ticket, a note, or nothing."""

from __future__ import annotations

from flows.events import CallEnded, Event, TicketOpened, to_json
from ivr.effects import EffectTable, cause
from ivr.remains import outcome_that_remains, ticket_that_remains
from ivr.scope import CallScope
from ivr.store import add_turn
from ivr.ticketing import open_ticket
from ivr.turn import Library
from telephony.calls import Direction
from tickets import desk
from tickets.timeline import EntryKind


def hung_up(scope: CallScope, library: Library, effects: EffectTable) -> None:
    """The caller is gone before the flow was through. Does nothing when the flow is over or never began."""
    talk = scope.talk
    if talk.ended or not talk.node:
        return
    node = talk.node
    document = library.version(talk.frames[0].version).document
    outbound = scope.call.direction == Direction.OUTBOUND or document.outbound is not None
    events: list[Event] = []
    if talk.tickets:
        _note(scope, node)
    elif (wanted := ticket_that_remains(talk, library, outbound=outbound)) is not None:
        opened = open_ticket(scope, wanted)
        events.append(TicketOpened(node=node, number=opened.number, appended=opened.appended))
    verdict = str(scope.columns.get("answered_by", scope.call.answered_by) or "")
    outcome = outcome_that_remains(talk, outbound=outbound, answered_by=verdict)
    talk.ended, talk.outcome, talk.waits_for, talk.pending = True, outcome, "", None
    events.append(CallEnded(node=node, by="caller", outcome=outcome))
    cause(effects, scope, events)
    number = scope.columns.get("turn", scope.call.turn) + 1
    scope.columns["turn"] = number
    add_turn(
        scope.db,
        call_id=scope.call.id,
        number=number,
        at=scope.now,
        node_before=node,
        node_after=node,
        heard={"kind": "hangup"},
        said=[],
        events=[to_json(event) for event in events],
        reply="",
        ms=0.0,
    )


def _note(scope: CallScope, node: str) -> None:
    ticket = scope.ticket
    if ticket is None:
        return
    payload = {"text": "The caller hung up.", "node": node}
    key = f"hangup:{scope.call.id}"
    desk.add_entry(scope.db, ticket, EntryKind.SYSTEM, payload, at=scope.now, actor="caller", key=key)
