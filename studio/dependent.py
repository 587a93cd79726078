"""One thing that uses a flow."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True, kw_only=True)
class Dependent:
    """A number, a flow or a campaign that uses a flow.

    Attributes:
        name: number, flow name or campaign id; `title` is what people call it.
        url: address of its page.
        breaks: whether the change takes something away that it uses.
        sentence: what breaks, or how it uses the flow, in the reader's language.
    """

    kind: Literal["line", "flow", "campaign"]
    name: str
    title: str
    url: str
    breaks: bool
    sentence: str

    def to_json(self) -> dict[str, Any]:
        """As the editor takes it."""
        return asdict(self)
