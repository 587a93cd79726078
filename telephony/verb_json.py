"""Verbs as plain data, for keeping what a caller is to hear until an ear of our own plays it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from pydantic import TypeAdapter

from telephony.verbs import Verb

_ADAPTERS: dict[str, TypeAdapter[Verb]] = {kind.__name__.lower(): TypeAdapter(kind) for kind in get_args(Verb)}


def to_json(verbs: Sequence[Verb]) -> list[dict[str, Any]]:
    """The verbs as JSON objects, each with its `verb`; prompts inside a question with theirs."""
    return [_plain(verb) for verb in verbs]


def from_json(data: Sequence[dict[str, Any]]) -> tuple[Verb, ...]:
    """Read back what `to_json` wrote. Raises KeyError or pydantic's ValidationError for anything else."""
    return tuple(_verb(item) for item in data)


def _plain(verb: Verb) -> dict[str, Any]:
    name = type(verb).__name__.lower()
    data = _ADAPTERS[name].dump_python(verb, mode="json", exclude_defaults=True)
    if "prompts" in data:
        data["prompts"] = to_json(verb.prompts)  # type: ignore[union-attr]
    return {"verb": name, **data}


def _verb(item: dict[str, Any]) -> Verb:
    data = {key: value for key, value in item.items() if key != "verb"}
    if "prompts" in data:
        data["prompts"] = from_json(data["prompts"])
    return _ADAPTERS[item["verb"]].validate_python(data)
