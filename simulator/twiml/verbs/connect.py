"""Connect, Start and Stop: where media streams begin and end."""

from xml.etree.ElementTree import Element

from simulator.streams.fork import Fork
from simulator.streams.live_stream import LiveStream
from simulator.streams.order import read_order
from simulator.twiml.executor import Execution, Step


async def connect(run: Execution, verb: Element) -> Step | None:
    """`<Connect><Stream>` holds the call here until the app closes its socket."""
    noun = _stream_of(run, verb)
    order = read_order(run, noun, both_ways=True) if noun is not None else None
    if order is None:
        return None
    await LiveStream(run.carrier, run.leg, order).run()
    return run.step(verb, {}) if verb.get("action") else None


async def start(run: Execution, verb: Element) -> Step | None:
    """`<Start><Stream>` copies the call's sound and goes on at once; a name is taken once."""
    noun = _stream_of(run, verb)
    order = read_order(run, noun, both_ways=False) if noun is not None else None
    if order is None:
        return None
    if order.name and _fork_named(run, order.name) is not None:
        run.leg_complains(12200, f"A stream named '{order.name[:40]}' runs already.")
        return None
    Fork(run.carrier, run.leg, order).begin()
    return None


async def stop(run: Execution, verb: Element) -> Step | None:
    """`<Stop><Stream name>` ends what Start began under this name."""
    noun = _stream_of(run, verb)
    if noun is None:
        return None
    fork = _fork_named(run, noun.get("name", ""))
    if fork is None:
        run.leg_complains(12200, f"No stream named '{noun.get('name', '')[:40]}' runs.")
    else:
        fork.stop()
    return None


def _stream_of(run: Execution, verb: Element) -> Element | None:
    for child in verb:
        if child.tag == "Stream":
            return child
    what = ", ".join(child.tag for child in verb) or "nothing"
    run.leg_complains(12200, f"This carrier does Stream in '{verb.tag}', not {what}; the verb is skipped.")
    return None


def _fork_named(run: Execution, name: str) -> Fork | None:
    forks = [ear for ear in run.leg.ears if isinstance(ear, Fork) and ear.is_live]
    return next((fork for fork in forks if fork.order.name == name), None)
