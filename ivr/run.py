"""One run of the engine over a session: step after step, until the call waits, asks the house or ends."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from flows.events import CallEnded, Event, NodeEntered, NodeLeft, NotUnderstood, SpeechKept, Understood
from flows.nodes.base import Ask, Back, CallFlow, End, Leave, Step, Wait
from flows.requests import Answer, Request, SubflowEnded
from ivr import giving_up
from ivr.context import context
from ivr.errors import place_of
from ivr.machine import CompiledFlow
from ivr.session import Frame, Session
from ivr.turn import Scene, Turn
from ivr.voices import voiced
from telephony.calls import Heard
from telephony.verbs import Dial, DialQueue, Enqueue, Gather, Hangup, Record, Redirect, Reject, Verb

log = logging.getLogger(__name__)

VISITS_AT_MOST = 100
"""Nodes entered in one turn; a flow that wants more runs in a circle."""

FRAMES_AT_MOST = 20

Action = Callable[[], Any]
"""Something for the run to do; it returns what to do after it, or None when the run is over."""

WAITING: Mapping[type, str] = {
    Gather: "gather",
    Record: "record",
    Dial: "dial",
    DialQueue: "dial",
    Enqueue: "enqueue",
    Redirect: "redirect",
}
"""Verbs that bring an answer, and what the session notes while it is waited for."""


class Run:
    """One run of the engine: loops over steps until the call waits, asks the house or ends."""

    def __init__(self, session: Session, scene: Scene) -> None:
        self.session = session
        self.scene = scene
        self.verbs: list[Verb] = []
        self.events: list[Event] = []
        self.request: Request | None = None
        self.filler: tuple[Verb, ...] = ()
        self.visits = 0

    # ---- the loop -------------------------------------------------------------------------------------------------

    def go(self, first: Action) -> Turn:
        """Run `first`, which returns the next thing to run or None, until nothing is left to do."""
        action: Action | None = first
        while action is not None:
            try:
                action = action()
            except Exception as error:
                # Whatever a node does, the caller hears a way on.
                action = self._after(error)
        return self.turn()

    def _after(self, error: Exception) -> Action | None:
        """What to do after an exception. Its text may hold private words, so only its kind is kept."""
        sentence = str(error) if isinstance(error, DeadEndError) else f"A node broke with {type(error).__name__}."
        if self.scene.call_sid:
            # A rehearsal has no CallSid; what breaks in it is told to whoever rehearses.
            log.error("call %s: node %s: %s", self.scene.call_sid, self.session.node, place_of(error))
        return lambda: giving_up.fail(self, sentence)

    def turn(self) -> Turn:
        """What the run came to."""
        session = self.session
        return Turn(
            verbs=tuple(self.verbs),
            events=tuple(self.events),
            request=self.request,
            filler=self.filler,
            ended=session.ended,
            outcome=session.outcome,
        )

    # ---- nodes ----------------------------------------------------------------------------------------------------

    @property
    def flow(self) -> CompiledFlow:
        return self.scene.library.version(self.session.frame.version)

    def enter(self, flow: CompiledFlow) -> Action | None:
        """The call arrives at the session's node."""
        self.visits += 1
        if self.visits > VISITS_AT_MOST:
            self.visits = 0
            raise DeadEndError(
                f"The flow went through {VISITS_AT_MOST} nodes without asking or ending: it is a circle."
            )
        frame = self.session.frame
        node = flow.document.nodes[frame.node]
        frame.memory = {}
        if node.asks:
            frame.remember_question()
        self.events.append(NodeEntered(node=frame.node, version=self.session.subflow))
        return self.follow(flow, node.enter(context(flow, self.session, self.scene)))

    def resume(self, heard: Heard | Answer) -> Action | None:
        """The call goes on at the session's node."""
        flow = self.flow
        self.session.waits_for = ""
        return self.follow(
            flow, flow.document.nodes[self.session.node].resume(context(flow, self.session, self.scene), heard)
        )

    def follow(self, flow: CompiledFlow, step: Step) -> Action | None:
        """Do what a node wants."""
        session = self.session
        if step.values:
            session.values.update(_json_values(step.values))
        session.frame.memory = dict(step.memory)
        if step.language is not None:
            session.language = step.language
        self.events.extend(step.events)
        for event in step.events:
            self._note(event)
        voices = flow.document.voice
        self.verbs.extend(voiced(verb, voices) if voices else verb for verb in step.verbs)
        match step.then:
            case Leave(exit=exit_name):
                return self.leave(flow, exit_name)
            case Wait():
                self.wait()
                return None
            case Ask(request=request, filler=filler):
                self.request = request
                self.filler = tuple(voiced(verb, voices) for verb in filler)
                return None
            case CallFlow(flow=name, values=values):
                return self.call_flow(name, dict(values))
            case Back():
                return self.back(flow)
            case End(end=end, outcome=outcome, whole=whole):
                return self.end(end, outcome, whole=whole)
            case other:
                raise DeadEndError(f"A node wants {type(other).__name__}, which the engine does not know.")

    def _note(self, event: Event) -> None:
        """Keep in the session what a later ticket or hang-up needs."""
        match event:
            case NotUnderstood():
                self.session.errors_in_call += 1
            case SpeechKept():
                self.session.keep(event.node, event.text, event.confidence)
            case Understood():
                self.session.touched = True
                self.session.keep_answer(event.node, event.value, event.mode)

    # ---- ways out of a node ---------------------------------------------------------------------------------------

    def leave(self, flow: CompiledFlow, exit_name: str) -> Action | None:
        """Leave by an exit; one that leads nowhere is served by the calling flows' defaults, then the last resort."""
        session = self.session
        self.events.append(NodeLeft(node=session.node, exit=exit_name, version=self.session.subflow))
        if flow.leads(session.node, exit_name):
            flow.move(session, exit_name)
            return lambda: self.enter(flow)
        if exit_name in ("person", "failed") and self._to_outer_default(exit_name):
            return lambda: self.enter(self.flow)
        raise DeadEndError(f"The exit {exit_name} of node {session.node} leads nowhere.")

    def _to_outer_default(self, exit_name: str) -> bool:
        """Leave sub-flows until a flow's defaults say where a person, or a failure, leads to."""
        frames = self.session.frames
        for depth in range(len(frames) - 2, -1, -1):
            defaults = self.scene.library.version(frames[depth].version).document.defaults
            target = defaults.person if exit_name == "person" else defaults.failure
            if target:
                del frames[depth + 1 :]
                frames[-1].node = target
                return True
        return False

    def wait(self) -> None:
        """Wait for the answer to the last verb. The provider renders the way on after a question that gets none."""
        waits_for = WAITING.get(type(self.verbs[-1]), "") if self.verbs else ""
        if not waits_for:
            raise DeadEndError(f"Node {self.session.node} waits, but nothing it said brings an answer.")
        self.session.waits_for = waits_for

    def call_flow(self, name: str, values: dict[str, Any]) -> Action | None:
        """Run a sub-flow on top of this one, on the version that is published now."""
        session = self.session
        if len(session.frames) >= FRAMES_AT_MOST:
            raise DeadEndError(f"The flow {name} would be the {FRAMES_AT_MOST + 1}th flow inside another.")
        flow = self.scene.library.latest(name)
        known = {key: variable.default for key, variable in flow.document.variables.items()}
        start_at = flow.document.start
        session.frames.append(Frame(version=flow.version, node=start_at, values={**known, **_json_values(values)}))
        return lambda: self.enter(flow)

    def back(self, flow: CompiledFlow) -> Action | None:
        """Go back to the question before this one; across the start of a sub-flow; else ask this one again."""
        frames = self.session.frames
        history = frames[-1].history
        if history and history[-1] == frames[-1].node:
            history.pop()
        if history:
            frames[-1].node = history[-1]
        elif len(frames) > 1 and frames[-2].history:
            frames.pop()
            frames[-1].node = frames[-1].history[-1]
            return lambda: self.enter(self.flow)
        return lambda: self.enter(flow)

    def end(self, end: str, outcome: str, *, whole: bool = False) -> Action | None:
        """The flow ends: the calling node goes on, or the call is over, as it is when the whole call ends."""
        session = self.session
        if len(session.frames) > 1 and not whole:
            finished = session.frames.pop()
            return lambda: self.resume(SubflowEnded(end=end, values=finished.values))
        self.finish(outcome)
        return None

    def finish(self, outcome: str) -> None:
        """The call is over: the document ends with a Hangup."""
        self.events.append(CallEnded(node=self.session.node, by="flow", outcome=outcome))
        self.session.ended, self.session.outcome = True, outcome
        self.hang_up()

    def hang_up(self) -> None:
        """End the document with a Hangup."""
        if not self.verbs or not isinstance(self.verbs[-1], Hangup | Reject):
            self.verbs.append(Hangup())


class DeadEndError(Exception):
    """The flow leads nowhere; the text is a sentence about the flow, without words of the call."""


def _json_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values, when all of them can be stored. NaN and infinity cannot: PostgreSQL's JSON has none."""
    try:
        json.dumps(dict(values), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise DeadEndError("A node set a value that is not JSON.") from error
    return dict(values)
