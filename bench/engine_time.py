"""The engine alone: microseconds of a turn without any I/O, and how long a large flow takes to compile."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bench.calls import DEMO_CALLS
from bench.figures import percentile
from bench.house import always_open
from flows.documents import from_json
from flows.nodes.base import Caller
from flows.requests import Answer, FindTickets, TicketNumber, TicketsFound
from ivr import engine
from ivr.machine import CompiledFlow, compile_flow
from ivr.session import Session
from ivr.turn import Scene, Turn
from ivr.urls import actions
from telephony.calls import Digits, Heard, Recorded, Silence, Speech
from telephony.twilio import twiml
from telephony.verbs import Record, with_actions

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
LARGE_FLOW_NODES = 500


@dataclass(frozen=True, kw_only=True)
class EngineTime:
    """Microseconds of CPU a turn: the engine; the session from and to JSON; the document written as TwiML."""

    turns: int
    engine_p50_us: float
    engine_p95_us: float
    session_us: float
    document_us: float


@dataclass(frozen=True, kw_only=True)
class CompileTime:
    """Milliseconds of CPU: the stored document read into nodes, and its machine built; once per process and version."""

    nodes: int
    read_ms: float
    machine_ms: float

    @property
    def total_ms(self) -> float:
        """Both."""
        return self.read_ms + self.machine_ms


class _Library:
    """One flow."""

    def __init__(self, flow: CompiledFlow) -> None:
        self._flow = flow

    def version(self, version: int) -> CompiledFlow:
        """The flow."""
        return self._flow

    def latest(self, name: str) -> CompiledFlow:
        """The flow."""
        return self._flow


def engine_time(calls: int) -> EngineTime:
    """Let calls of the demo flow run through the engine; the house answers at once."""
    flow = compile_flow(1, always_open())
    scene = Scene(
        now=NOON,
        library=_Library(flow),
        caller=Caller(number="+8613800138000"),
        service_number="+864008001234",
        call_sid="CA",
    )
    engine_us: list[float] = []
    session_us: list[float] = []
    document_us: list[float] = []
    for n in range(calls):
        script = iter(DEMO_CALLS[n % len(DEMO_CALLS)])
        state: Mapping[str, Any] = {}
        turn: Turn | None = None
        while turn is None or not turn.ended:
            began = time.thread_time()
            session = Session.from_json(state)
            loaded = time.thread_time()
            turn = _turn(flow, session, scene, turn, script)
            ran = time.thread_time()
            state = session.to_json()
            saved = time.thread_time()
            urls = actions("https://desk.example", "token", 1, session.language)
            twiml.render([with_actions(verb, urls) for verb in turn.verbs])
            engine_us.append((ran - loaded) * 1e6)
            session_us.append((saved - ran + loaded - began) * 1e6)
            document_us.append((time.thread_time() - saved) * 1e6)
    warm = len(engine_us) // 10
    return EngineTime(
        turns=len(engine_us),
        engine_p50_us=percentile(engine_us[warm:], 0.50),
        engine_p95_us=percentile(engine_us[warm:], 0.95),
        session_us=percentile(session_us[warm:], 0.50),
        document_us=percentile(document_us[warm:], 0.50),
    )


def _turn(flow: CompiledFlow, session: Session, scene: Scene, before: Turn | None, script: Any) -> Turn:
    """One turn, with every request to the house answered."""
    turn = (
        engine.start(flow, session, scene) if before is None else engine.resume(session, _heard(before, script), scene)
    )
    while turn.request is not None:
        answer: Answer = TicketsFound(tickets=())
        if not isinstance(turn.request, FindTickets):
            answer = TicketNumber(number="100015", appended=False)
        turn = turn.then(engine.resume(session, answer, scene))
    return turn


def _heard(before: Turn, script: Any) -> Heard:
    if isinstance(before.verbs[-1], Record):
        return Recorded(url="https://api.example/RE1", sid="RE1", duration_s=7, ended_by="#")
    said = next(script, "silence")
    if said == "silence":
        return Silence()
    return Speech(text=said[1:], confidence=0.93) if said.startswith(":") else Digits(digits=said)


def compile_time() -> CompileTime:
    """Read and compile a generated flow of 500 nodes: the median of seven times, each part by itself.

    One time would often measure a full garbage collection of everything that the benchmark holds (250 ms) instead.
    """
    data = large_flow(LARGE_FLOW_NODES)
    reads, builds = [], []
    for _ in range(7):
        began = time.thread_time()
        document = from_json(data)
        read = time.thread_time()
        compile_flow(1, document)
        reads.append((read - began) * 1000)
        builds.append((time.thread_time() - read) * 1000)
    return CompileTime(nodes=len(document.nodes), read_ms=percentile(reads, 0.5), machine_ms=percentile(builds, 0.5))


def large_flow(nodes: int) -> dict[str, Any]:
    """A flow of menus and messages in two languages, `nodes` of them, each leading on to later ones."""
    made: dict[str, Any] = {}
    for n in range(nodes - 1):
        here, on, far = f"n{n}", f"n{n + 1}", f"n{min(n + 7, nodes - 1)}"
        made[here] = _menu(on, far) if n % 2 == 0 else _message(n, on)
    made[f"n{nodes - 1}"] = {"type": "hang_up", "prompt": {"en-US": "Goodbye.", "zh-CN": "再见。"}}
    return {
        "format": 1,
        "name": "large",
        "languages": ["en-US", "zh-CN"],
        "start": "n0",
        "defaults": {"person": f"n{nodes - 1}", "failure": f"n{nodes - 1}"},
        "nodes": made,
    }


def _menu(on: str, far: str) -> dict[str, Any]:
    return {
        "type": "menu",
        "prompt": {"en-US": "What would you like?", "zh-CN": "请问您需要什么？"},
        "choices": [
            {
                "key": str(key),
                "name": f"choice_{key}",
                "label": {"en-US": f"choice {key}", "zh-CN": f"选项{key}"},
                "words": {"en-US": [f"number {key}", f"choice {key}"], "zh-CN": [f"第{key}个", f"选{key}"]},
            }
            for key in range(1, 5)
        ],
        "exits": {"choice_1": on, "choice_2": far, "choice_3": on, "choice_4": far},
    }


def _message(n: int, on: str) -> dict[str, Any]:
    prompt = {"en-US": f"This is message {n}.", "zh-CN": f"这是第{n}条消息。"}
    return {"type": "message", "prompt": prompt, "exits": {"next": on}}
