"""The texts and sounds of a FLOIP flow, and what names them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flows.importers.floip_model import Block, is_uuid, problem_at
from flows.importers.report import shown
from flows.problems import Problem

RESOURCE_KEYS = ("prompt", "message", "question_prompt", "choices_prompt")


def read_resources(data: Any, problems: list[Problem]) -> dict[str, list[Mapping[str, Any]]]:
    """The values of each resource by its UUID."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    if data is not None and not isinstance(data, list):
        problems.append(problem_at("", "resources is not a list.", "resources"))
    for item in data if isinstance(data, list) else ():
        values = item.get("values") if isinstance(item, dict) else None
        if isinstance(item, dict) and isinstance(item.get("uuid"), str):
            found[item["uuid"]] = [v for v in values if isinstance(v, dict)] if isinstance(values, list) else []
    return found


def resources_of(block: Block) -> Iterator[tuple[str, str]]:
    """Every resource that a block names and a caller hears, as (where, UUID)."""
    for key in RESOURCE_KEYS:
        if isinstance(block.config.get(key), str) and block.config[key] and block.type != "Core.Log":
            yield key, block.config[key]
    choices = block.config.get("choices")
    for place, choice in enumerate(choices if isinstance(choices, list) else ()):
        if isinstance(choice, dict) and isinstance(choice.get("prompt"), str) and choice["prompt"]:
            yield f"choices.{place}.prompt", choice["prompt"]
    for name, uuid in choices.items() if isinstance(choices, dict) else ():
        if isinstance(uuid, str):
            yield f"choices.{shown(str(name))}", uuid


def lost(blocks: Mapping[str, Block], resources: Mapping[str, Any]) -> Iterator[Problem]:
    """Exits to blocks, and texts, that are not in the file."""
    for block in blocks.values():
        for way in block.exits:
            if way.target and way.target not in blocks:
                message = f"Its exit {shown(way.name)} leads to “{shown(way.target)}”, which is not in the file."
                yield problem_at(block.name, message, "exits")
        for key, uuid in resources_of(block):
            if uuid not in resources and is_uuid(uuid):
                message = f"Its {key} names the resource {uuid}, which is not in the file."
                yield problem_at(block.name, message, f"config.{key}")
