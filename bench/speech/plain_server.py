"""The media server without recogniser, voice or database: `python -m bench.speech.plain_server PORT TOKEN`.

It follows the sound of every call as always (voice activity included), plays a prompt without end, and takes keys.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from audio.hearing.activity import SileroActivity
from audio.hearing.hypothesis import Hypothesis
from audio.hearing.question import Question
from audio.speaking.scripted import ScriptedSpeaker
from bench.server import HOST
from ivr.deps import Deps
from ivr.media import MediaDeps, run
from ivr.streams.doors import StreamTurn
from storage.database import Database
from telephony.calls import Heard
from telephony.twilio.provider import TwilioProvider
from telephony.verbs import Gather, InputMode, Say

_PROMPT = Say(text="One two three four five six seven eight nine ten. " * 3, language="en-US")
_ASKS = Gather(prompts=(_PROMPT,), language="en-US", mode=InputMode.BOTH, num_digits=1, timeout_s=60)


class PlainDoors:
    """A house that asks the same question again after every answer."""

    def enter(self, deps: Deps, *, key: str, call_sid: str, stream_sid: str) -> StreamTurn:
        """Everybody is let in."""
        return StreamTurn(
            stream_id=0, call_id=0, call_sid=call_sid, token=key, number=1, language="en-US", verbs=(_ASKS,)
        )

    def answer(
        self, deps: Deps, turn: StreamTurn, heard: Heard, *, note: Mapping[str, Any] | None = None
    ) -> StreamTurn:
        """Whatever was answered."""
        return replace(turn, number=turn.number + 1)

    def waits(self, deps: Deps, turn: StreamTurn) -> bool:
        """Nothing is looked up here."""
        return False

    def leave(self, deps: Deps, turn: StreamTurn, *, said: bool = False, why: str = "") -> None:
        """Nothing is kept."""

    def over(self, deps: Deps, stream_id: int, why: str) -> None:
        """Nothing is kept."""

    def partial(self, deps: Deps, stream_id: int, words: str) -> None:
        """Nothing is kept."""

    def beat(self, deps: Deps, *, name: str, streams: int, room: Mapping[str, int]) -> None:
        """Nobody asks."""


class DeafEar:
    """Understands nothing, at once."""

    def ask(self, question: Question) -> None:
        """Forgets it."""

    def hear(self, payload: bytes) -> None:
        """Forgets it."""

    def paused(self) -> None:
        """Nothing is prepared."""

    async def finish(self) -> Hypothesis:
        """Nothing was understood."""
        return Hypothesis(text="")

    def drop(self) -> None:
        """There is nothing to drop."""

    def close(self) -> None:
        """There is nothing to give back."""


class DeafEars:
    """Always room, nothing heard."""

    def room(self, language: str) -> int:
        """As many as come."""
        return 100_000

    async def open(self, language: str, on_partial: Callable[[str], None] | None = None) -> DeafEar:
        """One more."""
        return DeafEar()

    async def close(self) -> None:
        """There is nothing to end."""


@asynccontextmanager
async def _needs(port: int, token: str) -> AsyncIterator[MediaDeps]:
    url = f"ws://{HOST}:{port}/voice/stream"
    provider = TwilioProvider("AC" + "0" * 32, token, f"http://{HOST}:9")
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{Path(folder) / 'unused.db'}")
        calls = Deps(db=db, provider=provider, public_base_url=f"http://{HOST}:9", stream_url=url)
        yield MediaDeps(
            calls=calls,
            ears=DeafEars(),
            make_activity=SileroActivity,
            speaker=ScriptedSpeaker(),
            bind=(HOST, port),
            doors=PlainDoors(),
        )


if __name__ == "__main__":
    logging.disable(logging.INFO)
    run(lambda: _needs(int(sys.argv[1]), sys.argv[2]))
