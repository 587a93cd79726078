"""From the board to a document: detours taken, loose exits led to an end, defaults named, then the lint."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from flows.documents import FORMAT, FlowDocument, from_json, to_json
from flows.errors import DocumentError
from flows.importers.board import Board
from flows.importers.report import Imported, ImportRefused, Report
from flows.node_reading import read_node
from flows.nodes.base import Node
from flows.problems import Problem
from flows.validation import lint
from flows.validation.values import CALL_VALUES

KnownFlows = Collection[str] | Mapping[str, Collection[str]] | None

ASKING = frozenset({"menu", "collect", "listen", "record"})
"""The node types that ask, of those that importers make."""

EXPLAINED: Mapping[str, str] = {
    "secret_in_document": "It holds what looks like a key: keep that on the server, and write secret:NAME here.",
    "long_prompt": "It takes over 20 seconds to say; the other program minded no length. Shorten it, or split it.",
    "long_menu": "It takes over 10 seconds to say; the other program minded no length. Shorten it, or split it.",
    "ambiguous_words": "Two choices have the same words, so saying them chooses neither.",
    "promised_key": "The prompt tells a key that nothing here takes.",
    "hidden_key": "The prompt does not tell every key that chooses something.",
    "silent_loop": "The call could go round here for ever; Studio would have stopped it after a while.",
    "no_way_out": "The flow leads round without an end here.",
    "ladder_without_end": "Unanswered questions lead only to further questions.",
    "unused_value": "Nothing in this flow reads the value; another program may have.",
    "missing_translation": "What it says is not in every language of the flow.",
    "unused_translation": "What it says is in a language that the flow does not speak.",
    "unreachable": "No way leads here any more.",
    "unknown_flow": "The flow it runs is not published here yet.",
}
"""What the lint finds in flows of other programs, by rule, in the report's own words."""

END, PERSON = "end", "ask_for_a_person"


def finish(
    board: Board, *, name: str, title: str, description: str, known_flows: KnownFlows, now: datetime | None
) -> Imported:
    """The document of the board with its report and lint. Raises ImportRefused when it is none."""
    nodes = {board.names.node(foreign): dict(data) for foreign, data in board.nodes.items()}
    for data in nodes.values():
        data["exits"] = {key: _name(board, target) for key, target in data["exits"].items()}
    places = {board.names.node(f): board.places[f] for f in board.nodes if f in board.places}
    end = board.names.new_node(END)
    start = _name(board, board.start) or end
    loose = _close(nodes, end, board.languages)
    defaults = _defaults(board, nodes, start, end)
    for data in nodes.values():
        data["exits"] = {key: target or end for key, target in data["exits"].items()}
    if loose or start == end or defaults or not nodes or _leads_to(nodes, end):
        nodes[end] = {"type": "hang_up", "label": "End"}
    data = {
        "format": FORMAT,
        "name": name,
        "title": {board.language: title} if title.strip() else {},
        "description": description,
        "languages": list(board.languages),
        "start": start,
        "voice": dict(board.voices),
        "defaults": defaults,
        "variables": board.variables,
        "nodes": nodes,
        "layout": _layout(places, nodes),
        "notes": board.notes,
    }
    data = {key: value for key, value in data.items() if value not in ("", {}, [])}
    document = _declare_missing(read_result(data), board.report)
    found = checked(document, board.report, known_flows=known_flows, now=now)
    for problem in found.problems:
        if problem.rule in EXPLAINED:
            board.report.change(problem.node, problem.field, EXPLAINED[problem.rule])
    return found


def checked(document: FlowDocument, report: Report, *, known_flows: KnownFlows, now: datetime | None) -> Imported:
    """The document with its lint."""
    problems = tuple(lint(document, known_flows=known_flows, now=now))
    return Imported(document=document, data=to_json(document), report=report, problems=problems)


def read_result(data: dict[str, Any]) -> FlowDocument:
    """The document of what an importer made. Raises ImportRefused naming the place."""
    try:
        return from_json(data)
    except DocumentError as error:
        raise ImportRefused(
            "The file was read, but what came of it is not a flow that can run.", problems=error.problems
        ) from error


