"""Two legs that talk to each other."""

from simulator.legs import Key, Leg, Speech


async def converse(leg: Leg, peer: Leg, *, star_ends: bool = False) -> None:
    """Carry words and keys of `leg` to `peer` until a signal comes, or `*` when that ends it."""
    while True:
        item = await leg.wait()
        if star_ends and item == Key(digit="*"):
            return
        carry(item, peer)


def carry(item: object, peer: Leg) -> None:
    """The other side hears what this side says or presses."""
    if isinstance(item, Speech):
        peer.phone.emit("voice", text=item.text)
    elif isinstance(item, Key):
        peer.phone.emit("voice", digits=item.digit)
