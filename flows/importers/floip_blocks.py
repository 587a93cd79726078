"""FLOIP blocks as nodes, by type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flows.importers.floip_choices import choose
from flows.importers.floip_job import FloipJob, put
from flows.importers.floip_model import Block
from flows.importers.naming import flow_name


def message(job: FloipJob, block: Block) -> None:
    """Something said; ConsoleIO.Print is the same on a telephone."""
    key = "message" if block.config.get("message") else "prompt"
    onward, _ = job.ways(block)
    put(job, block, "message", prompt=job.texts(block, key, block.config.get(key)), exits={"next": onward})
    job.board.report.take(block.name, block.type, "Is a message.")


def numeric(job: FloipJob, block: Block) -> None:
    """A number, within limits."""
    low, high = (_number(block.config.get(f"validation_{which}imum")) for which in ("min", "max"))
    if low == high == 0:
        low = high = None
        job.board.report.change(block.name, "validation", "Its limits, 0 to 0, are left out as not meant.")
    onward, wrong = job.ways(block)
    put(
        job,
        block,
        "collect",
        kind="number",
        value=job.value(block),
        prompt=job.texts(block, "prompt", block.config.get("prompt")),
        min=low,
        max=high,
        exits={"next": onward, "failed": wrong},
    )
    job.board.report.take(block.name, block.type, "Is a question for a number, by keys or words.")
    if (_number(_channel(block, "ivr").get("max_digits")) or 0) > 0:
        job.board.report.change(block.name, "max_digits", "The hash key ends the number, not its length.")


def open_response(job: FloipJob, block: Block) -> None:
    """On a telephone an open answer is a recording."""
    seconds = _number(_channel(block, "ivr").get("max_duration_seconds"))
    onward, wrong = job.ways(block)
    put(
        job,
        block,
        "record",
        prompt=job.texts(block, "prompt", block.config.get("prompt")),
        value=job.value(block),
        max_length_s=int(max(5, min(seconds, 840))) if seconds else None,
        exits={"next": onward, "empty": wrong or onward},
    )
    job.board.report.take(block.name, block.type, "Is a recording, which the desk transcribes.")


def case(job: FloipJob, block: Block) -> None:
    """Conditions only."""
    onward, _ = job.ways(block, block.uuid)
    if onward == block.uuid:
        job.board.report.take(block.name, block.type, "Is a branch.")
    else:
        job.board.pass_by(block.uuid, onward)
        job.board.report.change(block.name, block.type, "It has no conditions, so every call goes its one way.")


def run_flow(job: FloipJob, block: Block) -> None:
    """Another flow of the container."""
    wanted = str(block.config.get("flow_id") or "")
    name = next((name for uuid, name in job.flow.others if uuid == wanted and name), "")
    if not name:
        job.pass_by(block)
        job.refuse(
            block, "It runs the flow {flow}, which is not in the file; the call goes on without.", flow=wanted or "–"
        )
        return
    onward, wrong = job.ways(block)
    put(job, block, "subflow", flow=flow_name(name), exits={"done": onward, "failed": wrong})
    job.board.report.change(
        block.name, block.type, "It runs the flow {flow}: import that one of the same file too.", flow=flow_name(name)
    )


def output(job: FloipJob, block: Block) -> None:
    """A value of the flow."""
    source = job.expression(block, str(block.config.get("value", "")))
    onward, _ = job.ways(block)
    put(job, block, "set_value", values={job.value(block): source or "null"}, exits={"next": onward})
    job.board.report.take(block.name, block.type, "Sets {name}.", name=job.value(block))


def set_property(job: FloipJob, block: Block) -> None:
    """A property of the contact, which here is a value of the call."""
    found = block.config.get("set_contact_property", block.config)
    pairs = found if isinstance(found, list) else [found]
    values = {}
    for pair in pairs[:50]:
        if isinstance(pair, dict) and isinstance(pair.get("property_key"), str) and pair["property_key"]:
            source = pair.get("property_value")
            built = job.expression(block, source) if isinstance(source, str) and source.strip() else '""'
            values[job.board.names.value(f"contact {pair['property_key']}")] = built or "null"
    if not values:
        job.pass_by(block)
        job.refuse(block, "It sets no property that could be read.")
        return
    onward, _ = job.ways(block)
    put(job, block, "set_value", values=values, exits={"next": onward})
    job.board.report.change(
        block.name,
        block.type,
        "{names} is kept for this call only; the person's record stays as it is.",
        names=", ".join(values),
    )


def log(job: FloipJob, block: Block) -> None:
    """A line in a log that callers do not hear."""
    job.pass_by(block)
    job.board.report.change(block.name, block.type, "Its log line is left out: the call's own record names every step.")


def read_line(job: FloipJob, block: Block) -> None:
    """What is typed at a console is said on a telephone."""
    onward, wrong = job.ways(block)
    names = block.config.get("destination_variables")
    first = names[0] if isinstance(names, list) and names and isinstance(names[0], str) else block.name
    key = "prompt" if block.config.get("prompt") else "format_string"
    put(
        job,
        block,
        "listen",
        prompt=job.texts(block, key, block.config.get(key)),
        value=job.board.names.value(first),
        exits={"next": onward, "failed": wrong},
    )
    job.board.report.change(block.name, block.type, "What was typed is said here and kept as one text.")


def group(job: FloipJob, block: Block) -> None:
    """Groups of contacts are not kept here."""
    job.pass_by(block)
    job.refuse(block, "People are in no groups here; the call goes on without.")


def stranger(job: FloipJob, block: Block) -> None:
    """Blocks of other makers, or for other devices than telephones."""
    job.pass_by(block)
    job.refuse(block, "There is no counterpart for {type} on a telephone; the call goes on past it.", type=block.type)


CONVERTERS: Mapping[str, Callable[[FloipJob, Block], None]] = {
    "Core.Log": log,
    "Core.Case": case,
    "Core.RunFlow": run_flow,
    "Core.Output": output,
    "Core.SetContactProperty": set_property,
    "Core.SetGroupMembership": group,
    "ConsoleIO.Print": message,
    "ConsoleIO.Read": read_line,
    "MobilePrimitives.Message": message,
    "MobilePrimitives.SelectOneResponse": choose,
    "MobilePrimitives.SelectManyResponses": choose,
    "MobilePrimitives.SelectManyResponse": choose,
    "MobilePrimitives.NumericResponse": numeric,
    "MobilePrimitives.OpenResponse": open_response,
}
"""By block type."""


def _channel(block: Block, mode: str) -> Mapping[str, Any]:
    found = block.config.get(mode, block.config.get(mode.upper()))
    return found if isinstance(found, dict) else {}


def _number(value: Any) -> float | None:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e12 else None
