"""Published flows by name, for rehearsals that run into a sub-flow."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from flows.documents import FlowDocument
from flows.errors import FlowError
from flows.versions import latest, load_document


def published_documents(s: Session) -> Callable[[str], FlowDocument]:
    """A function that gives the published document of a name within this transaction. It raises LookupError."""

    def find(name: str) -> FlowDocument:
        try:
            return load_document(latest(s, name))
        except FlowError as error:
            raise LookupError(str(error)) from error

    return find
