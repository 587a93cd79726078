"""An answering machine: its greeting, its beep, and what it has on tape afterwards."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from simulator.carrier import Carrier
from simulator.legs import HungUp, Leg
from simulator.person import Person
from simulator.phones import Event
from simulator.telling import audible

ROUNDING_S = 0.02
"""Events tell lengths in hundredths of a second."""
_PROMPTS = frozenset({"say", "play"})


@dataclass(frozen=True, kw_only=True)
class Voicemail:
    """What one call left on a machine: `text` is all that was said after the beep, cut where the beep came late."""

    call_sid: str
    number: str
    from_: str
    text: str
    at: datetime

    def as_row(self) -> dict[str, Any]:
        """For the control interface."""
        row = asdict(self)
        row["from"] = row.pop("from_")
        return row | {"at": self.at.isoformat()}


async def take_message(carrier: Carrier, leg: Leg, person: Person) -> None:
    """Greet, beep, record until the caller hangs up or the tape is full, and keep what was said."""
    phone = leg.phone
    phone.emit("greeting", text=person.greeting, duration_s=round(person.greeting_s, 2))
    await carrier.clock.sleep(person.greeting_s)
    if phone.over:
        return
    beep = phone.emit("machine_beep")
    full = carrier.clock.call_later(person.records_s, lambda: leg.interrupt(HungUp(leg.role, "tape full")))
    seen = beep["seq"]
    while not phone.over:
        for event in await phone.events_after(seen, 3600.0):
            seen = event["seq"]
    full.cancel()
    text = recorded(phone.events, beep)
    phone.emit("voicemail", text=text)
    carrier.voicemails.append(
        Voicemail(call_sid=leg.call.sid, number=leg.call.to, from_=leg.call.from_, text=text, at=carrier.clock.now())
    )


def recorded(events: Sequence[Event], beep: Event) -> str:
    """What a tape that began at `beep` holds: prompts from then on, and the rest of one that was being spoken."""
    end_t = next((event["t"] for event in events if event["kind"] == "hangup"), float("inf"))
    pieces = []
    for event in events:
        if event["kind"] not in _PROMPTS:
            continue
        text, begun_t = audible(event), event["t"]
        lasts_s = float(event.get("duration_s") or 0.0) or 0.001
        first = int(len(text) * min(1.0, max(0.0, (beep["t"] - begun_t) / lasts_s)))
        last = int(len(text) * min(1.0, max(0.0, (end_t - begun_t + ROUNDING_S) / lasts_s)))
        if last > first:
            pieces.append(text[first:last])
    return " ".join(pieces)
