"""Command lines: `python -m simulator carrier …`, `… call NUMBER …` and `… ledger FILE`."""

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from simulator.call_command import run_call
from simulator.carrier_command import run_carrier
from simulator.errors import CarrierUnreachableError, ScenarioError, SimulatorError
from simulator.ledger_command import run_ledger
from simulator.streams.voices import StreamVoice

DEFAULT_CARRIER = "http://127.0.0.1:8081"
EXIT_CODES = """exit codes of call:
  0  the call took place and everything expected came true
  1  an expectation does not hold, or a step could not be done
  2  the command line or the scenario file is wrong
  3  no carrier answers
  4  the call failed (number not in service, busy, application error)
"""


class _Ordered(argparse.Action):
    """Collects --press, --say and --wav in one list, in the order in which they were given."""

    def __call__(self, parser: object, namespace: argparse.Namespace, values: Any, option: str | None = None) -> None:
        steps = list(getattr(namespace, "steps", None) or [])
        name = str(option).lstrip("-")
        steps += [{name: value} for value in (values if isinstance(values, list) else [values])]
        namespace.steps = steps


def make_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = argparse.ArgumentParser(prog="python -m simulator", description="A pretended telephone network.")
    commands = parser.add_subparsers(dest="command", required=True)
    _add_carrier(commands.add_parser("carrier", help="run the carrier"))
    call = commands.add_parser(
        "call", help="call a number", epilog=EXIT_CODES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    _add_call(call)
    _add_ledger(commands.add_parser("ledger", help="count what a carrier has seen"))
    return parser


def _add_carrier(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--account-sid", required=True, help="the one account, AC and 32 hex digits")
    parser.add_argument("--auth-token", required=True, help="its token: signs webhooks, opens the REST interface")
    parser.add_argument("--data-dir", default="var/simulator", help="recordings, numbers and the list of calls")
    parser.add_argument("--clock", choices=("real", "fast", "virtual"), default="real")
    parser.add_argument("--speed", type=float, default=20.0, help="how many times faster --clock fast runs")
    parser.add_argument("--ahead-s", type=int, default=0, metavar="SECONDS", help="let the clock run so far ahead")
    parser.add_argument("--public-url", help="how the app reaches this carrier (default: the address it listens on)")
    parser.add_argument("--numbers", help="YAML list of numbers: phone_number, voice_url, voice_fallback_url, …")
    parser.add_argument("--people", help="YAML list of people: number (pattern), behaviour, …")
    parser.add_argument("--bin", action="append", default=[], metavar="NAME=FILE", help="serve FILE at /bins/NAME.xml")
    parser.add_argument("--calls-per-second", type=float, help="pace REST creates as Twilio does (1 by default there)")
    parser.add_argument(
        "--stream-voice",
        choices=[voice.value for voice in StreamVoice],
        default=StreamVoice.SPEECH.value,
        help="how typed words sound in a live stream: synthesized, or written into the sound for scripted ears",
    )
    parser.add_argument("--line-noise-db", type=float, metavar="DB", help="streams hiss, so far below speech")
    parser.add_argument("--control-token", default="", help="wanted from phones; none by default")
    parser.add_argument("--allow-origin", default="", help="web origin whose pages may use phones directly")


def _add_call(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", nargs="?", help="the number to call; a scenario may name it instead")
    parser.add_argument("--from", dest="caller", help="the caller's number")
    parser.add_argument("--carrier", default=DEFAULT_CARRIER, metavar="URL")
    parser.add_argument("--control-token", default="")
    parser.add_argument("--language", help="zh or en; told to the phone's holder, not to the app")
    parser.add_argument("--script", metavar="FILE.yaml", help="play a scenario")
    parser.add_argument("--app", metavar="URL", help="where the app answers /scenario/calls/{sid}, for expectations")
    for name, what in (("press", "keys"), ("say", "words")):
        parser.add_argument(f"--{name}", action=_Ordered, dest="steps", metavar=name.upper(), help=f"then give {what}")
    wav = "then speak WAV files, each after the next prompt of a live stream, or after a beep"
    parser.add_argument("--wav", action=_Ordered, dest="steps", metavar="FILE", nargs="+", help=wav)
    parser.add_argument("--hangup", action="store_true", help="hang up after the last of these")
    parser.add_argument("--json", action="store_true", help="print conversation, TwiML documents and outcome as JSON")


def _add_ledger(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="a carrier's ledger.jsonl, or its data folder")
    parser.add_argument(
        "--too-soon", type=float, default=0.0, metavar="SECONDS", help="calls again so soon are doubles"
    )
    parser.add_argument("--tries", type=int, help="numbers that rang more often are doubles")
    parser.add_argument(
        "--window", type=float, default=10.0, metavar="SECONDS", help="count creates per so many seconds"
    )
    parser.add_argument("--json", action="store_true", help="print the counts as JSON")


_COMMANDS = {"carrier": run_carrier, "call": run_call, "ledger": run_ledger}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit code."""
    options = make_parser().parse_args(arguments)
    try:
        return _COMMANDS[options.command](options)
    except CarrierUnreachableError as error:
        print(error, file=sys.stderr)
        return 3
    except ScenarioError as error:
        print(error, file=sys.stderr)
        return 2
    except SimulatorError as error:
        print(error, file=sys.stderr)
        return 4 if options.command == "call" else 2
    except KeyboardInterrupt:
        return 130
