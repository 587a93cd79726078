"""A telephone in the terminal: prompts as text, keys and words from the keyboard."""

import asyncio
import contextlib
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from simulator.errors import SimulatorError
from simulator.local_phone import KEYS
from simulator.phones import Event
from simulator.remote_line import RemotePhone
from simulator.telling import audible

HELP = "Type keys (1, 0, #) or words and press Enter; /wav FILE speaks a WAV file; /hangup hangs up; /help."
_STYLES = {
    "say": "bold cyan",
    "play": "bold cyan",
    "greeting": "bold cyan",
    "voice": "bold cyan",
    "gather": "dim",
    "record_start": "yellow",
    "beep": "yellow",
    "record_end": "yellow",
    "pressed": "green",
    "said": "green",
    "spoke": "green",
    "notification": "red",
    "failure": "red",
    "ignored": "magenta",
    "hangup": "bold",
    "stream": "blue",
    "latency": "blue",
}


def show(console: Console, event: Event) -> None:
    """Print one event as the phone's holder would tell it; the machinery stays silent."""
    line = line_of(event)
    if line is not None:
        style = _STYLES.get(event["kind"], "default")
        console.print(f"[dim]{event['t']:7.1f}s[/dim]  [{style}]{escape(line)}[/{style}]", highlight=False)


def line_of(event: Event) -> str | None:
    """The words for an event, None for what a caller does not notice."""
    kind = event["kind"]
    simple: dict[str, Callable[[], str]] = {
        "ringing": lambda: "… ringing",
        "answered": lambda: "✆ answered",
        "say": lambda: f"“{audible(event)}”",
        "greeting": lambda: f"“{audible(event)}”",
        "voice": lambda: f"other side: {audible(event)}",
        "play": lambda: f"♪ {audible(event)} ({event.get('duration_s', 0):.1f} s)",
        "gather": lambda: _question(event),
        "stream": lambda: f"≈ live stream {event['state']}" + (f" ({event['why']})" if event["why"] else ""),
        "latency": lambda: f"⏱ the reply began after {event['ms'] / 1000:.2f} s",
        "quiet": lambda: "? your turn" if event["asked"] else "",
        "beep": lambda: "● beep: recording",
        "record_end": lambda: f"■ recorded {event['duration_s']:.1f} s ({event['reason']})",
        "dial": lambda: f"… dialling {', '.join(event['targets'])}",
        "bridged": lambda: f"⇄ connected with {event['with']}",
        "dial_end": lambda: f"… dialling ended: {event['DialCallStatus']}",
        "hold": lambda: f"… on hold in {event['queue']}, position {event['position']}",
        "pressed": lambda: f"→ pressed {event['digits']}",
        "said": lambda: f"→ said “{event['text']}”",
        "spoke": lambda: f"→ spoke {event['duration_s']:.1f} s",
        "ignored": lambda: f"! not heard: {event['reason']}",
        "notification": lambda: f"! carrier {event['code']}: {event['message']}",
        "hangup": lambda: f"✆ hung up by {event['by']} ({event['reason']})",
    }
    return (simple[kind]() or None) if kind in simple else None


def _question(event: Event) -> str:
    names = {"dtmf": "keys", "speech": "speech"}
    wanted = " or ".join(names[part] for part in event["input"])
    digits = f", {event['num_digits']} digits" if event["num_digits"] else ""
    return f"? listening for {wanted}{digits}"


async def interactive(phone: RemotePhone, console: Console) -> Event:
    """Talk until the call ends; the hangup event. The keyboard is read in a thread, so a prompt never waits for it."""
    console.print(f"[dim]{HELP}[/dim]")
    lines: asyncio.Queue[str | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def read_keyboard() -> None:
        for line in sys.stdin:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(lines.put_nowait, line.rstrip("\n"))
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(lines.put_nowait, None)

    threading.Thread(target=read_keyboard, daemon=True, name="keyboard").start()
    typing = asyncio.create_task(_obey(phone, lines, console))
    seen = 0
    try:
        while True:
            for event in await phone.events_after(seen, 3600.0):
                seen = event["seq"]
                show(console, event)
                if event["kind"] == "hangup":
                    return event
    finally:
        typing.cancel()


async def _obey(phone: RemotePhone, lines: "asyncio.Queue[str | None]", console: Console) -> None:
    while True:
        line = await lines.get()
        if line is None:
            await phone.hang_up()
            return
        try:
            await _do(phone, line.strip(), console)
        except (SimulatorError, OSError) as error:
            console.print(f"[red]{escape(str(error))}[/red]")


async def _do(phone: RemotePhone, line: str, console: Console) -> None:
    """One line of typing: nothing, a command, keys, or words."""
    word, _, rest = line.partition(" ")
    if not line:
        return
    if word in ("/hangup", "/h", "/quit"):
        await phone.hang_up()
    elif word == "/wav":
        await phone.speak(Path(rest.strip()).expanduser().read_bytes())
    elif word.startswith("/"):
        console.print(f"[dim]{HELP}[/dim]")
    elif set(line.replace(" ", "")) <= KEYS:
        await phone.press(line.replace(" ", ""))
    else:
        await phone.say(line)
