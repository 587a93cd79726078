"""Yesterday's real calls through the draft: which would now end elsewhere, both sides next to each other."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from flows.documents import FlowDocument
from flows.errors import DocumentError
from ivr.rehearsal.past_call import PastTurn, Place
from ivr.rehearsal.replaying import Replayed, ReplayedTurn, replay
from studio.errors import Refused
from studio.library import published_documents
from studio.past_calls import past_calls
from studio.sentences import told
from studio.version_asked import version_asked

CALLS = 500
CALLS_AT_MOST = 5_000
DAYS_AT_MOST = 366
SHOWN_AT_MOST = 200
"""Calls that are told in full; the others are only counted."""


def replay_flow(
    s: Session,
    name: str,
    document: FlowDocument,
    *,
    now: datetime,
    days: int = 1,
    version: int | None = None,
    limit: int = CALLS,
) -> dict[str, Any]:
    """Run the newest calls of a version (the one in force unless numbered) of the last `days` through a document.

    Gives the editor's Replay: version, calls, same, different, skipped, ms; `more` counts different calls that are not
    told in full. Raises UnknownFlow, or Refused when the version cannot be read.
    """
    began = time.perf_counter()
    base = version_asked(s, name, version)
    days, limit = min(max(days, 1), DAYS_AT_MOST), min(max(limit, 1), CALLS_AT_MOST)
    try:
        found = past_calls(s, base, since=now - timedelta(days=days), until=now, limit=limit)
    except DocumentError:
        raise Refused(
            told("Version {number} cannot be read, so its calls cannot be replayed.", number=base.number)
        ) from None
    same, more = 0, 0
    different: list[dict[str, Any]] = []
    for replayed in replay(found.calls, document, others=published_documents(s)):
        if replayed.same:
            same += 1
        elif len(different) < SHOWN_AT_MOST:
            different.append(_shown(replayed, document))
        else:
            more += 1
    return {
        "version": base.number,
        "calls": len(found.calls),
        "same": same,
        "different": different,
        "more": more,
        "skipped": [{"reason": told(reason), "count": count} for reason, count in found.skipped.most_common()],
        "ms": round((time.perf_counter() - began) * 1000, 1),
    }


def _shown(replayed: Replayed, document: FlowDocument) -> dict[str, Any]:
    call = replayed.call
    ending = replayed.ending
    return {
        "id": call.id,
        "started_at": call.started_at.isoformat(),
        "caller": call.caller,
        "url": f"/calls/{call.id}",
        "parts_at": replayed.parts_at,
        "before": {
            "outcome": call.ending.outcome,
            "node": call.ending.place[1],
            "path": _path(call.turns),
            "turns": _turns(call.turns),
            "sentence": "",
        },
        "after": {
            "outcome": ending.outcome if ending is not None else "",
            "node": ending.place[1] if ending is not None else replayed.asking_at[1],
            "path": _path(replayed.turns),
            "turns": _turns(replayed.turns),
            "sentence": _sentence(replayed, document),
        },
    }


def _sentence(replayed: Replayed, document: FlowDocument) -> str:
    """In what the draft's side differs, in one sentence."""
    was, ending = replayed.call.ending, replayed.ending
    if ending is None:
        return told("Would still be asking at “{node}”.", node=_title(replayed.asking_at, document))
    if ending.place != was.place:
        places = (_title(ending.place, document), _title(was.place, document))
        return told("Would end at “{node}” instead of “{before}”.", node=places[0], before=places[1])
    if ending.outcome != was.outcome:
        return told("Would end as {outcome} instead of {before}.", outcome=ending.outcome, before=was.outcome)
    return told(
        "Would leave other tickets: {tickets} instead of {before}.",
        tickets=_categories(ending.tickets),
        before=_categories(was.tickets),
    )


def _categories(found: Sequence[str]) -> str:
    return ", ".join(category or told("without a category") for category in found) or told("none")


def _name(place: Place) -> str:
    flow, node = place
    return f"{flow} › {node}" if flow else node


def _title(place: Place, document: FlowDocument) -> str:
    """What people call a place: the label of a node of the draft, else its name."""
    found = document.nodes.get(place[1]) if not place[0] else None
    return (found.label if found is not None else "") or _name(place)


def _path(turns: Sequence[PastTurn] | Sequence[ReplayedTurn]) -> list[str]:
    return [_name(place) for turn in turns for place in turn.path]


def _turns(turns: Sequence[PastTurn] | Sequence[ReplayedTurn]) -> list[dict[str, str]]:
    return [
        {
            "heard": heard_in_words(turn.heard_as if isinstance(turn, PastTurn) else turn.heard),
            "said": " ".join(str(line.get("text", "")) for line in turn.said if line.get("text")),
            "node": _name(turn.place),
        }
        for turn in turns
    ]


def heard_in_words(heard: Mapping[str, Any]) -> str:
    """What a caller did, in a few words: keys and speech as they are, the rest described."""
    match heard.get("kind"):
        case "digits":
            return told("pressed {keys}", keys=heard.get("digits") or "#")
        case "speech":
            return f"“{heard.get('text', '')}”"
        case "silence":
            return told("silence")
        case "recorded":
            return told("recorded {seconds} s", seconds=heard.get("duration_s", 0))
        case "dial" | "queue":
            return told("talked to a person") if _talked(heard) else told("reached nobody")
        case "hangup":
            return told("hung up")
        case _:
            return ""


def _talked(heard: Mapping[str, Any]) -> bool:
    return heard.get("result") == "bridged" or bool(heard.get("bridged"))
