"""What a change of a flow takes away from those who use it. Pure: two documents in, words out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from flows.documents import FlowDocument
from flows.nodes.subflow import FINAL_ENDS
from flows.outbound import OPENING, goal_words
from flows.phrases import primary


@dataclass(frozen=True, kw_only=True)
class FlowChange:
    """The version in force and what would come after it. `before` None: nothing is in force, so nothing breaks."""

    before: FlowDocument | None
    after: FlowDocument

    @cached_property
    def lost_ends(self) -> frozenset[str]:
        """Ends that a calling flow may lead on from, and that would be gone."""
        return frozenset() if self.before is None else ends_of(self.before) - ends_of(self.after)

    @cached_property
    def new_ends(self) -> frozenset[str]:
        """Ends that no calling flow knows yet; those that end the whole call anywhere are not among them."""
        if self.before is None:
            return frozenset()
        return ends_of(self.after) - ends_of(self.before) - set(FINAL_ENDS)

    @cached_property
    def lost_variables(self) -> frozenset[str]:
        """Values that were expected from outside, and would be no more."""
        return frozenset() if self.before is None else frozenset(self.before.variables) - set(self.after.variables)

    @cached_property
    def new_needs(self) -> frozenset[str]:
        """Values that would be needed from outside and were not: without a default, or having lost it."""
        return frozenset() if self.before is None else needs_of(self.after) - needs_of(self.before)

    @cached_property
    def lost_values(self) -> frozenset[str]:
        """Values that a calling flow could take, and that would not be set any more."""
        return frozenset() if self.before is None else values_of(self.before) - values_of(self.after)

    @cached_property
    def lost_languages(self) -> frozenset[str]:
        """Languages that would not be spoken any more, as primary subtags."""
        return frozenset() if self.before is None else spoken(self.before) - spoken(self.after)

    @cached_property
    def lost_goals(self) -> tuple[str, ...]:
        """Outcomes that would not count as the goal of a call any more."""
        if self.before is None:
            return ()
        kept = set(goal_words(self.after))
        return tuple(word for word in goal_words(self.before) if word not in kept)

    @property
    def loses_outbound(self) -> bool:
        """Whether calls could be made with the flow, and could be no more."""
        return self.before is not None and self.before.outbound is not None and self.after.outbound is None

    @property
    def loses_opening(self) -> bool:
        """Whether the opening would be gone that every call of ours begins with."""
        return self.before is not None and _has_opening(self.before) and not _has_opening(self.after)

    @property
    def other_purpose(self) -> str:
        """The new purpose of calls when it would be another one, else ""."""
        if self.before is None or self.before.outbound is None or self.after.outbound is None:
            return ""
        purpose = self.after.outbound.purpose
        return purpose if purpose != self.before.outbound.purpose else ""

    @property
    def begins_with_opening(self) -> bool:
        """Whether a caller would newly be met with the opening of a call of ours."""
        return self.before is not None and only_outbound(self.after) and not only_outbound(self.before)


def ends_of(document: FlowDocument) -> frozenset[str]:
    """What the flow's hang-up nodes say under `end`."""
    return frozenset(str(getattr(node, "end", "")) for node in document.nodes.values() if node.type == "hang_up")


def needs_of(document: FlowDocument) -> frozenset[str]:
    """Variables without a default."""
    return frozenset(name for name, variable in document.variables.items() if variable.default is None)


def values_of(document: FlowDocument) -> frozenset[str]:
    """Names of every value the flow knows when it ends."""
    return frozenset(document.variables).union(*(node.sets_values() for node in document.nodes.values()))


def spoken(document: FlowDocument) -> frozenset[str]:
    """The primary subtags of the flow's languages."""
    return frozenset(primary(tag) for tag in document.languages)


def only_outbound(document: FlowDocument) -> bool:
    """Whether the flow is meant for calls we make alone: it begins by saying who calls, and why."""
    start = document.nodes.get(document.start)
    return start is not None and start.type == OPENING


def _has_opening(document: FlowDocument) -> bool:
    return any(node.type == OPENING for node in document.nodes.values())
