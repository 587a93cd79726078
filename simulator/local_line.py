"""A line into a carrier of the same process."""

from typing import Any

from simulator.actions import CallSpec
from simulator.carrier import Carrier
from simulator.errors import SimulatorError
from simulator.incoming import dial_in
from simulator.local_phone import LocalPhone
from simulator.rest.shapes import message_shape

ANYBODY = "+8613800138000"


class LocalLine:
    """Dials in the carrier's own event loop; `attended` phones hold the virtual clock while their driver thinks."""

    def __init__(self, carrier: Carrier, *, attended: bool = False) -> None:
        self._carrier = carrier
        self._attended = attended

    async def dial(self, call: CallSpec) -> LocalPhone:
        if call.to is None:
            raise SimulatorError("The scenario does not say which number to call.")
        leg = dial_in(
            self._carrier,
            to=call.to,
            from_=call.from_ or ANYBODY,
            language=call.language,
            attended=self._attended,
            forwarded_from=call.forwarded_from,
        )
        return LocalPhone(self._carrier, leg)

    async def messages(self) -> list[dict[str, Any]]:
        return [message_shape(self._carrier, message) for message in self._carrier.messages]