def _name(board: Board, foreign: str) -> str:
    """Our name for where a foreign target leads after all detours; "" for nowhere."""
    seen = set()
    while foreign in board.detours:
        if foreign in seen:
            board.report.change(
                foreign, "loop", "What could not be taken over here only led round in a circle; the call ends instead."
            )
            return ""
        seen.add(foreign)
        foreign = board.detours[foreign]
    return board.names.node(foreign) if foreign in board.nodes else ""


def _close(nodes: dict[str, dict[str, Any]], end: str, languages: tuple[str, ...]) -> bool:
    """Lead every exit that a call can take, and that leads nowhere, to the end. True when there was one."""
    loose = False
    for name, data in nodes.items():
        node = read_node(name, data, languages)
        if not isinstance(node, Node):
            continue
        for exit_name in node.exit_names():
            if exit_name not in node.optional_exits() and not data["exits"].get(exit_name):
                data["exits"][exit_name] = end
                loose = True
            elif exit_name in node.optional_exits() and not data["exits"].get(exit_name):
                data["exits"].pop(exit_name, None)
    return loose


def _leads_to(nodes: dict[str, dict[str, Any]], target: str) -> bool:
    return any(target in data["exits"].values() for data in nodes.values())


def _defaults(board: Board, nodes: dict[str, dict[str, Any]], start: str, end: str) -> dict[str, Any]:
    """Who serves key 0 and failures, when the flow asks anything."""
    asking = {name for name, data in nodes.items() if data["type"] in ASKING}
    if not asking & _reached(nodes, start):
        return {"person": end, "failure": end} if asking else {}
    person = _name(board, board.person) if board.person else ""
    if person:
        board.report.change(
            "",
            "person",
            "At every question key 0 and the words for a person lead to {node}; the other program knew no such key.",
            node=person,
        )
    else:
        person = board.names.new_node(PERSON)
        nodes[person] = {
            "type": "open_ticket",
            "label": "A person is asked for",
            "reason": "The caller asked for a person.",
            "exits": {"next": end},
        }
        board.report.change(
            "",
            "person",
            "At every question key 0 and the words for a person open a ticket ({node}), as the flow reaches nobody.",
            node=person,
        )
    board.report.change(
        "",
        "questions",
        "Every question is asked up to three times, with help, before it counts as unanswered; then, and when "
        "something breaks, the call goes on at {node} unless the question leads elsewhere.",
        node=end,
    )
    return {"person": person, "failure": end}


def _reached(nodes: dict[str, dict[str, Any]], start: str) -> set[str]:
    seen, waiting = {start}, [start]
    while waiting:
        targets = nodes.get(waiting.pop(), {}).get("exits", {}).values()
        fresh = [target for target in targets if target and target not in seen]
        seen.update(fresh)
        waiting.extend(fresh)
    return seen


def _layout(places: dict[str, tuple[float, float]], nodes: dict[str, Any]) -> dict[str, list[float]]:
    """Where the foreign editor drew the nodes, ours below them; {} when it did not tell them all."""
    own = [name for name in nodes if name not in places]
    if not places or any(nodes[name]["type"] not in ("hang_up", "open_ticket", "branch") for name in own):
        return {}
    left, bottom = min(x for x, _ in places.values()), max(y for _, y in places.values())
    added = {name: (left + number * 280, bottom + 240) for number, name in enumerate(own)}
    return {name: [float(x), float(y)] for name, (x, y) in {**places, **added}.items() if name in nodes}


def _declare_missing(document: FlowDocument, report: Report) -> FlowDocument:
    """Declare what the flow reads and nothing sets before it, so that it is empty instead of unknown."""
    missing: dict[str, Problem] = {}
    for problem in lint(document, known_flows=None):
        if problem.rule == "unknown_value":
            found = problem.message.removeprefix("No node sets ").partition(" ")[0].rstrip(".")
            if found.isidentifier() and found not in CALL_VALUES:
                missing.setdefault(found, problem)
    if not missing:
        return document
    for value, problem in missing.items():
        report.change(
            problem.node,
            value,
            "{value} may not be known yet when it is used; it is declared as a variable and empty until it is set.",
            value=value,
        )
    data = to_json(document)
    given = {value: {"description": "Empty until the flow sets it."} for value in missing}
    return read_result({**data, "variables": {**data.get("variables", {}), **given}})
