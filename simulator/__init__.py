"""The telephone network, pretended: a carrier that speaks Twilio from the outside, and phones that call.

It imports no other room, so whoever calls it exercises the real Twilio code. Doors: `python -m simulator carrier`,
`python -m simulator call`, and for tests `SimulatedNetwork`.
"""

from simulator.facade import SimulatedNetwork

__all__ = ["SimulatedNetwork"]
