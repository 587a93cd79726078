"""A FLOIP flow as it was read: values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flows.importers.report import shown
from flows.problems import Problem


@dataclass(frozen=True, kw_only=True)
class Exit:
    """One way out of a block. `target` is a block's UUID, "" for none."""

    name: str
    target: str
    test: str
    is_default: bool


@dataclass(frozen=True, kw_only=True)
class Block:
    """One block."""

    uuid: str
    type: str
    name: str
    label: str
    config: Mapping[str, Any]
    exits: tuple[Exit, ...]
    place: tuple[float, float] | None


@dataclass(frozen=True, kw_only=True)
class FloipFlow:
    """One flow of a container. `resources` are lists of values (language_id, content_type, modes, value) by UUID."""

    uuid: str
    name: str
    label: str
    languages: tuple[Mapping[str, Any], ...]
    timeout_s: int | None
    blocks: Mapping[str, Block]
    first: str
    resources: Mapping[str, list[Mapping[str, Any]]]
    others: tuple[tuple[str, str], ...]
    """The container's other flows as (UUID, name)."""


def is_uuid(value: Any) -> bool:
    """Whether the value is a UUID as text."""
    try:
        return isinstance(value, str) and len(value) == 36 and bool(UUID(value))
    except ValueError:
        return False


def text_of(data: Mapping[str, Any], key: str) -> str:
    """A member that is text; "" for any other."""
    value = data.get(key)
    return value if isinstance(value, str) else ""


def problem_at(node: str, message: str, field: str) -> Problem:
    """Something wrong with a block ("" for the whole file)."""
    return Problem(
        rule="import",
        node=shown(node),
        field=field,
        message=message,
        fix="Correct it in the other program, and export again.",
    )
