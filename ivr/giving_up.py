"""When a flow cannot go on: an apology and a way on, at the latest a ticket whose number the caller hears."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.events import FlowFailed, TicketOpened
from flows.requests import Answer, OpenTicket, TicketNumber
from ivr.known import known_values
from ivr.sentences import digit_by_digit, say
from telephony.calls import Heard
from telephony.verbs import Dial, DialQueue, Enqueue, Gather, Record, Redirect

if TYPE_CHECKING:
    from ivr.run import Action, Run

BRINGS_ANSWER = (Gather, Record, Dial, DialQueue, Enqueue, Redirect)


def fail(run: Run, error: str) -> Action | None:
    """Apologise and go to a person, else to the flow's own failure node, else open a ticket; never just hang up."""
    session = run.session
    run.events.append(FlowFailed(node=session.node, error=error))
    session.failures += 1
    session.pending = None
    run.request, run.filler = None, ()
    while run.verbs and isinstance(run.verbs[-1], BRINGS_ANSWER):
        run.verbs.pop()
    apology = say("apology", session.language)
    if apology not in run.verbs:
        run.verbs.append(apology)
    if session.closing or session.failures > 2:
        close(run, None)
        return None
    target = _way_on(run) if session.failures == 1 else None
    if target is None:
        ask_for_ticket(run, error)
        return None
    run.verbs.append(say("way_on", session.language))
    del session.frames[target[0] + 1 :]
    session.frame.node = target[1]
    return lambda: run.enter(run.flow)


def _way_on(run: Run) -> tuple[int, str] | None:
    """The frame and node that take over, from the running flow outwards; not the node that just broke."""
    frames = run.session.frames
    for depth in range(len(frames) - 1, -1, -1):
        document = run.scene.library.version(frames[depth].version).document
        for target in (document.defaults.person, document.defaults.failure):
            if target in document.nodes and (depth, target) != (len(frames) - 1, frames[-1].node):
                return depth, target
    return None


def ask_for_ticket(run: Run, error: str) -> None:
    """Let the house open a ticket with what is known; `close` says its number."""
    session = run.session
    session.closing = True
    root = session.frames[0] if session.frames else None
    known = known_values(session, run.scene.library.version(root.version).document) if root is not None else {}
    run.request = OpenTicket(
        text=session.said,
        fields={**known, "error": error},
        reason="call could not be finished",
        node=session.node,
    )


def close(run: Run, answer: Heard | Answer | None) -> None:
    """Say the ticket's number digit by digit, then good-bye."""
    session = run.session
    language = session.language
    if isinstance(answer, TicketNumber):
        run.events.append(TicketOpened(node=session.node, number=answer.number, appended=answer.appended))
        run.verbs.append(say("ticket_kept", language))
        run.verbs.append(say("ticket_number", language, number=digit_by_digit(answer.number)))
    run.verbs.append(say("goodbye", language))
    session.closing = False
    run.finish("failed")
