"""FLOIP: a flow of a container (JSON) as a flow of ours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flows.importers.board import Board
from flows.importers.finishing import KnownFlows, finish
from flows.importers.floip_blocks import CONVERTERS, stranger
from flows.importers.floip_file import read_flow
from flows.importers.floip_job import FloipJob
from flows.importers.floip_model import FloipFlow
from flows.importers.languages import DEFAULT, is_spoken_here, name_of, tag_of
from flows.importers.naming import flow_name
from flows.importers.report import Imported, ImportRefused, Report


def import_floip(
    data: Any,
    *,
    name: str = "",
    flow: str = "",
    language: str = "",
    file_name: str = "",
    known_flows: KnownFlows = None,
    now: datetime | None = None,
) -> Imported:
    """One flow of a container; its first that has blocks, unless `flow` names another. Raises ImportRefused."""
    found, count = read_flow(data, flow)
    report = Report(format="floip")
    tags = _languages(found, language, report)
    languages = tuple(dict.fromkeys(tags.values())) or (language or DEFAULT,)
    board = Board(format_name="floip", languages=languages)
    board.report = report
    if count > 1 and not flow:
        others = ", ".join(other or "–" for _, other in found.others)
        report.change("", "flows", "The file has {count} flows; “{name}” is imported. Others: {others}.", count=count,
                      name=found.name or "–", others=others)  # fmt: skip
    job = FloipJob(flow=found, board=board, tags=tags)
    for block in found.blocks.values():
        board.call(block.uuid, block.name)
        if block.place:
            board.places[block.uuid] = block.place
        if board.names.node(block.uuid) != block.name:
            report.change(block.name, "name", "The node is named {name}.", name=board.names.node(block.uuid))
    for block in found.blocks.values():
        CONVERTERS.get(block.type, stranger)(job, block)
    board.start = found.first
    _tell_loose_ends(found, report)
    if found.timeout_s:
        report.change(
            "",
            "interaction_timeout",
            "The wait for an answer is the house's own, not {seconds} s.",
            seconds=found.timeout_s,
        )
    title = found.label or found.name
    return finish(
        board,
        name=name or flow_name(found.name, file_name),
        title=title[:200],
        description="Imported from FLOIP.",
        known_flows=known_flows,
        now=now,
    )


def _languages(flow: FloipFlow, wanted: str, report: Report) -> Mapping[str, str]:
    """Our tag by the id that resources use. Raises ImportRefused for a language the house cannot speak."""
    tags: dict[str, str] = {}
    strange: list[str] = []
    for item in flow.languages:
        code = str(item.get("bcp_47") or item.get("iso_639_3") or "")
        tag, label = tag_of(code), str(item.get("label") or code)
        if wanted and tag.partition("-")[0] != wanted.partition("-")[0]:
            sentence = "The texts in {language} are left out, as only {wanted} was asked for."
            report.refuse("", label, sentence, language=label, wanted=name_of(wanted))
        elif not tag or not is_spoken_here(tag):
            strange.append(f"{label} ({code or '–'})")
        else:
            tags.update({str(item.get(key)): wanted or tag for key in ("id", "iso_639_3") if item.get(key)})
    if strange:
        raise ImportRefused(
            "The flow speaks {languages}, for which the house has no phrases of its own. Choose one language to "
            "import, or take it out of the file.",
            languages=", ".join(strange),
        )
    if wanted and flow.languages and not tags:
        raise ImportRefused("The flow does not speak {language}.", language=name_of(wanted))
    if not flow.languages:
        report.change("", "languages", "The flow names no language; {language} is taken.", language=wanted or DEFAULT)
    return tags


def _tell_loose_ends(flow: FloipFlow, report: Report) -> None:
    """Name exits that lead nowhere and blocks that nothing leads to."""
    seen, waiting = {flow.first}, [flow.first]
    while waiting:
        for way in flow.blocks[waiting.pop()].exits:
            if way.target and way.target not in seen:
                seen.add(way.target)
                waiting.append(way.target)
    for block in flow.blocks.values():
        loose = [way.name or "–" for way in block.exits if not way.target]
        if loose or not block.exits:
            report.change(
                block.name,
                "unwired",
                "Its exit {events} led nowhere: the call ends there.",
                events=", ".join(loose) or "–",
            )
        if block.uuid not in seen:
            report.change(
                block.name, "unreachable", "No way leads to it from the first block, so no caller comes here."
            )
