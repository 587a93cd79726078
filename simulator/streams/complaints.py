"""What the debugger is told of a stream: each code once, as Twilio does."""

from simulator.carrier import Carrier
from simulator.legs import Leg


class Complaints:
    """Those of one stream."""

    def __init__(self, carrier: Carrier, leg: Leg, url: str) -> None:
        self._carrier = carrier
        self._leg = leg
        self._url = url
        self._made: set[int] = set()

    def make(self, code: int, sentence: str) -> None:
        """Complain, unless this stream was complained of in this way before."""
        if code not in self._made:
            self._made.add(code)
            self._carrier.complain(self._leg, code, sentence, request_url=self._url, request_method="GET")
