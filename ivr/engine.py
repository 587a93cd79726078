"""The engine: from where a call stands and what was heard, to what is said and what the house is told.

Nothing here waits, stores or asks the clock. The session is the model that the flow's machine moves; everything else
comes in as values and goes out as a Turn.
"""

from __future__ import annotations

from flows.requests import Answer
from ivr import giving_up, voicemail
from ivr.machine import CompiledFlow
from ivr.run import Run
from ivr.session import Frame, Session
from ivr.turn import Scene, Turn
from telephony.calls import DialEnded, Digits, Heard, Nothing, QueueEnded, Recorded, Silence

_UNANSWERED: dict[str, Heard] = {
    "gather": Silence(),
    "record": Recorded(url="", sid="", duration_s=0),
    "dial": DialEnded(status="failed"),
    "enqueue": QueueEnded(result="error"),
}
"""What it means when the verb that was waited for brought no answer of its own."""


def start(flow: CompiledFlow, session: Session, scene: Scene) -> Turn:
    """Begin a call on a flow. The session is empty but for what is known of the caller; `values` may be set."""
    run = Run(session, scene)
    values = {name: variable.default for name, variable in flow.document.variables.items()}
    given = session.frames[0].values if session.frames else {}
    session.frames = [Frame(version=flow.version, node=flow.document.start, values={**values, **given})]
    if session.language not in flow.document.languages:
        session.language = flow.document.languages[0]
    return run.go(lambda: run.enter(flow))


def resume(session: Session, heard: Heard | Answer, scene: Scene) -> Turn:
    """Go on with what was heard, or with the house's answer to a request."""
    run = Run(session, scene)
    if session.ended:
        run.hang_up()
        return run.turn()
    if session.closing:
        return run.go(lambda: giving_up.close(run, heard))
    if isinstance(heard, Digits) and heard.digits:
        session.touched = True
    if isinstance(heard, Nothing | Silence):
        heard = _UNANSWERED.get(session.waits_for, heard)
    return run.go(lambda: run.resume(heard))


def leave_message(session: Session, scene: Scene) -> Turn:
    """Speak to an answering machine: by the flow's voicemail node, else a sentence of the house; then hang up."""
    run = Run(session, scene)
    return run.go(lambda: voicemail.speak(run))


def last_resort(session: Session, scene: Scene, error: str) -> Turn:
    """Go on after something broke outside the engine: an apology and a way on. `error` is free of private words."""
    run = Run(session, scene)
    return run.go(lambda: giving_up.fail(run, error))
