"""What the studio is given by the application: plain values, and functions that know the page and its reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, cast

from flask import current_app, has_app_context

from callbacks.gate.policy import GatePolicy
from flows.problems import Problem
from flows.validation import SpeechKnowledge
from storage.database import Database

EXTENSION = "ringback_studio"

Speak = Callable[[str, str, str], Path | None]
"""The WAV file of a text, language tag and voice ("" for the house voice); None when it cannot be spoken now."""


@dataclass(frozen=True)
class StudioViewer:
    """Who sits at the editor. Agents may not see it, ops may read, admins may change and publish."""

    id: int
    name: str
    role: Literal["agent", "ops", "admin"]

    @property
    def may_read(self) -> bool:
        """True for ops and admins."""
        return self.role in ("ops", "admin")

    @property
    def may_edit(self) -> bool:
        """True for admins."""
        return self.role == "admin"


def _no_links(_name: str) -> Mapping[str, str]:
    return {}


def _english() -> str:
    return "en"


def _as_it_is(problem: Problem) -> Problem:
    return problem


@dataclass(frozen=True, kw_only=True)
class StudioDeps:
    """Everything the studio's doors may need.

    Attributes:
        db: the database.
        clock: gives the present moment (aware, UTC).
        editor_dir: folder of the built editor (editor.js, editor.css); it may not exist.
        viewer: who is signed in; only asked within a request that passed the login guard.
        speak: lets somebody hear a prompt. None when there is no voice at all.
        flow_values: the organisation's values that every call starts with.
        policy: the organisation's own rules of calling.
        language: "en" or "zh", what the reader reads.
        localize: a finding of the lint in the reader's language.
        speech_knowledge: what the live recogniser and the voices of this machine can do, for the lint.
        links: addresses of pages about a flow by its name: page, versions, missed, phone, calls.
    """

    db: Database
    clock: Callable[[], datetime]
    editor_dir: Path
    viewer: Callable[[], StudioViewer]
    speak: Speak | None = None
    flow_values: Mapping[str, Any] = field(default_factory=dict)
    policy: GatePolicy = field(default_factory=GatePolicy)
    language: Callable[[], str] = _english
    localize: Callable[[Problem], Problem] = _as_it_is
    speech_knowledge: SpeechKnowledge = field(default_factory=SpeechKnowledge)
    links: Callable[[str], Mapping[str, str]] = _no_links


def studio() -> StudioDeps:
    """The values of the running application."""
    return cast(StudioDeps, current_app.extensions[EXTENSION])


def now() -> datetime:
    """The present moment by the application's clock, aware, UTC."""
    return studio().clock()


def reader_language() -> str:
    """ "en" or "zh"; English in a terminal and in jobs."""
    if not has_app_context() or EXTENSION not in current_app.extensions:
        return "en"
    return studio().language()
