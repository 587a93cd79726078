"""What the calls of one process need from outside, as values and callables; `app` fills it in once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from flows.requests import CallTimeChecked
from ivr.effects import EFFECTS, EffectTable
from ivr.machine import FlowCache
from ivr.reception import Reception
from ivr.scope import CallScope
from storage.database import Database
from storage.migrate import is_current
from telephony.calls import MessageEvent
from telephony.provider import Provider


@dataclass(frozen=True, kw_only=True)
class PromptFile:
    """A house prompt on disk: 8 kHz WAV, and the text it says."""

    path: Path
    text: str


def _now() -> datetime:
    return datetime.now(UTC)


def _no_key(_text: str, _language: str, _voice: str) -> str | None:
    return None


def _no_file(_key: str) -> PromptFile | None:
    return None


@dataclass(frozen=True, kw_only=True)
class Deps:
    """Everything a webhook needs.

    Attributes:
        public_base_url: how the provider reaches us, "https://desk.example.org"; no slash at the end.
        language: BCP-47 tag for callers of whom nothing is known, and for agents' whispers.
        effects: event type to what it causes; `ivr.effects.EFFECTS`, widened by other rooms.
        prompt_key: key of the sound of a text, in a language, in a voice of ours; None when there is none.
        prompt_file: the sound of such a key, or None.
        audio_dir: where the sound files lie that flows name themselves, served below /voice/audio/; None for none.
        flow_values: values that every flow starts with, over its own defaults (addresses of other systems).
        migrated: whether the database has the tables this release wants.
        max_body_bytes: webhooks with larger bodies are refused.
        stream_url: where the provider opens live streams, "wss://desk.example.org/voice/stream"; "" for no streams.
        followers: told within the transaction, before it is stored, of every call that got a new status, sid, verdict
            of machine detection or end: `scope.columns` holds the news, `scope.call` the row as it was.
        receptions: asked in turn (session, caller's number, our number, now) how an inbound call is met; when all
            answer None, the line's own flow meets it.
        versions_at_answer: asked in turn, when a call we make is answered, for the id of the version it takes; when
            all answer None, it is the version in force.
        text_received: what is done with a text message; what it returns is sent back. None keeps it and is silent.
        call_time: whether a person may be called at a time they asked for (ISO 8601); None allows any.
        gate: lets so many webhooks work at once; more would only take the interpreter from each other.
    """

    db: Database
    provider: Provider
    public_base_url: str
    clock: Callable[[], datetime] = _now
    language: str = "en-US"
    flows: FlowCache = field(default_factory=FlowCache)
    effects: EffectTable = field(default_factory=lambda: EFFECTS)
    prompt_key: Callable[[str, str, str], str | None] = _no_key
    prompt_file: Callable[[str], PromptFile | None] = _no_file
    audio_dir: Path | None = None
    flow_values: Mapping[str, Any] = field(default_factory=dict)
    migrated: Callable[[Database], bool] = is_current
    max_body_bytes: int = 256 * 1024
    stream_url: str = ""
    followers: tuple[Callable[[CallScope], None], ...] = ()
    receptions: tuple[Callable[[Session, str, str, datetime], Reception | None], ...] = ()
    versions_at_answer: tuple[Callable[[CallScope], int | None], ...] = ()
    text_received: Callable[[Session, MessageEvent], str | None] | None = None
    call_time: Callable[[CallScope, str], CallTimeChecked] | None = None
    gate: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(8))
