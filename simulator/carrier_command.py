"""`python -m simulator carrier`: listen until stopped."""

import argparse
import asyncio
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from simulator.carrier import Carrier, CarrierSettings
from simulator.clock import Clock, make_clock, new_loop
from simulator.errors import SimulatorError
from simulator.server import CarrierServer, ServerSettings
from simulator.streams.voices import StreamVoice


def run_carrier(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C or SIGTERM; 0 when stopped that way."""
    ahead = datetime.now(UTC) + timedelta(seconds=options.ahead_s) if options.ahead_s else None
    clock = make_clock(options.clock, options.speed, ahead)
    loop = new_loop(clock)
    try:
        loop.run_until_complete(_serve(options, clock))
    finally:
        loop.close()
    return 0


async def _serve(options: argparse.Namespace, clock: Clock) -> None:
    settings = CarrierSettings(
        account_sid=options.account_sid,
        auth_token=options.auth_token,
        data_dir=Path(options.data_dir),
        calls_per_second=options.calls_per_second,
        stream_voice=StreamVoice(options.stream_voice),
        line_noise_db=options.line_noise_db,
    )
    listening = ServerSettings(
        host=options.host,
        port=options.port,
        control_token=options.control_token,
        allow_origin=options.allow_origin,
        bins=_bins(options.bin),
    )
    carrier = Carrier(settings, clock)
    _furnish(carrier, options)
    server = CarrierServer(carrier, listening)
    address = await server.start()
    settings.public_url = options.public_url or address
    _tell(f"Carrier at {address}, clock {options.clock}.")
    for number in carrier.numbers.all():
        _tell(f"  {number.phone_number} → {number.voice_url or '(no voice URL)'}")
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    try:
        await stop.wait()
    finally:
        await server.stop()
        _tell("Carrier stopped.")


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _bins(pairs: list[str]) -> dict[str, Path]:
    bins = {}
    for pair in pairs:
        name, mark, path = pair.partition("=")
        if not mark or not name.replace("-", "").replace("_", "").isalnum():
            raise SimulatorError(f"--bin {pair}: NAME=FILE is wanted, the name of letters and digits.")
        bins[name] = Path(path)
    return bins


def _furnish(carrier: Carrier, options: argparse.Namespace) -> None:
    for row in _rows(options.numbers, "phone_number"):
        try:
            carrier.numbers.add(str(row.pop("phone_number")), carrier.clock.now(), **row)
        except ValueError as error:
            raise SimulatorError(f"{options.numbers}: {error}") from error
    carrier.journal.write_numbers(carrier.numbers)
    for row in _rows(options.people, "number"):
        try:
            carrier.people.set(str(row.pop("number")), row.pop("behaviour", None), **row)
        except ValueError as error:
            raise SimulatorError(f"{options.people}: {error}") from error


def _rows(file: str | None, key: str) -> list[dict[str, Any]]:
    """The mappings of a YAML list, each of which must have `key`."""
    if file is None:
        return []
    try:
        rows = yaml.safe_load(Path(file).read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise SimulatorError(f"{file} cannot be read: {error}") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) and key in row for row in rows):
        raise SimulatorError(f"{file} must be a list of mappings, each with '{key}' (in quotes, because of the +).")
    return rows
