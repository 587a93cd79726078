"""What remains of a call that ends in the middle of its flow, by the flow's policy. Pure."""

from __future__ import annotations

from flows.documents import FlowDocument
from flows.outbound import OUTCOME_VALUE
from flows.requests import OpenTicket
from ivr.known import known_values
from ivr.session import Session
from ivr.turn import Library


def ticket_that_remains(talk: Session, library: Library, *, outbound: bool) -> OpenTicket | None:
    """The ticket to open for a caller who hung up; None when the call has one, or the flow wants none."""
    document = library.version(talk.frames[0].version).document
    policy = document.hang_up.policy(outbound=outbound)
    wanted = policy == "always" or (policy == "if_said" and said_something(talk, library))
    if talk.tickets or not wanted:
        return None
    return OpenTicket(
        category=document.hang_up.category,
        text=talk.said,
        fields=known_values(talk, document),
        reason="the caller hung up",
        node=talk.node,
    )


def outcome_that_remains(talk: Session, *, outbound: bool, answered_by: str = "") -> str:
    """How a call went that ended in the middle. A flow for calls we make may have said so before, as a value.

    `answered_by` is the verdict of machine detection, "" for none.
    """
    if not outbound:
        return talk.outcome or ("completed" if talk.tickets else "abandoned")
    if not talk.touched and answered_by.startswith(("machine", "fax")):
        return "machine"
    so_far = talk.frames[0].values.get(OUTCOME_VALUE)
    return str(so_far) if so_far else talk.outcome or ("ticket" if talk.tickets else "abandoned")


def said_something(talk: Session, library: Library) -> bool:
    """Whether the caller left more than the way through the menus: own words, a recording, or a value."""
    if talk.kept or talk.recorded:
        return True
    documents = [library.version(frame.version).document for frame in talk.frames]
    return any(_is_value(answer["node"], documents) for answer in talk.answers)


def _is_value(node_name: str, documents: list[FlowDocument]) -> bool:
    """Whether an answer at this node sets a value of the call. A node of a finished sub-flow counts as one."""
    found = [document.nodes[node_name] for document in documents if node_name in document.nodes]
    return not found or any(node.sets_values() for node in found)
