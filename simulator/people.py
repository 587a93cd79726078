"""Who picks up: how the person, machine or agent at an address behaves when called."""

import hashlib
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from simulator.behaviours import NAMED
from simulator.person import CallBack, Outcome, Person, Reply

__all__ = ["NAMED", "CallBack", "Mixture", "Outcome", "People", "Person", "Reply"]


class Part(BaseModel):
    """A share of a mixture: `weight` parts of the people behave like `person`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    weight: float = Field(gt=0)
    name: str = ""
    person: Person


class Mixture(BaseModel):
    """Different people behind one pattern. Who is who depends on number and `seed` only, so it stays the same."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    parts: tuple[Part, ...] = Field(min_length=1)
    seed: str = ""

    def part(self, address: str) -> Part:
        """The share that `address` belongs to."""
        digest = hashlib.sha256(f"{self.seed}|{address}".encode()).digest()
        point = int.from_bytes(digest[:8], "big") / 2**64 * sum(part.weight for part in self.parts)
        for part in self.parts:
            point -= part.weight
            if point < 0:
                return part
        return self.parts[-1]


class People:
    """Behaviours by address pattern (`*` and `?` as in file names); the last one set that fits is taken."""

    def __init__(self) -> None:
        self._rules: dict[str, Person | Mixture] = {}
        self.default = NAMED["answers"]

    def set(
        self,
        pattern: str,
        behaviour: str | None = None,
        *,
        mixture: Sequence[Any] | None = None,
        seed: str = "",
        **settings: Any,
    ) -> Person | Mixture:
        """Say how whoever fits `pattern` behaves; `settings` change single points of the named behaviour.

        Args:
            mixture: instead of one behaviour, mappings with `weight` (default 1), `behaviour` and settings.

        Raises:
            ValueError: an unknown name or setting, as a sentence (pydantic's ValidationError is one too).
        """
        if mixture is None:
            rule: Person | Mixture = _person(behaviour, settings)
        else:
            if behaviour is not None or settings:
                raise ValueError("A mixture has no behaviour of its own; give settings to its parts.")
            rule = Mixture(parts=tuple(_part(row) for row in mixture), seed=seed)
        self._rules.pop(pattern, None)
        self._rules[pattern] = rule
        return rule

    def forget(self, pattern: str) -> bool:
        return self._rules.pop(pattern, None) is not None

    def rules(self) -> dict[str, Person | Mixture]:
        return dict(self._rules)

    def at(self, address: str) -> Person:
        """How the holder of `address` behaves. A client or SIP address that nobody set cannot be reached."""
        for pattern in reversed(self._rules):
            if fnmatchcase(address, pattern):
                rule = self._rules[pattern]
                return rule.part(address).person if isinstance(rule, Mixture) else rule
        return self.default if address.startswith("+") else NAMED["unreachable"]


def _person(behaviour: str | None, settings: dict[str, Any]) -> Person:
    if behaviour is not None and behaviour not in NAMED:
        raise ValueError(f"There is no behaviour {behaviour!r}; there are {', '.join(NAMED)}.")
    base = NAMED[behaviour or "answers"].model_dump()
    return Person.model_validate({**base, **settings})


def _part(row: Any) -> Part:
    if not isinstance(row, dict):
        raise ValueError(f"A part of a mixture is a mapping with weight and behaviour; this is {row!r}.")  # noqa: TRY004
    rest = {name: value for name, value in row.items() if name not in ("weight", "behaviour")}
    behaviour = row.get("behaviour")
    return Part(weight=row.get("weight", 1), name=behaviour or "answers", person=_person(behaviour, rest))
