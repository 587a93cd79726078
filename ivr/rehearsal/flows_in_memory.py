"""Where a rehearsal finds flows: the document under work as version 1, other flows as 2, 3, … as they are called."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from flows.documents import FlowDocument, to_json
from ivr.machine import CompiledFlow, compile_flow

KEPT_AT_MOST = 32
"""Compiled documents kept by the process; a machine takes about 1 KB a node."""

Others = Callable[[str], FlowDocument]
"""Gives the published flow of a name. Raises LookupError when there is none."""

_lock = threading.Lock()
_by_object: OrderedDict[int, tuple[FlowDocument, CompiledFlow]] = OrderedDict()
_by_content: OrderedDict[str, CompiledFlow] = OrderedDict()


def no_others(name: str) -> FlowDocument:
    """For flows that call no other."""
    raise LookupError(f"There is no published flow “{name[:60]}”.")


def compiled(document: FlowDocument) -> CompiledFlow:
    """The document ready to run; the same machine for the same content, whoever read it."""
    with _lock:
        held = _by_object.get(id(document))
        if held is not None:
            _by_object.move_to_end(id(document))
            return held[1]
    content = json.dumps(to_json(document), ensure_ascii=False, separators=(",", ":"))
    checksum = hashlib.sha256(content.encode()).hexdigest()
    with _lock:
        found = _by_content.get(checksum)
    found = found or compile_flow(0, document)
    with _lock:
        # The document is held too: the identity of one that is gone may be given to another.
        _by_object[id(document)] = (document, found)
        _by_content[checksum] = found
        for kept in (_by_object, _by_content):
            while len(kept) > KEPT_AT_MOST:
                kept.popitem(last=False)
    return found


class FlowsInMemory:
    """The engine's library of one rehearsal."""

    def __init__(self, document: FlowDocument, others: Others = no_others) -> None:
        self._others = others
        self._flows: dict[int, CompiledFlow] = {}
        self._ids: dict[str, int] = {}
        self.missing: list[str] = []
        self.draft = self._add(document.name, document)

    def version(self, version: int) -> CompiledFlow:
        """The flow of this made-up id. Raises LookupError when there is none."""
        return self._flows[version]

    def latest(self, name: str) -> CompiledFlow:
        """The flow of a name; the document under work by its own. Raises LookupError when there is none."""
        if name not in self._ids:
            try:
                return self._add(name, self._others(name))
            except LookupError:
                self.missing.append(name)
                raise
        return self._flows[self._ids[name]]

    def name_of(self, version: int) -> str:
        """The flow's name; "" for the document under work."""
        found = self._flows.get(version)
        return "" if found is None or found.version == self.draft.version else found.document.name

    def _add(self, name: str, document: FlowDocument) -> CompiledFlow:
        flow = replace(compiled(document), version=len(self._flows) + 1)
        self._flows[flow.version] = flow
        self._ids[name] = flow.version
        return flow
