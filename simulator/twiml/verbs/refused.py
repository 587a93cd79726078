"""Verbs that this carrier does not have: it says so and goes on with the next verb."""

from xml.etree.ElementTree import Element

from simulator.twiml.executor import Execution, Step


async def refuse(run: Execution, verb: Element) -> Step | None:
    """Complain once, where the phone's holder and the debugger both see it."""
    run.leg_complains(12200, f"This carrier does not do '{verb.tag}'; the verb is skipped.")
    return None
