"""What a called person does with an answered phone, following their behaviour."""

from simulator.carrier import Carrier
from simulator.conversation import Conversation
from simulator.legs import HungUp, Leg
from simulator.local_phone import LocalPhone
from simulator.people import Outcome, Person
from simulator.scenario import parse_steps
from simulator.steps import ScenarioFailedError, play_steps


async def act(carrier: Carrier, leg: Leg, person: Person) -> None:
    """Play the person's part until the call ends: greet as a machine, follow a script, or just listen."""
    if person.outcome is Outcome.ATTENDED:
        return
    if person.hang_up_after_s is not None:
        _hang_up_in(carrier, leg, person.hang_up_after_s)
    if person.outcome is Outcome.MACHINE:
        await _greet(carrier, leg, person)
    elif person.script:
        try:
            await play_steps(Conversation(LocalPhone(carrier, leg)), parse_steps(person.script, "the person's script"))
        except ScenarioFailedError as failure:
            leg.phone.emit("ignored", reason=f"The person's script stopped: {failure}")
    else:
        await _listen(carrier, leg, person)


async def _greet(carrier: Carrier, leg: Leg, person: Person) -> None:
    leg.phone.emit("greeting", text=person.greeting, duration_s=round(person.greeting_s, 2))
    await carrier.clock.sleep(person.greeting_s)
    if not leg.phone.over:
        leg.phone.emit("machine_beep")


async def _listen(carrier: Carrier, leg: Leg, person: Person) -> None:
    phone, seen = LocalPhone(carrier, leg), 0
    while not leg.phone.over:
        for event in await leg.phone.events_after(seen, 3600.0):
            seen = event["seq"]
            if event["kind"] == "gather" and person.accept_key is not None and "dtmf" in event["input"]:
                await phone.press(person.accept_key)
            elif event["kind"] == "bridged":
                _hang_up_in(carrier, leg, person.talk_s)


def _hang_up_in(carrier: Carrier, leg: Leg, seconds: float) -> None:
    carrier.clock.call_later(seconds, lambda: leg.interrupt(HungUp(leg.role, "hung up")))
