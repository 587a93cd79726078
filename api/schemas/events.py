"""Events that other programs report."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from api.schemas.base import In, Out, Variables


class EventIn(In):
    """Something happened outside."""

    kind: Annotated[str, StringConstraints(max_length=60, pattern=r"^[a-z][a-z0-9_]{0,28}\.[a-z][a-z0-9_]{0,28}$")] = (
        Field(description="<noun>.<verb in the past>.", examples=["parcel.picked_up", "parcel.arrived"])
    )
    reference: Annotated[str, StringConstraints(max_length=200)] = Field(
        default="", description="What it is about; open cases with this reference are cancelled where a rule says so."
    )
    payload: Variables = Field(default_factory=dict, description="For the rules: number, name, variables …")


class EventOut(Out):
    """What it led to at once. Rules that make cases run a moment later."""

    kind: str
    reference: str
    cancelled: int = Field(description="How many open cases it cancelled.")
