"""`make call`: a telephone in the terminal, connected to the demo that runs."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from demo.settings import SERVICE_NUMBER
from simulator.cli import main as simulator


def main(arguments: list[str]) -> int:
    """Call a number, the courier hotline unless one is named; see `python -m simulator call --help`."""
    place = Path(os.environ.get("DATA_DIR", "var")) / "running.json"
    if not place.exists():
        sys.stderr.write("The demo does not run. Start it with make demo, then call from another terminal.\n")
        return 3
    running = json.loads(place.read_text())
    names_number = bool(arguments) and arguments[0].startswith("+")
    scripted = "--script" in arguments
    number = [] if names_number or scripted else [SERVICE_NUMBER]
    where = ["--carrier", running["carrier_url"], f"--control-token={running['control_token']}"]
    return simulator(["call", *number, *arguments, *where, "--app", running["web_url"]])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
