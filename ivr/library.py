"""Published flows as the engine wants them: compiled, found by version or by name within one transaction."""

from __future__ import annotations

from sqlalchemy.orm import Session as DbSession

from flows.documents import FlowDocument
from flows.versions import FlowVersion, latest, load_document
from ivr.errors import NoServiceError
from ivr.machine import CompiledFlow, FlowCache


class FlowLibrary:
    """Flows by way of one database session; what the process has compiled already costs no query."""

    def __init__(self, db: DbSession, cache: FlowCache) -> None:
        self._db = db
        self._cache = cache

    def version(self, version: int) -> CompiledFlow:
        """The flow version of this id. Raises NoServiceError when there is none."""
        return self._cache.get(version, lambda: self._document(version))

    def latest(self, name: str) -> CompiledFlow:
        """The published version of a flow. Raises `flows.errors.UnknownFlow` when there is none."""
        return self.version(latest(self._db, name).id)

    def _document(self, version: int) -> FlowDocument:
        stored = self._db.get(FlowVersion, version)
        if stored is None:
            raise NoServiceError("The call's flow version does not exist.")
        return load_document(stored)
