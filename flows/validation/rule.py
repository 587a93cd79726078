"""What a rule of the lint is: a name, a level, a title, and a check that yields findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from flows.problems import Level
from flows.validation.inspection import Inspection


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One place where a rule is broken; the fields are those of `flows.problems.Problem`."""

    node: str = ""
    field: str = ""
    message: str
    fix: str


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule. `title` says per language ("en", "zh") what it finds; `check` is pure."""

    name: str
    level: Level = Level.ERROR
    title: Mapping[str, str]
    check: Callable[[Inspection], Iterable[Finding]]
