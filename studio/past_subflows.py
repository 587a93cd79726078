"""Versions of sub-flows that past calls ran, by the id that the engine put on its events."""

from __future__ import annotations

from sqlalchemy.orm import Session

from flows.documents import FlowDocument
from flows.errors import FlowError
from flows.versions import Flow, FlowVersion, load_document


class Subflows:
    """Versions of sub-flows by id: name, document, and whether new calls still take them."""

    def __init__(self, s: Session) -> None:
        self._s = s
        self._known: dict[int, tuple[str, FlowDocument | None, bool]] = {}

    def of(self, version: int) -> tuple[str, FlowDocument | None, bool]:
        """("", None, False) for a version that is not there or cannot be read."""
        if version not in self._known:
            self._known[version] = self._read(version)
        return self._known[version]

    def _read(self, version: int) -> tuple[str, FlowDocument | None, bool]:
        stored = self._s.get(FlowVersion, version)
        flow = self._s.get(Flow, stored.flow_id) if stored is not None else None
        if stored is None or flow is None:
            return "", None, False
        try:
            return flow.name, load_document(stored), flow.published_version_id == version
        except FlowError:
            return flow.name, None, False
