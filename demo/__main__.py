"""`make demo`: the whole desk under one foreground process."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from rich.console import Console

from demo import settings
from demo.processes import Family, ServiceFailedError, services
from demo.settings import DemoSettings

console = Console(highlight=False)


def main() -> int:
    """Set up, start, call once, stay; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m demo")
    parser.add_argument("--once", action="store_true", help="stop after the scripted call")
    parser.add_argument("--script", type=Path, help="scenario that the demo's caller plays instead of the complaint")
    parser.add_argument("--data-dir", type=Path, default=Path(os.environ.get("DATA_DIR", "var")))
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, _stop)
    try:
        return _run(options.data_dir.resolve(), options.script, once=options.once)
    except KeyboardInterrupt:
        console.print("\nStopped.")
        return 0
    except ServiceFailedError as error:
        console.print(f"[red]{error}[/red]", markup=True)
        return 1


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _run(data_dir: Path, script: Path | None, *, once: bool) -> int:
    found, sentences = settings.load_settings(data_dir)
    for sentence in sentences:
        console.print(f"[yellow]{sentence}[/yellow]")
    os.environ.update(found.environment())
    family = Family(found.environment(), data_dir / "log")
    try:
        _start(found, family)
        _welcome(found)
        code = _scripted_call(found, script)
        if once:
            return code
        console.print("\nRunning. [bold]Ctrl-C[/bold] stops everything.")
        while True:
            family.check()
            time.sleep(1)
    finally:
        with console.status("Stopping"):
            family.stop()


def _scripted_call(found: DemoSettings, script: Path | None) -> int:
    """The exit code of the demo's own call. Imported here, while the desk is up already."""
    from demo.caller import SCRIPT, place_scripted_call

    return place_scripted_call(found, console, script or SCRIPT)


def _start(found: DemoSettings, family: Family) -> None:
    found.write_numbers()
    if not found.is_prepared:
        _prepare(found)
    with console.status("Starting web app, worker, media server and carrier"):
        for service in services(found):
            family.start(service)
        family.wait_ready()
    settings.where_it_runs(found)


def _prepare(found: DemoSettings) -> None:
    """Database, organisation, prompts. Imported here: a later start does without the whole house in this process."""
    from demo.preparing import prepare

    prepare(found, console)


def _welcome(found: DemoSettings) -> None:
    console.rule("Ringback")
    console.print(f"Console   [bold]{found.web_url}[/bold]")
    for email, role in settings.LOGINS:
        console.print(f"  {role:6}  {email}   password  {settings.PASSWORD}")
    console.print(
        f"Number    [bold]{settings.SERVICE_NUMBER}[/bold]   on the Phone page, or in another terminal: make call"
    )
    console.print(f"Live      [bold]{settings.LIVE_NUMBER}[/bold]   the same line, heard by our own recognisers")
    if found.clock_shift_s:
        console.print("Clock     runs ahead, so that it is day where people are called")
    console.print(
        f"List      demo/lists/parcels.csv to import into a campaign; {settings.TEST_NUMBER} answers test calls"
    )
    console.print(f"Logs      {found.data_dir.name}/log\n")


if __name__ == "__main__":
    sys.exit(main())
