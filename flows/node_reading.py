"""Nodes from plain data: the class by its `type`, plain strings made prompts, mistakes told in the field's words."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from rapidfuzz import fuzz, process

import flows.nodes as registry
from flows.nodes.base import Node, Spoken
from flows.nodes.discovery import type_name
from flows.problems import Problem

FORMS: Mapping[str, str] = {
    r"^([0-9]{1,2}|\*|#)$": "A key is a number of one or two digits, * or #.",
    "^[1-8]$": "Use a key from 1 to 8.",
    "^[1-7]?$": "Use a key from 1 to 7, or none.",
    "^([A-Z]{3})?$": "Write three capital letters such as CNY, or nothing.",
    "^[A-Z]{2}$": "Write two capital letters such as CN.",
    r"^[\w-]{0,60}$": "Use letters, digits, - and _, at most 60.",
}
"""What the patterns of fields ask for, in words."""

MANY_NAMES = 1_000


def node_types() -> Mapping[str, type[Node]]:
    """Every node class by its `type`, in the order of the palette."""
    return _by_type(registry.NODE_TYPES)


@lru_cache(maxsize=4)
def _by_type(classes: tuple[type[Node], ...]) -> Mapping[str, type[Node]]:
    return {type_name(cls): cls for cls in classes}


def suggest(word: str, known: Mapping[str, Any] | tuple[str, ...]) -> str:
    """A sentence naming the nearest known word, or all of them when none is near."""
    return _nearest(word[:120], known if isinstance(known, tuple) else tuple(known))


@lru_cache(maxsize=1024)
def _nearest(word: str, names: tuple[str, ...]) -> str:
    # Of very many names only a simple likeness is worked out: the lint runs as one types.
    is_long = len(names) > MANY_NAMES
    scorer, cutoff = (fuzz.ratio, 75) if is_long else (fuzz.WRatio, 60)
    best = process.extractOne(word, names, scorer=scorer, score_cutoff=cutoff) if word and names else None
    if best:
        return f"Did you mean {best[0]}?"
    return f"There are {', '.join(names[:40])}." if names else ""


def read_node(name: str, data: Any, languages: tuple[str, ...]) -> Node | list[Problem]:
    """Build one node, or say everything that is wrong with it (without lines)."""
    if not isinstance(data, dict):
        return [Problem(node=name, message="A node is an object with a type.", fix="Write type: message, for example.")]
    kinds = node_types()
    kind = data.get("type")
    if not isinstance(kind, str) or kind not in kinds:
        message = f"There is no node type “{str(kind)[:60]}”." if kind else "The node has no type."
        return [Problem(node=name, field="type", message=message, fix=suggest(str(kind or ""), kinds))]
    problems: list[Problem] = []

    def plain(path: str) -> None:
        tags = ", ".join(languages)
        problems.append(
            Problem(
                node=name,
                field=path,
                message=f"{path} is one text, but it needs one per language ({tags}).",
                fix="Write " + ", ".join(f"{tag}: …" for tag in languages) + " below it.",
            )
        )

    data = _make_prompts(kinds[kind], data, "", plain)
    if problems:
        return problems
    try:
        return kinds[kind].model_validate(data)
    except ValidationError as error:
        return list(explain(error, node=name, model=kinds[kind]))


def explain(error: ValidationError, *, node: str, model: type[BaseModel]) -> Iterator[Problem]:
    """Pydantic's findings as problems with a field path."""
    for item in error.errors(include_url=False, include_input=False, include_context=True):
        path = ".".join(str(part) for part in item["loc"] if part != "[key]")
        if item["type"] == "extra_forbidden":
            last = str(item["loc"][-1])
            known = tuple(model.model_fields) if len(item["loc"]) == 1 else ()
            yield Problem(node=node, field=path, message=f"There is no field “{last[:60]}”.", fix=suggest(last, known))
        elif item["type"] == "missing":
            yield Problem(node=node, field=path, message=f"{path} is missing.", fix=f"Give {path} a value.")
        else:
            text = _form(item) or item["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
            yield Problem(node=node, field=path, message=f"{path or 'It'}: {text}{'' if text.endswith('.') else '.'}")


def _form(item: Mapping[str, Any]) -> str:
    """What a text must look like, in words instead of a pattern; "" for any other mistake."""
    pattern = str(item.get("ctx", {}).get("pattern", "")) if item["type"] == "string_pattern_mismatch" else ""
    if pattern.startswith(("^[a-z]", "^([a-z]")):
        return "Use small letters, digits and _, beginning with a letter."
    return FORMS.get(pattern, "It is not written as it has to be.") if pattern else ""


def _make_prompts(annotation: Any, data: Any, path: str, plain: Callable[[str], None]) -> Any:
    """Return the data with plain strings turned into {text: …} wherever the annotation says Spoken."""
    if annotation is Spoken:
        return {"text": data} if isinstance(data, str) else data
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if not isinstance(data, dict):
            return data
        fields = _prompt_fields(annotation)
        return {
            key: _make_prompts(fields[key], value, f"{path}.{key}".lstrip("."), plain) if key in fields else value
            for key, value in data.items()
        }
    for kind, inner in _shapes(annotation):
        if kind is dict and isinstance(data, dict):
            return {key: _make_prompts(inner, value, f"{path}.{key}", plain) for key, value in data.items()}
        if kind is dict and isinstance(data, str) and inner is Spoken:
            plain(path)
            return data
        if kind is list and isinstance(data, list):
            return [_make_prompts(inner, value, f"{path}.{i}", plain) for i, value in enumerate(data)]
        if kind is Spoken and isinstance(data, str):
            return _make_prompts(Spoken, data, path, plain)
        if kind is BaseModel and isinstance(data, dict):
            return _make_prompts(inner, data, path, plain)
    return data


@lru_cache(maxsize=256)
def _prompt_fields(model: type[BaseModel]) -> Mapping[str, Any]:
    """The fields of the model in which something is spoken, by their names in documents."""
    found = {}
    for name, field in model.model_fields.items():
        if field.annotation is not None and _speaks(field.annotation):
            found[field.alias or name] = field.annotation
    return found


def _speaks(annotation: Any) -> bool:
    if annotation is Spoken:
        return True
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return bool(_prompt_fields(annotation))
    return any(_speaks(part) for part in get_args(annotation) if part is not Ellipsis and not isinstance(part, str))


@lru_cache(maxsize=1024)
def _shapes(annotation: Any) -> tuple[tuple[Any, Any], ...]:
    """The shapes the annotation allows, as (dict, item), (list, item), (Spoken, None) or (BaseModel, model)."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation is Spoken:
        return ((Spoken, None),)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return ((BaseModel, annotation),)
    if origin is Annotated:
        return _shapes(arguments[0])
    if origin in (Union, types.UnionType):
        return tuple(shape for part in arguments for shape in _shapes(part))
    if origin in (list, tuple, set, frozenset) and arguments:
        return ((list, arguments[0]),)
    if isinstance(origin, type) and issubclass(origin, Mapping) and len(arguments) == 2:
        return ((dict, arguments[1]),)
    return ()
