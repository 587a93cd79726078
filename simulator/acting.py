"""What somebody does with an answered phone, following their behaviour."""

from simulator.carrier import Carrier
from simulator.conversation import Conversation
from simulator.legs import HungUp, Leg
from simulator.local_phone import LocalPhone
from simulator.person import Outcome, Person
from simulator.replying import Replier
from simulator.scenario import parse_steps
from simulator.steps import ScenarioFailedError, play_steps
from simulator.voicemail import take_message


async def act(carrier: Carrier, leg: Leg, person: Person) -> None:
    """Play the person's part until the call ends: greet as a machine, follow a script, answer, or just listen."""
    if person.outcome is Outcome.ATTENDED:
        return
    if person.hang_up_after_s is not None:
        hang_up_in(carrier, leg, person.hang_up_after_s)
    if person.outcome is Outcome.MACHINE:
        await take_message(carrier, leg, person)
    elif person.replies or person.talks_over is not None:
        await Replier(LocalPhone(carrier, leg), person).run()
    elif person.script:
        try:
            await play_steps(Conversation(LocalPhone(carrier, leg)), parse_steps(person.script, "the person's script"))
        except ScenarioFailedError as failure:
            leg.phone.emit("ignored", reason=f"The person's script stopped: {failure}")
    else:
        await _listen(carrier, leg, person)


async def _listen(carrier: Carrier, leg: Leg, person: Person) -> None:
    phone, seen = LocalPhone(carrier, leg), 0
    while not leg.phone.over:
        for event in await leg.phone.events_after(seen, 3600.0):
            seen = event["seq"]
            if event["kind"] in ("gather", "quiet") and person.accept_key is not None and "dtmf" in event["input"]:
                await phone.press(person.accept_key)
            elif event["kind"] == "bridged":
                hang_up_in(carrier, leg, person.talk_s)


def hang_up_in(carrier: Carrier, leg: Leg, seconds: float) -> None:
    """Put this phone down so much later."""
    carrier.clock.call_later(seconds, lambda: leg.interrupt(HungUp(leg.role, "hung up")))
