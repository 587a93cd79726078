"""A FLOIP container as it stands in the file: flows, blocks, exits and resources, checked.

Source: FLOIP flow specification 1.0.0-rc4. A container is an object with `flows`; a single flow alone is read too.
"""

from __future__ import annotations

from typing import Any

from flows.importers.floip_model import Block, Exit, FloipFlow, is_uuid, problem_at, text_of
from flows.importers.floip_resources import lost, read_resources
from flows.importers.reading import MAX_NODES
from flows.importers.report import ImportRefused, shown
from flows.problems import Problem

MAX_PROBLEMS = 20
SPEC_NAMESPACES = ("Core", "ConsoleIO", "MobilePrimitives", "SmartDevices")
SPEC_TYPES = frozenset(
    {
        *("Core.Log", "Core.Case", "Core.RunFlow", "Core.Output"),
        *("Core.SetContactProperty", "Core.SetGroupMembership", "ConsoleIO.Print", "ConsoleIO.Read"),
        *("MobilePrimitives.Message", "MobilePrimitives.SelectOneResponse", "MobilePrimitives.SelectManyResponses"),
        *("MobilePrimitives.SelectManyResponse", "MobilePrimitives.NumericResponse", "MobilePrimitives.OpenResponse"),
        *("SmartDevices.LocationResponse", "SmartDevices.PhotoResponse"),
    }
)


def read_flow(data: Any, wanted: str) -> tuple[FloipFlow, int]:
    """The wanted flow of a container, and how many it has. Raises ImportRefused naming every place that is wrong."""
    container = data if isinstance(data, dict) else {}
    flows = container.get("flows") if "flows" in container else [container]
    if not isinstance(flows, list) or not all(isinstance(flow, dict) for flow in flows):
        raise ImportRefused("This is not a FLOIP container: flows is not a list of objects.")
    chosen = _choose(flows, wanted)
    problems: list[Problem] = []
    if container.get("uuid") is not None and not is_uuid(container.get("uuid")):
        problems.append(
            problem_at("", f"The container's uuid “{shown(str(container['uuid']))}” is not a UUID.", "uuid")
        )
    uuids = [flow.get("uuid") for flow in flows]
    for uuid in dict.fromkeys(str(u) for u in uuids if uuids.count(u) > 1):
        problems.append(problem_at("", f"Two flows have the uuid “{shown(uuid)}”, so neither can be named.", "flows"))
    flow = _flow(chosen, container, flows, problems)
    if problems:
        first = problems[0]
        where = f"block “{first.node}”: " if first.node else ""
        more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
        raise ImportRefused(
            "The FLOIP flow cannot be imported: {first}",
            first=where + first.message + more,
            problems=problems[:MAX_PROBLEMS],
        )
    return flow, len(flows)


def _choose(flows: list[dict[str, Any]], wanted: str) -> dict[str, Any]:
    if not flows:
        raise ImportRefused("The container has no flows.")
    if wanted:
        found = [flow for flow in flows if wanted in (flow.get("uuid"), flow.get("name"), flow.get("label"))]
        if not found:
            names = ", ".join(shown(text_of(flow, "name") or "–")[:60] for flow in flows[:10])
            raise ImportRefused(
                "There is no flow “{wanted}” in the file; there are {names}.", wanted=wanted, names=names
            )
        return found[0]
    full = [flow for flow in flows if flow.get("blocks")]
    if not full:
        raise ImportRefused("The flow is blank: it has no blocks, so there is nothing to import.")
    return full[0]


