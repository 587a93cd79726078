"""The short version of a call for an answering machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.nodes.base import End, Step
from flows.nodes.opening import organisation
from flows.nodes.speaking import read_out, say_phrase
from ivr.context import context

if TYPE_CHECKING:
    from ivr.run import Action, Run

OUTCOME = "voicemail"


def speak(run: Run) -> Action | None:
    """Leave whatever the flow was doing and go to its voicemail node; without one, say who calls and on which number.

    Sub-flows are left behind. The flow itself has asked nobody anything by then: a machine has listened.
    """
    session = run.session
    del session.frames[1:]
    session.pending = None
    flow = run.flow
    outbound = flow.document.outbound
    node = outbound.voicemail if outbound is not None else ""
    if node in flow.document.nodes:
        session.frame.node = node
        return lambda: run.enter(flow)
    session.frame.node = session.frame.node or flow.document.start
    ctx = context(flow, session, run.scene)
    number = (outbound.callback_number if outbound is not None else "") or ctx.service_number
    said = say_phrase(ctx, "voicemail", organisation=organisation(ctx), number=read_out(ctx, number, "phone"))
    return run.follow(flow, Step(verbs=said, then=End(end=OUTCOME, outcome=OUTCOME, whole=True)))
