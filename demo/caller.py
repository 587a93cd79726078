"""The caller of the demo: one scripted call, and what came of it, told in the terminal."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.panel import Panel
from sqlalchemy import select

from config import Config
from demo.settings import CALLER_PREFIX, DemoSettings
from house import House
from ivr.recordings import Recording, RecordingStatus
from simulator.app_view import AppView
from simulator.conversation import Conversation
from simulator.remote_line import RemoteLine
from simulator.runner import Result, play
from simulator.scenario import Scenario, load_scenario
from simulator.terminal import show
from tickets.ticket import Ticket

SCRIPT = Path(__file__).parent / "calls" / "complaint.yaml"
TRANSCRIPT_WITHIN_S = 180.0


def place_scripted_call(found: DemoSettings, console: Console, script: Path = SCRIPT) -> int:
    """Let the caller complain, show conversation, transcript and ticket; 0 when all of it came about."""
    console.rule("A caller complains", style="dim")
    result = asyncio.run(_play(found, script, console))
    if result.failure is not None:
        console.print(f"[red]The call did not go as scripted.[/red]\n{result.failure}")
        return 1
    house = House(Config.from_environment())
    recording = _wait_for_transcript(house, result.call_sid, console)
    _show_ticket(house, found, recording, console)
    return 0 if recording is not None and recording.status == RecordingStatus.TRANSCRIBED else 1


async def _play(found: DemoSettings, script: Path, console: Console) -> Result:
    followers: list[asyncio.Task[None]] = []

    async def follow(conversation: Conversation) -> None:
        seen, over = 0, False
        while not over:
            for event in await conversation.phone.events_after(seen, 20.0):
                seen = event["seq"]
                show(console, event)
                over = over or event["kind"] == "hangup"

    async with RemoteLine(found.carrier_url, found.control_token) as line:
        result = await play(
            _by_somebody_new(load_scenario(script)),
            line,
            AppView(found.web_url),
            on_dial=lambda conversation: followers.append(asyncio.create_task(follow(conversation))),
        )
        await asyncio.wait(followers, timeout=5.0)
    return result


def _by_somebody_new(scenario: Scenario) -> Scenario:
    """The scenario with another caller at each start: one who is known is not asked for the language again."""
    caller = f"{CALLER_PREFIX}{random.randrange(10_000):04d}"
    return replace(scenario, call=scenario.call.model_copy(update={"from_": caller}))


def _wait_for_transcript(house: House, sid: str, console: Console) -> Recording | None:
    """The call's recording once it is transcribed or cannot be; None when there is none in time."""
    deadline = time.monotonic() + TRANSCRIPT_WITHIN_S
    with console.status("The recogniser listens to the recording"):
        while time.monotonic() < deadline:
            recording = _recording_of(house, sid)
            if recording is not None and recording.status not in (RecordingStatus.WAITING, RecordingStatus.FETCHED):
                return recording
            time.sleep(0.3)
    return None


def _recording_of(house: House, sid: str) -> Recording | None:
    with house.db.read() as session:
        ticket = session.scalar(select(Ticket).where(Ticket.call_sid == sid))
        if ticket is None:
            return None
        query = select(Recording).where(Recording.ticket_id == ticket.id).order_by(Recording.id.desc())
        return session.scalars(query).first()


def _show_ticket(house: House, found: DemoSettings, recording: Recording | None, console: Console) -> None:
    if recording is None:
        console.print("[red]No transcript came in time; look into var/log/worker.log.[/red]")
        return
    with house.db.read() as session:
        ticket = session.get_one(Ticket, recording.ticket_id)
        heard = (recording.transcript or {}).get("text") or recording.reason
        engine = (recording.transcript or {}).get("model", "")
        lines = (
            f"[bold]{ticket.subject}[/bold]",
            f"category {ticket.category} · priority {ticket.priority} · {ticket.status} · {ticket.language}",
            f"recording {recording.duration_s} s, transcript by {engine}:" if engine else "recording:",
            f"  “{heard}”",
            f"{found.web_url}/tickets/{ticket.number}",
        )
    console.print(Panel("\n".join(lines), title=f"Ticket {ticket.number}", expand=False))