def _flow(
    data: dict[str, Any], container: dict[str, Any], flows: list[dict[str, Any]], problems: list[Problem]
) -> FloipFlow:
    if not is_uuid(data.get("uuid")):
        problems.append(
            problem_at("", f"The flow's uuid “{shown(str(data.get('uuid')))}” is not a UUID.", "flows.uuid")
        )
    found = data.get("blocks")
    if not isinstance(found, list) or not found:
        raise ImportRefused("The flow is blank: it has no blocks, so there is nothing to import.")
    if len(found) > MAX_NODES:
        raise ImportRefused("The flow has {count} blocks; the limit is {limit}.", count=len(found), limit=MAX_NODES)
    blocks: dict[str, Block] = {}
    for place, item in enumerate(found):
        block = _block(place, item, problems)
        if block is not None and block.uuid in blocks:
            problems.append(problem_at(block.name, "Two blocks have this uuid.", "uuid"))
        elif block is not None:
            blocks[block.uuid] = block
    resources = read_resources(data.get("resources") or container.get("resources"), problems)
    problems += lost(blocks, resources)
    first = data.get("first_block_id")
    if blocks and first not in blocks:
        problems.append(
            problem_at("", f"first_block_id is “{shown(str(first))}”, which is not a block.", "first_block_id")
        )
    languages = data.get("languages")
    timeout = data.get("interaction_timeout")
    return FloipFlow(
        uuid=str(data.get("uuid")),
        name=text_of(data, "name") or text_of(container, "name"),
        label=text_of(data, "label"),
        languages=tuple(x for x in languages if isinstance(x, dict)) if isinstance(languages, list) else (),
        timeout_s=timeout if isinstance(timeout, int) and not isinstance(timeout, bool) and timeout > 0 else None,
        blocks=blocks,
        first=str(first),
        resources=resources,
        others=tuple((str(f.get("uuid")), text_of(f, "name")) for f in flows if f is not data),
    )


def _block(place: int, data: Any, problems: list[Problem]) -> Block | None:
    if not isinstance(data, dict):
        problems.append(problem_at("", f"Block {place + 1} is not an object.", f"blocks.{place}"))
        return None
    name, kind = text_of(data, "name").strip(), text_of(data, "type")
    what = name or f"{kind or 'block'} {place + 1}"
    before = len(problems)
    if not name:
        problems.append(
            problem_at(what, f"Block {place + 1} ({kind or 'no type'}) has no name.", f"blocks.{place}.name")
        )
    if not is_uuid(data.get("uuid")):
        problems.append(problem_at(what, f"Its uuid “{shown(str(data.get('uuid')))}” is not a UUID.", "uuid"))
    if "." not in kind:
        problems.append(problem_at(what, f"Its type “{shown(kind)}” is not a FLOIP type (Namespace.Type).", "type"))
    elif kind.partition(".")[0] in SPEC_NAMESPACES and kind not in SPEC_TYPES:
        problems.append(
            problem_at(what, f"Its type {shown(kind)} is not one that the FLOIP specification knows.", "type")
        )
    exits = data.get("exits")
    if not isinstance(exits, list) or not all(isinstance(e, dict) for e in exits):
        problems.append(problem_at(what, "Its exits are not a list of objects.", "exits"))
    if len(problems) > before:
        return None
    config = data.get("config")
    return Block(
        uuid=str(data["uuid"]),
        type=kind,
        name=name,
        label=text_of(data, "label"),
        config=config if isinstance(config, dict) else {},
        exits=tuple(_exit(item) for item in exits or ()),
        place=_place(data),
    )


def _exit(data: dict[str, Any]) -> Exit:
    target = data.get("destination_block")
    return Exit(
        name=text_of(data, "name") or text_of(data, "tag"),
        target=target if isinstance(target, str) else "",
        test=text_of(data, "test").strip(),
        is_default=data.get("default") is True,
    )


def _place(data: dict[str, Any]) -> tuple[float, float] | None:
    metadata = data.get("ui_metadata")
    found = metadata.get("canvas_coordinates") if isinstance(metadata, dict) else None
    pair = (found.get("x"), found.get("y")) if isinstance(found, dict) else ()
    if len(pair) == 2 and all(isinstance(v, (int, float)) and not isinstance(v, bool) and abs(v) < 1e7 for v in pair):
        return float(pair[0] or 0), float(pair[1] or 0)
    return None
