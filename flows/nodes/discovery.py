"""Node types are found, not listed: every class below `flows/nodes` whose own `type` has a fixed value is one."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterable, Iterator
from types import ModuleType

from flows.errors import FlowError
from flows.nodes.base import GROUPS, Node

_TYPE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_PATH = re.compile(r"[Mm][-0-9.,\sMmLlHhVvCcSsQqTtAaZz]{2,2000}")


class NodeTypeError(FlowError):
    """A file in `flows/nodes` does not make a node type. The message names the file and says what to change."""


def discover(folders: Iterable[str], package: str) -> tuple[type[Node], ...]:
    """Every node class in the package's folders, in the order of the editor's palette.

    Raises NodeTypeError for a file that cannot be imported, a class without words for people, and a type that two
    classes give.
    """
    found: dict[str, type[Node]] = {}
    for entry in sorted(pkgutil.iter_modules(list(folders)), key=lambda entry: entry.name):
        for cls in _node_classes(_module(f"{package}.{entry.name}")):
            kind = _checked(cls)
            if kind in found:
                raise NodeTypeError(
                    f"Two classes are the node type “{kind}”: {_place(found[kind])} and {_place(cls)}. Rename one."
                )
            found[kind] = cls
    groups = list(GROUPS)
    return tuple(sorted(found.values(), key=lambda cls: (groups.index(cls.group), cls.order, type_name(cls))))


def type_name(cls: type[Node]) -> str:
    """The `type` that documents give for the class."""
    return str(cls.model_fields["type"].default)


def _module(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except Exception as error:
        raise NodeTypeError(f"{name} cannot be imported: {type(error).__name__}: {error}") from error


def _node_classes(module: ModuleType) -> Iterator[type[Node]]:
    for cls in list(vars(module).values()):
        if not isinstance(cls, type) or not issubclass(cls, Node) or cls.__module__ != module.__name__:
            continue
        # Bases such as Question leave `type` to their subclasses.
        if cls is not Node and "type" in inspect.get_annotations(cls):
            yield cls


def _checked(cls: type[Node]) -> str:
    """The class's type. Raises NodeTypeError when the class lacks what palette, forms and engine need."""
    kind = cls.model_fields["type"].default
    if not isinstance(kind, str) or not _TYPE.fullmatch(kind):
        raise NodeTypeError(f'{_place(cls)} needs type: Literal["name"] = "name", in small letters and _.')
    for words in ("title", "summary"):
        if not all(getattr(cls, words).get(language) for language in ("en", "zh")):
            raise NodeTypeError(f"{_place(cls)} needs a {words} in English and Chinese (en, zh).")
    if cls.group not in GROUPS:
        raise NodeTypeError(f"{_place(cls)} has the group “{cls.group}”; there are {', '.join(GROUPS)}.")
    if cls.icon and not _PATH.fullmatch(cls.icon):
        raise NodeTypeError(f"{_place(cls)} has an icon that is no SVG path data: letters and numbers, M first.")
    if cls.enter is Node.enter or (cls.resume is Node.resume and cls.asks):
        raise NodeTypeError(f"{_place(cls)} does not say what happens: write enter and, if it waits, resume.")
    return kind


def _place(cls: type[Node]) -> str:
    return f"{cls.__module__}.{cls.__name__}"
