"""`python -m simulator call`: by hand, by options, or by scenario."""

import argparse
import asyncio
import json
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console

from simulator.actions import CallSpec
from simulator.app_view import AppView
from simulator.calls import CallStatus
from simulator.conversation import Conversation
from simulator.errors import ScenarioError
from simulator.phones import Event
from simulator.remote_line import RemoteLine
from simulator.runner import Result, play
from simulator.scenario import Scenario, load_scenario, parse_scenario
from simulator.terminal import interactive, show

FOLLOW_S = 20.0


def run_call(options: argparse.Namespace) -> int:
    """Make the call; the exit code (see cli.EXIT_CODES)."""
    if options.script or options.steps or options.hangup or options.json:
        return asyncio.run(_scripted(options, _scenario(options)))
    if not options.number:
        raise ScenarioError("Say which number to call.")
    return asyncio.run(_by_hand(options))


def _scenario(options: argparse.Namespace) -> Scenario:
    """The script file, or one made of the options; the command line wins over the file's own `call`."""
    if options.script:
        scenario = load_scenario(Path(options.script))
    else:
        steps: list[Any] = list(options.steps or [])
        scenario = parse_scenario({"steps": steps + (["hang up"] if options.hangup else [])}, "call")
    given = {"to": options.number, "from_": options.caller, "language": options.language}
    call = scenario.call.model_copy(update={name: value for name, value in given.items() if value})
    if not call.to:
        raise ScenarioError(f"{scenario.name} does not say which number to call; name it on the command line.")
    return Scenario(name=scenario.name, call=call, steps=scenario.steps, expect=scenario.expect)


async def _scripted(options: argparse.Namespace, scenario: Scenario) -> int:
    console = Console(stderr=options.json)
    followers: list[asyncio.Task[None]] = []

    def follow(conversation: Conversation) -> None:
        followers.append(asyncio.create_task(_follow(conversation, console)))

    async with RemoteLine(options.carrier, options.control_token) as line:
        result = await play(scenario, line, AppView(options.app) if options.app else None, on_dial=follow)
        await asyncio.wait(followers, timeout=FOLLOW_S)
    if options.json:
        print(json.dumps(result.as_json(), ensure_ascii=False, indent=2))  # noqa: T201 - this is what was asked for
    _show_latencies(result.events, console)
    return _verdict(result, console)


async def _follow(conversation: Conversation, console: Console) -> None:
    """Print the call while it goes on, with a poll of its own so that the scenario's steps do not delay it."""
    seen, over = 0, False
    while not over:
        for event in await conversation.phone.events_after(seen, FOLLOW_S):
            seen = event["seq"]
            show(console, event)
            over = over or event["kind"] == "hangup"


def _show_latencies(events: Iterable[Event], console: Console) -> None:
    """How soon the app answered in live streams, when it did."""
    found = [event["ms"] / 1000 for event in events if event["kind"] == "latency"]
    if found:
        console.print(
            f"Replies began after {median(found):.2f} s (median of {len(found)}; slowest {max(found):.2f} s)."
        )


def _verdict(result: Result, console: Console) -> int:
    if result.failure is not None:
        console.print(f"[bold red]FAILED[/bold red] {result.scenario}", highlight=False)
        console.print(result.failure, markup=False, highlight=False)
        return 1
    if _went_wrong(result.end):
        console.print("[bold red]The call failed.[/bold red]")
        return 4
    console.print(f"[bold green]passed[/bold green] {result.scenario} ({result.call_sid})", highlight=False)
    return 0


def _went_wrong(end: Event | None) -> bool:
    if end is None:
        return False
    return bool(end["by"] == "carrier" or end["status"] != CallStatus.COMPLETED.value)


async def _by_hand(options: argparse.Namespace) -> int:
    console = Console()
    async with RemoteLine(options.carrier, options.control_token) as line:
        spec = CallSpec(to=options.number, from_=options.caller, language=options.language)
        phone = await line.dial(spec)
        try:
            end = await interactive(phone, console)
        except asyncio.CancelledError:
            await phone.hang_up()
            raise
    return 4 if _went_wrong(end) else 0
