"""A published flow version as one `transitions` machine, shared by every call of the process that runs it.

States are nodes, triggers are exits, the call's session is the model. No model is ever added to the machine: one added
and not removed is kept for ever, and removing is slow where many calls run. A transition is made by
`machine.events[exit].trigger(session)`, which costs 9 µs where a machine per call costs 300 to 1,000.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from transitions import Machine

from flows.documents import FlowDocument
from flows.outbound import side_exits
from ivr.session import Session

# It narrates every state entered and left at INFO: more lines than all else together, and a third of a turn's time.
logging.getLogger("transitions").setLevel(logging.WARNING)

CACHED_AT_MOST = 200
"""Compiled versions kept per process. A version takes about 1 KB a node."""


@dataclass(frozen=True, kw_only=True, eq=False)
class CompiledFlow:
    """A flow version ready to run."""

    version: int
    document: FlowDocument
    machine: Machine

    def leads(self, node: str, exit_name: str) -> bool:
        """Whether this exit of the node leads to a node."""
        event = self.machine.events.get(exit_name)
        return event is not None and node in event.transitions

    def move(self, session: Session, exit_name: str) -> None:
        """Leave the session's node by an exit that leads somewhere."""
        self.machine.events[exit_name].trigger(session)


def compile_flow(version: int, document: FlowDocument) -> CompiledFlow:
    """Build the machine of a version.

    An exit `person` or `failed` that is not wired leads to the flow's default for it; in a flow for calls we make,
    "wrong number" and "call me later" lead from everywhere to where its opening leads them. An exit that leads nowhere,
    or to a node that does not exist, gets no transition: the engine's last resort serves it.
    """
    aside = side_exits(document) if document.outbound is not None else {}
    defaults = {"person": document.defaults.person, "failed": document.defaults.failure, **aside}
    routes: list[dict[str, str]] = []
    for name, node in document.nodes.items():
        exits = {exit_name: target for exit_name, target in defaults.items() if target != name} | {
            exit_name: target for exit_name, target in node.exits.items() if target
        }
        routes.extend(
            {"trigger": exit_name, "source": name, "dest": target}
            for exit_name, target in exits.items()
            if target in document.nodes
        )
    machine = Machine(
        model=None,
        states=list(document.nodes),
        initial=None,
        transitions=routes,
        auto_transitions=False,
        queued=False,
        send_event=False,
        model_attribute="_node",
    )
    return CompiledFlow(version=version, document=document, machine=machine)


class FlowCache:
    """The compiled flows of one process, by version id; the one used longest ago goes first."""

    def __init__(self, *, at_most: int = CACHED_AT_MOST) -> None:
        self._flows: OrderedDict[int, CompiledFlow] = OrderedDict()
        self._lock = threading.Lock()
        self._at_most = at_most

    def get(self, version: int, load: Callable[[], FlowDocument]) -> CompiledFlow:
        """The compiled version; `load` gives its document when the process has not run it yet.

        Two threads may compile the same version at once; the first to finish is kept. That costs less than making
        every call wait for one compilation.
        """
        with self._lock:
            found = self._flows.get(version)
            if found is not None:
                self._flows.move_to_end(version)
                return found
        made = compile_flow(version, load())
        with self._lock:
            kept = self._flows.setdefault(version, made)
            while len(self._flows) > self._at_most:
                self._flows.popitem(last=False)
            return kept

    def __len__(self) -> int:
        return len(self._flows)
