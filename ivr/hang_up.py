"""What remains of a call that ends in the middle of its flow: by the flow's policy a ticket, a note, or nothing."""

from __future__ import annotations

from flows.documents import FlowDocument
from flows.events import CallEnded, Event, TicketOpened, to_json
from flows.outbound import OUTCOME_VALUE
from flows.requests import OpenTicket
from ivr.effects import EffectTable, cause
from ivr.known import known_values
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
    policy = document.hang_up.policy(outbound=outbound)
    events: list[Event] = []
    if talk.tickets:
        _note(scope, node)
    elif policy == "always" or (policy == "if_said" and said_something(scope, library)):
        opened = open_ticket(scope, _what_is_known(scope, document))
        events.append(TicketOpened(node=node, number=opened.number, appended=opened.appended))
    outcome = _outcome(scope, outbound=outbound)
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


def _outcome(scope: CallScope, *, outbound: bool) -> str:
    """How a call went that ended in the middle. A flow for calls we make may have said so before, as a value."""
    talk = scope.talk
    if not outbound:
        return talk.outcome or ("completed" if talk.tickets else "abandoned")
    verdict = str(scope.columns.get("answered_by", scope.call.answered_by) or "")
    if not talk.touched and verdict.startswith(("machine", "fax")):
        return "machine"
    so_far = talk.frames[0].values.get(OUTCOME_VALUE)
    return str(so_far) if so_far else talk.outcome or ("ticket" if talk.tickets else "abandoned")


def said_something(scope: CallScope, library: Library) -> bool:
    """Whether the caller left more than the way through the menus: own words, a recording, or a value."""
    talk = scope.talk
    if talk.kept or talk.recorded:
        return True
    documents = [library.version(frame.version).document for frame in talk.frames]
    return any(_is_value(answer["node"], documents) for answer in talk.answers)


def _is_value(node_name: str, documents: list[FlowDocument]) -> bool:
    """Whether an answer at this node sets a value of the call. A node of a finished sub-flow counts as one."""
    found = [document.nodes[node_name] for document in documents if node_name in document.nodes]
    return not found or any(node.sets_values() for node in found)


def _what_is_known(scope: CallScope, document: FlowDocument) -> OpenTicket:
    return OpenTicket(
        category=document.hang_up.category,
        text=scope.talk.said,
        fields=known_values(scope.talk, document),
        reason="the caller hung up",
        node=scope.talk.node,
    )


def _note(scope: CallScope, node: str) -> None:
    ticket = scope.ticket
    if ticket is None:
        return
    payload = {"text": "The caller hung up.", "node": node}
    key = f"hangup:{scope.call.id}"
    desk.add_entry(scope.db, ticket, EntryKind.SYSTEM, payload, at=scope.now, actor="caller", key=key)
