"""What a call knows by its own: the values that the caller's answers and lookups set, for a ticket's fields."""

from __future__ import annotations

from typing import Any

from flows.documents import FlowDocument
from ivr.session import Session


def known_values(session: Session, document: FlowDocument) -> dict[str, Any]:
    """Plain values that nodes of the document set, and the answers that no value holds.

    Values given to the flow from outside (addresses of other systems) are not the call's and are left out.
    """
    if not session.frames:
        return {}
    set_by_nodes = {name for node in document.nodes.values() for name in node.sets_values()}
    values = {name: value for name, value in session.frames[0].values.items() if name in set_by_nodes}
    held = list(values.values())
    answers = {answer["node"]: answer["value"] for answer in session.answers if answer["value"] not in held}
    known = {**answers, **values}
    return {name: value for name, value in known.items() if isinstance(value, str | int | float) and value != ""}
