"""How an inbound call is met when somebody above knows more of it than its line does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session


@dataclass(frozen=True, kw_only=True)
class Reception:
    """The flow that meets a call, and what it begins with.

    Attributes:
        flow_version_id: a published version.
        values: what the flow starts with, over its own defaults.
        language: BCP-47 tag to begin in, "" for the caller's own.
        met: called with the call's id once its row is stored, in the same transaction; None for nothing.
    """

    flow_version_id: int
    values: Mapping[str, Any] = field(default_factory=dict)
    language: str = ""
    met: Callable[[Session, int], None] | None = None
