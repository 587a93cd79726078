"""What a point of a rehearsed call is told apart by, so that a search looks at nothing twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ivr.rehearsal.telephone import Telephone


def signature(phone: Telephone, read: frozenset[str], ahead: Mapping[str, frozenset[str]]) -> str | None:
    """What a state of the call is told apart by: where it is, what nodes remember, and values that conditions read.

    `ahead` tells which values conditions still read from a node on; `read` is for sub-flows. None for a state that is
    not worth looking at: errors of both kinds at one question lead nowhere else.
    """
    session = phone.talk.session
    memory = session.frame.memory
    if memory.get("no-input") and memory.get("no-match"):
        return None
    frames = [
        (
            frame.version,
            frame.node,
            {key: short(value) for key, value in sorted(frame.memory.items()) if value},
            {
                name: value
                for name, value in sorted(frame.values.items())
                if name in (read if place else ahead.get(frame.node, read))
            },
        )
        for place, frame in enumerate(session.frames)
    ]
    return json.dumps([frames, session.ended, session.closing, bool(phone.tape)], ensure_ascii=False, default=str)


def short(value: Any) -> Any:
    """What a node remembers, without words and moments: whether it is there is what matters."""
    return (
        value if isinstance(value, int | bool) else type(value).__name__ if not isinstance(value, str) else value[:12]
    )
