"""A call as it can be read: its turns with what was heard and said, and the recordings made on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from console.naming import Names, names_of
from console.speech_words import how_heard
from ivr.calls import Call
from ivr.recordings import Recording
from ivr.turns import TurnRow

MOST_TURNS = 400
PAUSE_S = 0.7
LINE_WORDS = 12
UNSURE_BELOW = 0.6


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One turn: what the caller did at `asked_at` (a node), then what the bot said at `node`.

    `heard_kind` is digits, speech, silence, recorded, dial, queue, hangup, or "" for nothing; `meaning` is what was
    understood, in the reader's words; `misses` are the questions that got no usable answer; `labels` are the names that
    people gave to the nodes named here; `how` is how an answer in a live stream was heard, in words.
    """

    number: int
    at: datetime
    asked_at: str
    node: str
    heard_kind: str
    heard: str
    confidence: float | None
    meaning: str
    misses: tuple[str, ...]
    said: tuple[dict[str, Any], ...]
    path: tuple[str, ...]
    labels: Mapping[str, str]
    error: str
    reply: str
    ms: float
    how: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Line:
    """A piece of a transcript that can be played: its words and when it begins, seconds."""

    start_s: float
    end_s: float
    words: tuple[dict[str, Any], ...]
    spaced: bool


def exchange(row: TurnRow, names: Names | None = None, following: TurnRow | None = None) -> Exchange:
    """A stored turn, ready for the page. Odd shapes in old rows are read as far as they go.

    `following` is the call's next turn, which knows how soon this one's reply was heard.
    """
    heard, events, names = row.heard or {}, row.events or [], names or Names()
    kind = str(heard.get("kind", ""))
    path = tuple(_texts(events, "NodeEntered", "node"))
    named = {name: names.label(name) for name in (row.node_before, row.node_after, *path)}
    return Exchange(
        number=row.number,
        at=row.at,
        asked_at=row.node_before,
        node=row.node_after,
        heard_kind="" if kind == "nothing" else kind,
        heard=_heard_text(kind, heard),
        confidence=heard.get("confidence"),
        meaning="; ".join(_meanings(events, names)),
        misses=tuple(_texts(events, "NotUnderstood", "kind")),
        said=tuple(s for s in row.said or [] if isinstance(s, dict) and s.get("text")),
        path=path,
        labels={name: label for name, label in named.items() if label},
        error=" ".join(_texts(events, "FlowFailed", "error")),
        reply=row.reply or "",
        ms=row.ms or 0.0,
        how=how_heard(heard, following.heard if following is not None else None),
    )


def _meanings(events: Iterable[Any], names: Names) -> list[str]:
    """What was understood, once each: a flow tells a confirmed value again."""
    found = [
        names.meaning(str(e.get("node", "")), e["value"])
        for e in events
        if isinstance(e, dict) and e.get("type") == "Understood" and e.get("value") not in (None, "")
    ]
    return list(dict.fromkeys(found))


def path_of(exchanges: Iterable[Exchange]) -> list[str]:
    """Every node entered, in order; a node asked again stands once."""
    found: list[str] = []
    for e in exchanges:
        for name in e.path or ((e.node,) if e.node else ()):
            if not found or found[-1] != name:
                found.append(name)
    return found


def _heard_text(kind: str, heard: dict[str, Any]) -> str:
    keys = {"digits": "digits", "speech": "text", "recorded": "duration_s", "dial": "status", "queue": "result"}
    value = heard.get(keys.get(kind, ""), "")
    return "" if value is None else str(value)


def _texts(events: Iterable[Any], kind: str, key: str) -> list[str]:
    return [
        str(e[key]) for e in events if isinstance(e, dict) and e.get("type") == kind and e.get(key) not in (None, "")
    ]


def exchanges_of(s: Session, calls: Sequence[Call]) -> dict[int, list[Exchange]]:
    """The turns of several calls by call id, in one query."""
    found: dict[int, list[Exchange]] = {call.id: [] for call in calls}
    if not found:
        return found
    query = select(TurnRow).where(TurnRow.call_id.in_(found)).order_by(TurnRow.call_id, TurnRow.number)
    names = names_of(s, calls)
    rows = list(s.scalars(query.limit(MOST_TURNS)))
    for row, after in zip_longest(rows, rows[1:]):
        following = after if after is not None and after.call_id == row.call_id else None
        found[row.call_id].append(exchange(row, names[row.call_id], following))
    return found


def recordings_of(s: Session, call_ids: Sequence[int], ticket_id: int | None = None) -> list[Recording]:
    """The recordings of some calls, or of a ticket and its calls, oldest first.

    A ticket holds what callers were asked to record; the recording of a whole call is heard at the call.
    """
    if not call_ids and ticket_id is None:
        return []
    wanted: ColumnElement[bool] = Recording.call_id.in_(call_ids)
    if ticket_id is not None:
        wanted = (wanted | (Recording.ticket_id == ticket_id)) & ~Recording.whole_call
    return list(s.scalars(select(Recording).where(wanted).order_by(Recording.created_at, Recording.id).limit(100)))


def lines(transcript: dict[str, Any] | None) -> list[Line]:
    """A transcript's words as lines: broken at pauses, at the ends of sentences and after a dozen words."""
    words = [w for w in (transcript or {}).get("words") or [] if isinstance(w, dict) and w.get("text")]
    # Chinese recognisers give characters; lines may then hold more of them, and no spaces belong between.
    spaced = sum(len(str(w["text"])) for w in words) > 2 * len(words) or not _is_chinese(words)
    found: list[list[dict[str, Any]]] = []
    for word in words:
        if not found or _breaks(found[-1], word, LINE_WORDS if spaced else 2 * LINE_WORDS):
            found.append([])
        found[-1].append({**word, "text": str(word["text"]).strip(), "unsure": _unsure(word)})
    return [
        Line(start_s=_s(group[0], "start_s"), end_s=_s(group[-1], "end_s"), words=tuple(group), spaced=spaced)
        for group in found
    ]


def _breaks(line: list[dict[str, Any]], word: dict[str, Any], longest: int) -> bool:
    last = line[-1]
    ended = str(last["text"])[-1:] in ".!?。！？"
    return len(line) >= longest or ended or _s(word, "start_s") - _s(last, "end_s") > PAUSE_S


def _is_chinese(words: list[dict[str, Any]]) -> bool:
    return any("\u3400" <= c <= "\u9fff" for w in words for c in str(w["text"]))


def _unsure(word: dict[str, Any]) -> bool:
    confidence = word.get("confidence")
    return isinstance(confidence, int | float) and confidence < UNSURE_BELOW


def _s(word: dict[str, Any], key: str) -> float:
    value = word.get(key)
    return float(value) if isinstance(value, int | float) else 0.0
