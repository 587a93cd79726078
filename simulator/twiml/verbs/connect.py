"""Connect and Start: the one place where media streams will begin."""

from xml.etree.ElementTree import Element

from simulator.twiml.executor import Execution, Step
from simulator.twiml.verbs.refused import refuse


async def connect(run: Execution, verb: Element) -> Step | None:
    """`<Connect><Stream>` would hold the call here until the app closes its socket; this carrier has no streams."""
    return await refuse(run, verb)


async def start(run: Execution, verb: Element) -> Step | None:
    """`<Start><Stream>` would fork the sound and go on at once; this carrier has no streams."""
    return await refuse(run, verb)
