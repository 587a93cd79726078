"""Which function performs which verb."""

from collections.abc import Awaitable, Callable
from xml.etree.ElementTree import Element

from simulator.twiml.executor import Execution, Step
from simulator.twiml.verbs.connect import connect, start, stop
from simulator.twiml.verbs.dial import dial
from simulator.twiml.verbs.endings import hangup, leave, redirect, reject
from simulator.twiml.verbs.enqueue import enqueue
from simulator.twiml.verbs.gather import gather
from simulator.twiml.verbs.prompts import perform_prompt
from simulator.twiml.verbs.record import record
from simulator.twiml.verbs.refused import refuse
from simulator.twiml.verbs.sms import sms

Perform = Callable[[Execution, Element], Awaitable[Step | None]]

PERFORM: dict[str, Perform] = {
    "Say": perform_prompt,
    "Play": perform_prompt,
    "Pause": perform_prompt,
    "Gather": gather,
    "Record": record,
    "Dial": dial,
    "Enqueue": enqueue,
    "Redirect": redirect,
    "Hangup": hangup,
    "Reject": reject,
    "Leave": leave,
    "Sms": sms,
    "Connect": connect,
    "Start": start,
    "Stop": stop,
    "Refer": refuse,
    "Pay": refuse,
    "Prompt": refuse,
    "Echo": refuse,
    "Queue": refuse,
}
