"""What a node may know, drawn together from flow, session and scene."""

from __future__ import annotations

from flows.nodes.base import Context
from flows.outbound import case_of
from ivr.machine import CompiledFlow
from ivr.session import Session
from ivr.turn import Scene


def context(flow: CompiledFlow, session: Session, scene: Scene) -> Context:
    """What the session's node may know."""
    root = session.frames[0]
    called = flow if len(session.frames) == 1 else scene.library.version(root.version)
    return Context(
        document=flow.document,
        node_id=session.node,
        now=scene.now,
        language=session.language,
        values=session.values,
        memory=session.frame.memory,
        caller=scene.caller,
        service_number=scene.service_number,
        errors_in_call=session.errors_in_call,
        call_sid=scene.call_sid,
        outbound=called.document.outbound,
        case=case_of(root.values),
    )
